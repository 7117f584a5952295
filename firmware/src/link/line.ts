/**
 * Frames (docs/protocol.md section 9): on a wire one is one base64 line, over the air it comes whole
 * (radio.ts). The kernel takes them apart and puts them together: a line of JavaScript that touches
 * one byte costs 0.4-0.8 ms.
 */
import { At } from "../wire/layout.js";
import { bytes, frameWithoutKernel, put, text, type Port } from "../board/board.js";
import type { Flag } from "../types.js";
import { execute, forgetParts } from "../card/dispatch.js";
import { randomStart, seeded } from "../card/random.js";
import { endSession } from "../card/session.js";
import { Limit } from "../wire/generated.js";
import { crc, enframe, kernelIsThere, unframe } from "../wire/kernel.js";
import { Claim, claim, owner } from "./owner.js";

/** Without its kernel a card can do nothing but say so: status word KERNEL. */
const NO_KERNEL = "\x6f\x02";

const enum Line {
  /** What is kept of a line that is too long: enough to know it by. */
  KEPT = Limit.LINE + 1,
  /** Longer ones hold a command. */
  SYNC = 9,
}

/** Where the last frame came from, and the answer goes to. */
let port: Port;
/** 1 if what just came in came by a link that carries lines. */
let lines: Flag = 1;
let pending = "";
/** The last frame's CRC and its answer. The CRC covers seq. */
let lastCrc = 0;
let lastAnswer = "";
let seq = 0;

/**
 * Takes what came in on a port, any part of a line or several lines. `this` is the port: the
 * interpreter calls a listener so, and a parameter would cost one more nested call.
 */
export function received(this: Port, came: string | object): void {
  // One more part of a line, from who has the card: a wire brings it in a dozen of them. What the
  // air brings has no length.
  if (this === owner && pending.length + (came as string).length <= Limit.LINE) {
    if ((came as string).indexOf("\n") < 0) {
      pending += came as string;
      return;
    }
  }
  lines = this.take ? 0 : 1;
  const part = lines ? (came as string) : this.take!(came as object);
  if (!part) return;
  const claimed = claim(this);
  if (claimed === Claim.REFUSED) return;
  if (claimed === Claim.CHANGED) pending = lastAnswer = "";
  // eslint-disable-next-line @typescript-eslint/no-this-alias -- kept for the answer, not as a scope
  port = this;
  // A part can be any length: the interpreter makes one of all that comes while it is at work.
  // Lines are cut out of it where it lies; two more copies of it would not fit into memory.
  let from = 0;
  let end = lines ? part.indexOf("\n") : part.length;
  while (end >= 0) {
    const size = pending.length + end - from;
    const line = size <= Limit.LINE ? pending + part.substr(from, end - from) : "";
    pending = "";
    from = end + 1;
    const length = line ? frame(line) : 0;
    if (length > 1) lastAnswer = answer(execute(At.APDU, length - 1));
    else if (length) answer(0);
    end = part.indexOf("\n", from);
  }
  // Of a line that is too long as much as tells that it is.
  if (from < part.length) {
    pending = (pending + part.substr(from, Line.KEPT)).substr(0, Line.KEPT);
  }
}

/**
 * Takes the frame in a line, or a raw one, to FRAME. Its length without the CRC: 1 for a sync; 0 if
 * there is nothing to do, for it is no good frame (the host repeats it) or a repeated one (answered
 * here).
 */
function frame(line: string): number {
  if (!kernelIsThere) {
    port.write(frameWithoutKernel(line, NO_KERNEL, At.FRAME, lines));
    return 0;
  }
  if (!seeded && line.length > Line.SYNC) randomStart();
  put(line, At.FRAME);
  const length = unframe(At.FRAME, line.length, lines);
  if (!length) return 0;
  const sum = crc(At.FRAME, length);
  seq = bytes[At.SEQ];
  if (length > 1 && sum === lastCrc && lastAnswer) {
    port.write(lastAnswer);
    return 0;
  }
  lastCrc = sum;
  if (length === 1) {
    endSession();
    forgetParts();
    lastAnswer = "";
  }
  return length;
}

/** Frames `length` bytes at TX and sends them; returns the line. */
function answer(length: number): string {
  bytes[At.TX_SEQ] = seq;
  const size = enframe(At.FRAME, At.TX_SEQ, length + 1, lines);
  const line = text(lines ? At.FRAME : At.TX_SEQ, size);
  port.write(line);
  return line;
}
