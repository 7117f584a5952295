/**
 * Frames (docs/protocol.md section 9): on a wire one is one base64 line, over the air it comes whole
 * (radio.ts). Made of what the interpreter does natively, since a line of JavaScript that touches
 * one byte costs 0.4-0.8 ms.
 */
import { At } from "../wire/layout.js";
import {
  big,
  bytes,
  crc,
  decodeLine,
  encodeLine,
  putBig,
  putFrame,
  rawFrame,
  type Port,
} from "../board/board.js";
import { execute, forgetParts } from "../card/dispatch.js";
import { endSession } from "../card/session.js";
import { Limit } from "../wire/generated.js";
import { Claim, claim } from "./owner.js";

const enum Line {
  /** What is kept of a line that is too long: enough to know it by. */
  KEPT = Limit.LINE + 1,
}

/** Where the last frame came from, and the answer goes to. */
let port: Port;
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
  const text = this.take ? this.take(came as object) : (came as string);
  if (!text) return;
  const claimed = claim(this);
  if (claimed === Claim.REFUSED) return;
  if (claimed === Claim.CHANGED) pending = lastAnswer = "";
  // eslint-disable-next-line @typescript-eslint/no-this-alias -- kept for the answer, not as a scope
  port = this;
  // Looked for in what is new: a whole line costs the board half a million instructions.
  let end = this.take ? text.length : text.indexOf("\n");
  if (end >= 0) end += pending.length;
  pending += text;
  while (end >= 0) {
    const length = end > Limit.LINE ? 0 : frame(pending.substr(0, end));
    pending = pending.substr(end + 1);
    if (length > 1) lastAnswer = answer(execute(At.APDU, length - 1));
    else if (length) answer(0);
    end = pending.indexOf("\n");
  }
  if (pending.length > Limit.LINE) pending = pending.substr(pending.length - Line.KEPT);
}

/**
 * Brings a line, or a raw frame, into FRAME. Its length without the CRC: 1 for a sync; 0 if there is nothing to do,
 * for it is no good frame (the host repeats it) or a repeated one (answered here).
 */
function frame(line: string): number {
  const length =
    (port.take
      ? putFrame(line, At.FRAME, Limit.FRAME)
      : decodeLine(line.endsWith("\r") ? line.slice(0, -1) : line, At.FRAME)) - 4;
  if (length < 1) return 0;
  const sum = crc(At.FRAME, length) | 0;
  if (sum !== big(At.FRAME + length)) return 0;
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
  putBig(At.TX + length, crc(At.TX_SEQ, length + 1));
  const line = port.take ? rawFrame(At.TX_SEQ, length + 5) : encodeLine(At.TX_SEQ, length + 5);
  port.write(line);
  return line;
}
