/**
 * A simulated NFC reader on a virtual board: frames of a Type 2 Tag, with their timing, in the
 * board's own virtual time.
 *
 * An answer must begin within 4.83 ms (65536 / 13.56 MHz). When it does is what the interpreter's
 * bench counted for that kind of frame (`npm run bench:nfc`), at 64 MHz and 1.3 cycles an
 * instruction. While the card executes a request it hears one frame more, answers it too late, and
 * no other.
 *
 * Limits: no anticollision, no bit errors; how long a command takes is the card's own estimate.
 */

import type { MailboxClock } from "../../sdk/links/nfc/mailbox.js";
import type { Tag } from "../../sdk/links/nfc/tag.js";
import { MAILBOX, MAILBOX_STATUS, TAG } from "../../sdk/wire/generated.js";
import type { NfcCoil } from "./coil.js";
import { Silence, tagOver, type Family } from "./tag.js";

export type FrameKind = "READ" | "FAST_READ" | "WRITE" | "LONG_WRITE" | "NAK";
/** What frames cost the card. */
export interface FrameCosts {
  /** Instructions up to nfcSend. */
  readonly frames: Readonly<Record<FrameKind, number>>;
  /** Instructions after it. */
  readonly rest: { readonly GO: number };
}
/** 64 MHz, 1.3 cycles an instruction. */
const PER_MS = 64_000 / 1.3;
export const DELAY_MOST_MS = 65536 / 13_560;
/** 106 kbit/s: eight bits and parity a byte, two bytes of CRC, start and end of frame. */
const airMs = (bytes: number): number => ((bytes + 2) * 9 + 4) / 106;

/** A virtual board, as far as a reader needs one. */
export interface Tapped {
  readonly nfc: NfcCoil;
  /** Seconds of its own time, and how many more until it is quiet. */
  advance(seconds: number, settle: number): void;
}

export interface ReaderOptions {
  readonly costs: FrameCosts;
  /** How much slower the interpreter is than measured. */
  readonly slow?: number;
  /** Called before each frame, numbered from 1: takes the field away, looks, counts. */
  readonly onFrame?: (count: number, frame: Uint8Array, reader: Reader) => void;
  /** The reader's own time for one exchange (USB, driver). */
  readonly overheadMs?: number;
}

export class Reader {
  frames = 0;
  /** Frames that got no answer, and those that got it too late. */
  silences = 0;
  late = 0;
  private nowMs = 0;
  private freeAt = 0;
  private work: { from: number; to: number; heard: boolean } | undefined;

  constructor(
    readonly board: Tapped,
    readonly options: ReaderOptions,
  ) {}

  readonly clock: MailboxClock = {
    now: () => this.nowMs,
    sleep: (milliseconds) => {
      this.advance(milliseconds);
      return new Promise((resolve) => setImmediate(resolve));
    },
  };

  field(on: boolean): void {
    this.board.nfc.field(on);
  }
  advance(milliseconds: number): void {
    this.nowMs += milliseconds;
    this.board.advance(milliseconds / 1000, 0);
  }

  /** A frame without CRC: bytes that came back, a 4-bit answer, or Silence. */
  exchange(frame: Uint8Array): Uint8Array | number {
    this.frames++;
    this.options.onFrame?.(this.frames, frame, this);
    this.advance((this.options.overheadMs ?? 0) + airMs(frame.length));
    const { work } = this;
    if (work && this.nowMs >= work.to) this.work = undefined;
    else if (work && this.nowMs >= work.from) {
      // Heard when the work is done; what it says then comes too late.
      if (!work.heard) this.board.nfc.frame(frame);
      work.heard = true;
      throw this.silence();
    }
    const answer = this.board.nfc.frame(frame);
    if (answer.kind === "nothing") throw this.silence();
    const took = Math.max(0, this.freeAt - this.nowMs) + this.cost(frame, answer.kind === "ack");
    if (answer.kind === "ack" && answer.value === TAG.ACK) this.accepted(frame);
    if (took > DELAY_MOST_MS) {
      this.late++;
      throw this.silence();
    }
    this.advance(took + airMs(answer.kind === "ack" ? 0 : answer.bytes.length));
    return answer.kind === "ack" ? answer.value : answer.bytes;
  }

  private silence(): Silence {
    this.silences++;
    this.advance(DELAY_MOST_MS);
    return new Silence();
  }

  private cost(frame: Uint8Array, ack: boolean): number {
    const { costs, slow = 1 } = this.options;
    const { frames } = costs;
    const written = frame.length > 6 ? frames.LONG_WRITE : frames.WRITE;
    const read = frame[0] === TAG.READ ? frames.READ : frames.FAST_READ;
    const instructions = !ack ? read : frame[0] === TAG.WRITE ? written : frames.NAK;
    return (instructions * slow) / PER_MS;
  }

  /** A write was taken: if it was the "go", the work follows. */
  private accepted(frame: Uint8Array): void {
    const page = frame[1] as number;
    const end = page + (frame.length - 2) / 4;
    if (page > MAILBOX.GO_PAGE || end <= MAILBOX.GO_PAGE) return;
    const { costs, slow = 1 } = this.options;
    this.freeAt = this.nowMs + (costs.rest.GO * slow) / PER_MS;
    const memory = this.board.nfc.frame(Uint8Array.of(TAG.READ, MAILBOX.STATUS_PAGE));
    if (memory.kind !== "answer") throw new Error("the status page can't be read behind a go");
    const busy = MAILBOX.BUSY_MS * (memory.bytes[MAILBOX_STATUS.BUSY] ?? 0);
    const from = this.nowMs + MAILBOX.START_MS;
    this.work = { from, to: from + busy, heard: false };
  }
}

/** A tag on a simulated reader. */
export function tagOn(reader: Reader, family: Family): Tag {
  return tagOver((frame) => {
    const answer = reader.exchange(frame);
    return typeof answer === "number"
      ? { kind: "ack", value: answer }
      : { kind: "answer", bytes: answer };
  }, family);
}
