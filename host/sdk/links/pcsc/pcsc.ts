/**
 * Cards on PC/SC readers: ISO 7816 cards, and boards as NFC tags (tag.ts); through the
 * `smartcard` package, which is loaded when the first reader is opened and need not be installed.
 * Node only.
 *
 * Short APDUs only: readers differ in what else they take. The card is held for this program alone,
 * and reset when the link closes, so that no channel outlives it. Limits: a removed card is noticed
 * at the next command; a command that a driver never answers can't be called back; closing waits
 * for the reader on this thread, so no card that lives in this very process can be reached.
 */

import type { PcscCard, PcscContext, PcscPackage, PcscReader } from "./package.js";
import { letGo, loadPcsc } from "./package.js";
import { isStorageCard, openTag } from "./tag.js";
import { deadline } from "../clock.js";
import { LinkError } from "../link.js";
import type { LinkObserver, TransmitOptions, Transport } from "../link.js";
import { Loss } from "../loss.js";
import type { MailboxClock } from "../nfc/mailbox.js";
import { pause, within } from "../time/waits.js";

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

/** The readers of this machine, and whether something lies on each. */
export async function listPcscReaders(
  load = loadPcsc,
): Promise<{ readonly name: string; readonly card: boolean }[]> {
  const pcsc = await load();
  const context = openContext(pcsc, "pcsc");
  try {
    const readers = listReaders(context, "pcsc");
    return readers.map(({ name, state }) => ({
      name,
      card: (state & pcsc.SCARD_STATE_PRESENT) !== 0,
    }));
  } finally {
    context.close();
  }
}

function openContext(pcsc: PcscPackage, name: string): PcscContext {
  try {
    return new pcsc.Context();
  } catch (cause) {
    const detail = textOf(cause);
    if (/service/i.test(detail))
      throw new LinkError("link/no-reader-service", { link: name }, { cause });
    throw new LinkError("link/open", { link: name, detail }, { cause });
  }
}

/** Readers are polled: nothing is left pending when the wait is called off. */
async function waitForCard(
  pcsc: PcscPackage,
  context: PcscContext,
  wanted: string,
  { name, signal, connectMs = DEFAULTS.connectMs }: PcscOptions & { name: string },
): Promise<PcscCard> {
  const over = deadline(connectMs);
  for (let problem: unknown; ; await pause(POLL_MS, signal)) {
    if (signal?.aborted) throw new LinkError("link/aborted", { link: name });
    const reader = findReader(listReaders(context, name), wanted, name);
    try {
      const card = await connectNow(pcsc, reader);
      if (card) return card;
    } catch (error) {
      // The card may be moving, or another program about to let go of it.
      problem = error;
    }
    if (!over()) continue;
    const at = { link: name, reader: reader.name, seconds: connectMs / 1000 };
    if (problem === undefined) throw new LinkError("link/no-card", at);
    if (/sharing/i.test(textOf(problem))) throw new LinkError("link/card-in-use", at);
    throw new LinkError("link/reader", { ...at, detail: textOf(problem) });
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
  } catch (cause) {
    throw new LinkError("link/open", { link: name, detail: textOf(cause) }, { cause });
  }
}

function findReader(readers: readonly PcscReader[], wanted: string, name: string): PcscReader {
  const exact = readers.filter((reader) => reader.name === wanted);
  const part = wanted.toLowerCase();
  const partly = readers.filter((reader) => reader.name.toLowerCase().includes(part));
  const found = exact.length ? exact : partly;
  const [first] = found;
  if (first && found.length === 1) return first;
  const names = (first ? found : readers).map((reader) => reader.name);
  const code = first ? "link/many-readers" : "link/no-reader";
  throw new LinkError(code, { link: name, readers: names });
}

class PcscTransport implements Transport {
  readonly extended = false;
  readonly needsSelect = true;
  readonly inTurn = true;
  readonly #options: PcscOptions;
  readonly #pcsc: PcscPackage;
  readonly #context: PcscContext;
  readonly #card: PcscCard;
  readonly #loss = new Loss();
  /** Settles, never rejecting, when the driver is done with the last command. */
  #busy: Promise<unknown> = Promise.resolve();

  constructor(
    readonly name: string,
    options: PcscOptions,
    pcsc: PcscPackage,
    context: PcscContext,
    card: PcscCard,
  ) {
    this.#options = options;
    this.#pcsc = pcsc;
    this.#context = context;
    this.#card = card;
  }

  transmit(apdu: Uint8Array, options: TransmitOptions = {}): Promise<Uint8Array> {
    if (apdu.length < 4) throw new RangeError("a command APDU has at least four bytes");
    if (apdu.length > SHORT_MOST) throw new RangeError("the APDU is no short one");
    const answer = this.#busy.then(async () => {
      if (this.#loss.reason) throw this.#loss.reason;
      if (options.signal?.aborted) throw this.#aborted();
      return this.#send(apdu);
    });
    this.#busy = answer.catch(() => undefined);
    return this.#bounded(answer, options);
  }

  onDisconnect(listener: (reason: LinkError) => void): () => void {
    return this.#loss.onDisconnect(listener);
  }

  async close(): Promise<void> {
    if (!this.#context.isValid) return;
    this.#loss.because(new LinkError("link/closed", { link: this.name }));
    await letGo(this.#pcsc, this.#context, this.#card, this.#busy);
  }

  async #send(apdu: Uint8Array): Promise<Uint8Array> {
    let answer: Uint8Array;
    try {
      answer = Uint8Array.from(await this.#card.transmit([...apdu]));
    } catch (error) {
      // Whatever a driver complains of, the card and what was open on it are gone.
      const gone = { link: this.name, detail: textOf(error) };
      throw this.#loss.because(new LinkError("link/card-gone", gone, { cause: error }));
    }
    if (answer.length < 2) throw new LinkError("link/garbled", { link: this.name });
    for (const observer of this.#options.observers ?? []) {
      observer.wire?.("out", apdu);
      observer.wire?.("in", answer);
      observer.apdu?.(apdu, answer);
    }
    return answer;
  }

  /** The answer, or the end of its wait. */
  #bounded<T>(
    answer: Promise<T>,
    { signal, timeoutMs: ms = this.#options.timeoutMs ?? DEFAULTS.timeoutMs }: TransmitOptions,
  ): Promise<T> {
    const late = () => new LinkError("link/no-answer", { link: this.name, seconds: ms / 1000 });
    return within(answer, { ms, late, signal, stopped: () => this.#aborted() });
  }

  #aborted(): LinkError {
    return new LinkError("link/aborted", { link: this.name });
  }
}

const textOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
