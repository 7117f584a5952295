/**
 * A Transport over a byte link, docs/protocol.md 9: sync at connect, stop-and-wait, the same frame
 * again when no answer comes, and an end to every wait. Browser-safe.
 *
 * A line that is sent again starts with an LF, so that what is left of a lost half line can't
 * spoil it. Answers with another seq are late ones and are dropped; the first seq is random, so
 * an answer from before the sync can't pass for a new one.
 */

import { randomBytes } from "../../crypto/random.js";
import { concat, equal } from "../../crypto/bytes.js";
import {
  APDU_MOST,
  decodeFrame,
  decodeRaw,
  encodeFrame,
  encodeRaw,
  LineSplitter,
  type Frame,
} from "./line.js";
import { MACHINE } from "../time/link-clock.js";
import { LinkError } from "../link.js";
import type { Duplex, LinkObserver, TransmitOptions, Transport } from "../link.js";
import { Loss } from "../loss.js";
import { Turns } from "../time/turns.js";
import { within } from "../time/waits.js";

export interface LineOptions {
  name?: string;
  observers?: readonly LinkObserver[];
  /** First wait before a line is sent again; each further one is half as long again. */
  resendMs?: number;
  /** End of the wait for one answer. */
  timeoutMs?: number;
  /** End of the wait for the sync's answer: a board may still be booting. */
  connectMs?: number;
  signal?: AbortSignal;
}

const LF = Uint8Array.of(10);
const EMPTY = new Uint8Array(0);
const DEFAULTS = { resendMs: 2000, timeoutMs: 30_000, connectMs: 10_000, syncMs: 700 };

interface Pending {
  seq: number;
  empty: boolean;
  /** What was sent. */
  apdu: Uint8Array;
  resolve: (apdu: Uint8Array) => void;
  reject: (error: Error) => void;
}

export class LineTransport implements Transport {
  readonly extended = true;
  readonly name: string;
  readonly #duplex: Duplex;
  readonly #options: LineOptions;
  readonly #observers: readonly LinkObserver[];
  readonly #loss = new Loss();
  readonly #splitter = new LineSplitter();
  #seq = randomBytes(1)[0] as number;
  #pending: Pending | undefined;
  /** Why the other side is about to hang up, in its own words. */
  #farewell: string | undefined;
  readonly #turns = new Turns();

  private constructor(duplex: Duplex, options: LineOptions) {
    this.#duplex = duplex;
    this.#options = options;
    this.name = options.name ?? "link";
    this.#observers = options.observers ?? [];
    duplex.onData((bytes) => this.#receive(bytes));
    duplex.onClose((error) => {
      const detail = this.#farewell ?? error?.message;
      this.#fail(new LinkError("link/hung-up", { link: this.name, detail }, { cause: error }));
    });
  }

  /** Takes over the duplex and exchanges the sync frame. On failure the duplex is closed. */
  static async connect(duplex: Duplex, options: LineOptions = {}): Promise<LineTransport> {
    const transport = new LineTransport(duplex, options);
    const timeoutMs = options.connectMs ?? DEFAULTS.connectMs;
    const resendMs = Math.min(options.resendMs ?? DEFAULTS.syncMs, DEFAULTS.syncMs);
    try {
      await transport.#exchange(EMPTY, resendMs, { timeoutMs, signal: options.signal });
    } catch (error) {
      await transport.close();
      const silent = error instanceof LinkError && error.failure === "timeout";
      if (!silent) throw error;
      const facts = { link: transport.name, seconds: timeoutMs / 1000 };
      throw new LinkError("link/silent", facts, { cause: error });
    }
    return transport;
  }

  async transmit(apdu: Uint8Array, options: TransmitOptions = {}): Promise<Uint8Array> {
    if (apdu.length < 4) throw new RangeError("a command APDU has at least four bytes");
    if (apdu.length > APDU_MOST) throw new RangeError("the APDU does not fit a line");
    return this.#turns.take(async () => {
      const resendMs = this.#options.resendMs ?? this.#duplex.resendMs ?? DEFAULTS.resendMs;
      const answer = await this.#exchange(apdu, resendMs, options);
      for (const observer of this.#observers) observer.apdu?.(apdu, answer);
      return answer;
    });
  }

  onDisconnect(listener: (reason: LinkError) => void): () => void {
    return this.#loss.onDisconnect(listener);
  }

  async close(): Promise<void> {
    this.#fail(new LinkError("link/closed", { link: this.name }));
    await this.#duplex.close();
  }

  #fail(reason: LinkError): LinkError {
    this.#pending?.reject(this.#loss.reason ?? reason);
    return this.#loss.because(reason);
  }

  #receive(bytes: Uint8Array): void {
    for (const observer of this.#observers) observer.wire?.("in", bytes);
    if (this.#duplex.frames) {
      this.#heard(decodeRaw(bytes));
      return;
    }
    for (const line of this.#splitter.push(bytes)) {
      const frame = decodeFrame(line);
      // What a virtual board tells a second client (host/emulator/board/listen.ts).
      if (!frame && /^busy: [ -~]{1,80}$/.test(line)) this.#farewell = line;
      this.#heard(frame);
    }
  }
  #heard(frame: Frame | undefined): void {
    const pending = this.#pending;
    if (!frame || !pending || frame.seq !== pending.seq) return;
    // Of a sync it is the answer; of a command it is what a terminal does.
    if (!pending.empty && equal(frame.apdu, pending.apdu))
      return pending.reject(new LinkError("link/echo", { link: this.name }));
    // An answer is a status word at least; only the sync's is empty.
    if (pending.empty ? frame.apdu.length === 0 : frame.apdu.length >= 2)
      pending.resolve(frame.apdu);
  }

  /** Sends until the answer comes; every way out clears the timer and the pending entry. */
  async #exchange(
    apdu: Uint8Array,
    resendMs: number,
    { signal, timeoutMs = this.#options.timeoutMs ?? DEFAULTS.timeoutMs }: TransmitOptions,
  ): Promise<Uint8Array> {
    if (this.#loss.reason) throw this.#loss.reason;
    const stopped = () => new LinkError("link/aborted", { link: this.name });
    if (signal?.aborted) throw stopped();
    this.#seq = (this.#seq + 1) & 255;
    const { frames } = this.#duplex;
    const frame = (frames ? encodeRaw : encodeFrame)({ seq: this.#seq, apdu });
    const sync = apdu.length === 0;
    const facts = { link: this.name, seconds: timeoutMs / 1000 };
    const clock = this.#duplex.clock ?? MACHINE;
    let cancel: (() => void) | undefined;
    const answer = new Promise<Uint8Array>((resolve, reject) => {
      this.#pending = { seq: this.#seq, empty: sync, apdu, resolve, reject };
      const end = clock.now() + timeoutMs;
      const send = (again: boolean, wait: number) => {
        // What stands in the card's input before a sync, or after a lost half, ends here.
        const cleared = !frames && (again || sync);
        this.#write(cleared ? concat(LF, frame) : frame).catch(reject);
        cancel = clock.after(Math.max(1, Math.min(wait, end - clock.now())), () => {
          if (clock.now() < end) send(true, wait * 1.5);
          else reject(new LinkError("link/no-answer", facts));
        });
      };
      send(false, resendMs);
    });
    try {
      return await within(answer, { signal, stopped });
    } finally {
      cancel?.();
      this.#pending = undefined;
    }
  }

  async #write(bytes: Uint8Array): Promise<void> {
    for (const observer of this.#observers) observer.wire?.("out", bytes);
    try {
      await this.#duplex.write(bytes);
    } catch (error) {
      const detail = (error as Error).message;
      throw this.#fail(new LinkError("link/write", { link: this.name, detail }, { cause: error }));
    }
  }
}
