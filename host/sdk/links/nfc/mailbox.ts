/**
 * A Transport over the mailbox of an NFC tag, docs/protocol.md 9, NFC. Browser-safe.
 *
 * One loop for each APDU: read the status page, unless an answer has just come; when it names our
 * request take its answer or wait, otherwise write the request. Silence means that the card computes or the field is gone: the same
 * loop goes on when the tag is heard again, in this tap or the next, and ends with its wait. A page
 * whose acknowledgement was lost is written again; a request that arrived damaged, all of it.
 *
 * Limits: a tag whose id changed is another card, or one that started anew: the link is lost then.
 */

import { concat, equal, uint16, uint32 } from "../../crypto/bytes.js";
import { MAILBOX } from "../../wire/generated.js";
import { now } from "../clock.js";
import { crc32 } from "../line/crc32.js";
import { LinkError } from "../link.js";
import type { LinkObserver, TransmitOptions, Transport } from "../link.js";
import { Loss } from "../loss.js";
import { state, statusOf, type Status } from "./status.js";
import { pieces, readBytes, ReaderWord, TagRefusal, writePiece } from "./tag.js";
import type { Piece, Tag } from "./tag.js";
import { Turns } from "../time/turns.js";
import { pause } from "../time/waits.js";

export interface MailboxOptions {
  name?: string;
  observers?: readonly LinkObserver[];
  /** End of the wait for one answer, silence and a next tap included. */
  timeoutMs?: number;
  /** End of the wait for a tag that answers. */
  connectMs?: number;
  signal?: AbortSignal;
  /** Told that the card is at work, and for how long it thinks. */
  onBusy?: (milliseconds: number) => void;
  /** Time, for tests. */
  clock?: MailboxClock;
}
export interface MailboxClock {
  now(): number;
  sleep(milliseconds: number): Promise<void>;
}

/** An APDU on its way. */
interface Request {
  readonly seq: number;
  readonly crc: number;
  /** What is still to be written. */
  pieces: Piece[];
  readonly all: readonly Piece[];
  /** The tag has acknowledged the "go". */
  accepted: boolean;
  /** When that was, until its wait begins. */
  goneAt: number | undefined;
  damaged: number;
}

const DEFAULTS = { timeoutMs: 30_000, connectMs: 10_000 };
const POLL_MS = 40;
/** So long the page still says what it said: the card gives nobody an answer sooner. */
const FRESH_MS = MAILBOX.START_MS;
/** First byte of the capability container of any Type 2 Tag that holds NDEF. */
const CC_MAGIC = 0xe1;
/** So many looks must agree that a tag is another's, or another than before. */
const LOOKS = 3;
/** So often is a request written again, or an answer read again, that was damaged on its way. */
const REPAIRS = 3;
const REAL: MailboxClock = { now, sleep: (ms) => pause(ms) };

export class MailboxTransport implements Transport {
  readonly extended = false;
  readonly inTurn = true;
  readonly name: string;
  readonly #tag: Tag;
  readonly #options: MailboxOptions;
  readonly #clock: MailboxClock;
  readonly #loss = new Loss();
  #identity = new Uint8Array(0);
  /** The tag was silent since its id was last read. */
  #strange = true;
  /** What the page said when nobody was at work, and when that was. */
  #last: { readonly status: Status; readonly at: number } | undefined;
  /** Looks in a row that showed what this card does not have there. */
  #odd = 0;
  readonly #turns = new Turns();

  private constructor(tag: Tag, options: MailboxOptions) {
    this.#tag = tag;
    this.#options = options;
    this.name = options.name ?? "nfc";
    this.#clock = options.clock ?? REAL;
  }

  /** Waits for a tag that answers; throws LinkError when it is no Kincard's. */
  static async connect(tag: Tag, options: MailboxOptions = {}): Promise<MailboxTransport> {
    const link = new MailboxTransport(tag, options);
    const { connectMs = DEFAULTS.connectMs, signal } = options;
    try {
      link.#keep(await link.#loop(connectMs, signal, "open", () => link.#status()));
      return link;
    } catch (error) {
      await link.close();
      throw error;
    }
  }

  transmit(apdu: Uint8Array, options: TransmitOptions = {}): Promise<Uint8Array> {
    if (apdu.length < 4) throw new RangeError("a command APDU has at least four bytes");
    if (apdu.length > MAILBOX.REQUEST_MOST) throw new RangeError("the APDU is no short one");
    return this.#turns.take(async () => {
      const answer = await this.#exchange(apdu, options);
      for (const observer of this.#options.observers ?? []) observer.apdu?.(apdu, answer);
      return answer;
    });
  }

  onDisconnect(listener: (reason: LinkError) => void): () => void {
    return this.#loss.onDisconnect(listener);
  }

  async close(): Promise<void> {
    this.#fail(new LinkError("link/closed", { link: this.name }));
    await this.#tag.close?.();
  }

  async #exchange(apdu: Uint8Array, options: TransmitOptions): Promise<Uint8Array> {
    const { signal = this.#options.signal, timeoutMs = this.#options.timeoutMs } = options;
    let request: Request | undefined;
    return this.#loop(timeoutMs ?? DEFAULTS.timeoutMs, signal, "timeout", async () => {
      const status = this.#lately() ?? (await this.#status());
      if (!request && status.state === state("BUSY")) return this.#busy(status.busyMs);
      // Next to the page's, whoever wrote that: what is there can't pass for this one's answer.
      request ??= this.#request(apdu, status);
      return this.#step(request, status);
    });
  }

  #keep(status: Status): void {
    if (status.state !== state("BUSY")) this.#last = { status, at: this.#clock.now() };
  }
  /** What the page says, where it was read a moment ago: once, and not after silence. */
  #lately(): Status | undefined {
    const last = this.#last;
    this.#last = undefined;
    if (!last || this.#strange || this.#clock.now() - last.at >= FRESH_MS) return undefined;
    return last.status;
  }

  #request(apdu: Uint8Array, status: Status): Request {
    const seq = (status.seq + 1) & 255;
    const body = concat(Uint8Array.of(seq), apdu);
    const crc = crc32(body);
    const padding = new Uint8Array((4 - (apdu.length & 3)) & 3);
    const head = concat(uint32(crc), Uint8Array.of(0), uint16(apdu.length));
    const memory = concat(head, body, padding);
    const all = pieces(this.#tag, MAILBOX.HEAD_PAGE, memory);
    // The card clears what it executed. Where somebody left half a request, the CRC tells.
    const blank = status.state === state("ANSWER") || status.state === state("EMPTY");
    const first = pieces(this.#tag, MAILBOX.HEAD_PAGE, memory, blank);
    return { seq, crc, all, pieces: first, accepted: false, goneAt: undefined, damaged: 0 };
  }

  /** What follows from one look at the tag. The answer, or undefined to look again. */
  async #step(request: Request, status: Status): Promise<Uint8Array | undefined> {
    if (status.seq !== request.seq || status.requestCrc !== request.crc) {
      if (request.accepted) throw this.#restarted();
      if (status.state === state("BUSY")) return this.#busy(status.busyMs);
      return this.#write(request);
    }
    request.accepted = true;
    switch (status.state) {
      case state("BUSY"):
        return this.#busy(status.busyMs, request);
      case state("ANSWER"):
        return this.#answer(request, status);
      case state("BAD"):
        if (request.damaged++ === REPAIRS)
          throw new LinkError("link/never-whole", { link: this.name, message: "request" });
        request.accepted = false;
        request.pieces = [...request.all];
        return this.#write(request);
      case state("REFUSED"):
        throw this.#fail(new LinkError("link/held-elsewhere", { link: this.name }));
      default:
        throw this.#restarted();
    }
  }

  async #write(request: Request): Promise<undefined> {
    // A damaged request names itself in the status page until the next "go".
    for (let piece = request.pieces[0]; piece; piece = request.pieces[0]) {
      this.#wire("out", piece.data);
      await writePiece(this.#tag, piece);
      request.pieces.shift();
    }
    // The status page names it from now on; if it does not, it was never taken.
    request.pieces = [...request.all];
    request.accepted = true;
    request.goneAt = this.#clock.now();
    return undefined;
  }

  async #answer(request: Request, status: Status): Promise<Uint8Array | undefined> {
    const answer = await readBytes(this.#tag, MAILBOX.ANSWER_PAGE, Math.min(status.length, 258));
    this.#wire("in", answer);
    const whole = crc32(concat(Uint8Array.of(request.seq), answer)) === status.answerCrc;
    if (whole && answer.length >= 2) {
      this.#keep(status);
      return answer;
    }
    if (request.damaged++ === REPAIRS)
      throw new LinkError("link/never-whole", { link: this.name, message: "answer" });
    return undefined;
  }

  /** Until the work should be done: counted from the go, where that was this link's. */
  async #busy(milliseconds: number, request?: Request): Promise<undefined> {
    this.#options.onBusy?.(milliseconds);
    const now = this.#clock.now();
    const from = request?.goneAt ?? now;
    if (request) request.goneAt = undefined;
    await this.#clock.sleep(Math.max(0, from + MAILBOX.START_MS + milliseconds - now));
    return undefined;
  }

  /** Reads the status page, after silence the tag's id first. */
  async #status(): Promise<Status> {
    if (this.#strange) {
      const id = (await this.#tag.read(0)).slice(0, 16);
      if (id[4 * MAILBOX.CC_PAGE] !== CC_MAGIC) throw this.#doubt(() => this.#foreign());
      if (this.#identity.length === 0) this.#identity = id;
      else if (!equal(id, this.#identity)) throw this.#doubt(() => this.#restarted());
      this.#strange = false;
    }
    const page = await this.#tag.read(MAILBOX.STATUS_PAGE);
    this.#wire("in", page);
    const status = statusOf(page);
    if (!status) throw this.#doubt(() => this.#foreign());
    this.#odd = 0;
    return status;
  }

  /** Takes steps until one has a result, the wait ends, or the link is lost. */
  async #loop<T>(
    waitMs: number,
    signal: AbortSignal | undefined,
    failure: "open" | "timeout",
    step: () => Promise<T | undefined>,
  ): Promise<T> {
    const end = this.#clock.now() + waitMs;
    let heard = false;
    let detail: string | undefined;
    for (;;) {
      if (this.#loss.reason) throw this.#loss.reason;
      if (signal?.aborted) throw new LinkError("link/aborted", { link: this.name });
      let refused = false;
      try {
        const result = await step();
        if (result !== undefined) return result;
        heard = true;
        detail = undefined;
      } catch (error) {
        if (error instanceof LinkError) throw error;
        refused = error instanceof TagRefusal;
        // A tag that has no such page is none of ours.
        if (refused && failure === "open") throw this.#foreign();
        if (!refused) this.#strange = true;
        detail = error instanceof ReaderWord ? error.message : undefined;
        await this.#clock.sleep(POLL_MS);
      }
      if (this.#clock.now() < end) continue;
      // Its id was read, and nothing where the mailbox should be.
      if (failure === "open" && this.#identity.length) throw this.#foreign();
      const facts = { link: this.name, seconds: waitMs / 1000, detail };
      if (failure === "open") throw new LinkError("link/no-tag", facts);
      const still = heard || refused ? undefined : true;
      throw new LinkError("link/no-answer", { ...facts, still });
    }
  }

  #wire(direction: "out" | "in", bytes: Uint8Array): void {
    for (const observer of this.#options.observers ?? []) observer.wire?.(direction, bytes);
  }
  /**
   * A card that was busy may answer the frame that selects it again with what it had for the one
   * before: a single look proves nothing.
   */
  #doubt(reason: () => LinkError): Error {
    return ++this.#odd < LOOKS ? new Error("not what lies there: looked at again") : reason();
  }
  #foreign(): LinkError {
    return this.#fail(new LinkError("link/foreign-tag", { link: this.name }));
  }
  #restarted(): LinkError {
    return this.#fail(new LinkError("link/card-restarted", { link: this.name }));
  }
  #fail(reason: LinkError): LinkError {
    return this.#loss.because(reason);
  }
}
