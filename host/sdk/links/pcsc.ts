/**
 * Cards on PC/SC readers: ISO 7816 cards, and boards as NFC tags (pcsc-tag.ts); through the `smartcard` package, which is loaded when the first
 * reader is opened and need not be installed. Node only.
 *
 * Short APDUs only: readers differ in what else they take. The card is held for this program alone,
 * and reset when the link closes, so that no channel outlives it. Limits: a removed card is noticed
 * at the next command; a command that a driver never answers can't be called back; closing waits
 * for the reader on this thread, so no card that lives in this very process can be reached.
 */

import type { PcscCard, PcscContext, PcscPackage, PcscReader } from "./pcsc-package.js";
import { letGo, loadPcsc, sleep } from "./pcsc-package.js";
import { isStorageCard, openTag } from "./pcsc-tag.js";
import { LinkError } from "./link.js";
import type { LinkObserver, TransmitOptions, Transport } from "./link.js";
import { Loss } from "./loss.js";
import type { MailboxClock } from "./mailbox.js";

export interface PcscOptions {
  name?: string;
  observers?: readonly LinkObserver[];
  /** End of the wait for one answer. */
  timeoutMs?: number;
  /** End of the wait for a card on the reader. */
  connectMs?: number;
  signal?: AbortSignal;
  /** For tests. */
  load?: () => Promise<PcscPackage>;
  clock?: MailboxClock;
}

const DEFAULTS = { timeoutMs: 30_000, connectMs: 10_000 };
const POLL_MS = 100;
/** Header, Lc, 255 bytes, Le. */
const SHORT_MOST = 4 + 1 + 255 + 1;

/** Any part of the reader's name will do, if only one reader's has it. */
export async function openPcsc(reader: string, options: PcscOptions = {}): Promise<Transport> {
  const name = options.name ?? `pcsc:${reader}`;
  const pcsc = await (options.load ?? loadPcsc)();
  const context = openContext(pcsc, name);
  try {
    const card = await waitForCard(pcsc, context, reader, { ...options, name });
    if (!(await isStorageCard(card))) return new PcscTransport(name, options, pcsc, context, card);
    const again = () => connectNow(pcsc, findReader(listReaders(context, name), reader, name));
    return await openTag({ pcsc, context, card, again }, { ...options, name });
  } catch (error) {
    if (context.isValid) context.close();
    throw error;
  }
}

function openContext(pcsc: PcscPackage, name: string): PcscContext {
  try {
    return new pcsc.Context();
  } catch (error) {
    const why = /service/i.test(textOf(error)) ? NO_SERVICE : textOf(error);
    throw new LinkError("open", `${name}: ${why}`, { cause: error });
  }
}
const NO_SERVICE = "the PC/SC service does not run (on Debian: install and start pcscd)";

/** Readers are polled: nothing is left pending when the wait is called off. */
async function waitForCard(
  pcsc: PcscPackage,
  context: PcscContext,
  wanted: string,
  { name, signal, connectMs = DEFAULTS.connectMs }: PcscOptions & { name: string },
): Promise<PcscCard> {
  const end = Date.now() + connectMs;
  for (let why = "no card is on it"; ; await sleep(POLL_MS)) {
    if (signal?.aborted) throw new LinkError("aborted", `${name}: stopped on request`);
    const reader = findReader(listReaders(context, name), wanted, name);
    try {
      const card = await connectNow(pcsc, reader);
      if (card) return card;
    } catch (error) {
      // The card may be moving, or another program about to let go of it.
      why = /sharing/i.test(textOf(error)) ? "another program uses its card" : textOf(error);
    }
    if (Date.now() >= end) {
      const text = `${name}: ${why} (waited ${connectMs / 1000} s at ${reader.name})`;
      throw new LinkError("open", text);
    }
  }
}

/** The card that is on the reader at this moment, if one is. */
async function connectNow(pcsc: PcscPackage, reader: PcscReader): Promise<PcscCard | undefined> {
  if (!(reader.state & pcsc.SCARD_STATE_PRESENT)) return undefined;
  const protocols = pcsc.SCARD_PROTOCOL_T0 | pcsc.SCARD_PROTOCOL_T1;
  return reader.connect(pcsc.SCARD_SHARE_EXCLUSIVE, protocols);
}

function listReaders(context: PcscContext, name: string): PcscReader[] {
  try {
    return context.listReaders();
  } catch (error) {
    throw new LinkError("open", `${name}: ${textOf(error)}`, { cause: error });
  }
}

function findReader(readers: readonly PcscReader[], wanted: string, name: string): PcscReader {
  const exact = readers.filter((reader) => reader.name === wanted);
  const part = wanted.toLowerCase();
  const partly = readers.filter((reader) => reader.name.toLowerCase().includes(part));
  const found = exact.length ? exact : partly;
  const [first] = found;
  if (first && found.length === 1) return first;
  const list = (first ? found : readers).map((reader) => `"${reader.name}"`).join(", ");
  const why = first
    ? `more than one reader is called so: ${list}`
    : `no such reader; ${list ? `there is ${list}` : "none is connected"}`;
  throw new LinkError("open", `${name}: ${why}`);
}

class PcscTransport implements Transport {
  readonly extended = false;
  readonly needsSelect = true;
  private readonly loss = new Loss();
  /** Settles, never rejecting, when the driver is done with the last command. */
  private busy: Promise<unknown> = Promise.resolve();

  constructor(
    readonly name: string,
    private readonly options: PcscOptions,
    private readonly pcsc: PcscPackage,
    private readonly context: PcscContext,
    private readonly card: PcscCard,
  ) {}

  transmit(apdu: Uint8Array, options: TransmitOptions = {}): Promise<Uint8Array> {
    if (apdu.length < 4) throw new RangeError("a command APDU has at least four bytes");
    if (apdu.length > SHORT_MOST) throw new RangeError("the APDU is no short one");
    const answer = this.busy.then(async () => {
      if (this.loss.reason) throw this.loss.reason;
      if (options.signal?.aborted) throw this.aborted();
      return this.send(apdu);
    });
    this.busy = answer.catch(() => undefined);
    return this.bounded(answer, options);
  }

  onDisconnect(listener: (reason: LinkError) => void): () => void {
    return this.loss.onDisconnect(listener);
  }

  async close(): Promise<void> {
    if (!this.context.isValid) return;
    this.fail("the link was closed");
    await letGo(this.pcsc, this.context, this.card, this.busy);
  }

  private async send(apdu: Uint8Array): Promise<Uint8Array> {
    let answer: Uint8Array;
    try {
      answer = Uint8Array.from(await this.card.transmit([...apdu]));
    } catch (error) {
      throw this.fail(textOf(error), error);
    }
    if (answer.length < 2) throw new LinkError("garbled", `${this.name}: no answer of a card`);
    for (const observer of this.options.observers ?? []) {
      observer.wire?.("out", apdu);
      observer.wire?.("in", answer);
      observer.apdu?.(apdu, answer);
    }
    return answer;
  }

  /** The answer, or the end of its wait. */
  private async bounded<T>(
    answer: Promise<T>,
    { signal, timeoutMs = this.options.timeoutMs ?? DEFAULTS.timeoutMs }: TransmitOptions,
  ): Promise<T> {
    const stop = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      const text = `${this.name}: no answer within ${timeoutMs / 1000} s`;
      timer = setTimeout(() => reject(new LinkError("timeout", text)), timeoutMs);
      const abort = () => reject(this.aborted());
      if (signal?.aborted) abort();
      signal?.addEventListener("abort", abort, { once: true, signal: stop.signal });
    });
    try {
      return await Promise.race([answer, late]);
    } finally {
      clearTimeout(timer);
      stop.abort();
    }
  }

  private aborted(): LinkError {
    return new LinkError("aborted", `${this.name}: stopped on request`);
  }

  /** Whatever a driver complains of, the card and what was open on it are gone. */
  private fail(why: string, cause?: unknown): LinkError {
    return this.loss.because(new LinkError("closed", `${this.name}: ${why}`, { cause }));
  }
}

const textOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
