/**
 * Command and answer APDUs, ISO 7816-4 5.1 to 5.3, as docs/protocol.md 3 uses them. Browser-safe.
 *
 * Over a transport that takes extended APDUs, data of more than 255 bytes and commands with a long
 * answer travel with extended Lc. Elsewhere data is chained and answers are paged.
 */

import { concat, uint16 } from "../crypto/bytes.js";
import { LinkError } from "../failures/failure.js";
import type { TransmitOptions, Transport } from "../links/link.js";
import { CLA, INS_GET_RESPONSE } from "../wire/generated.js";
import { OK } from "./words.js";

export interface CommandApdu {
  readonly cla: number;
  readonly ins: number;
  readonly p1: number;
  readonly p2: number;
  readonly data: Uint8Array;
  /** The answer may be longer than 256 bytes. */
  readonly long?: boolean;
}

export interface AnswerApdu {
  readonly data: Uint8Array;
  readonly sw: number;
}

const SHORT_MOST = 255;
/** No answer of a card fills more pages of 256 bytes. */
const PAGES_MOST = 4;

const head = (command: CommandApdu, chain = 0) =>
  Uint8Array.of(command.cla | chain, command.ins, command.p1, command.p2);

/** Short form; `le` appends Le = 00 (256), which some readers want. */
export function encodeShort(command: CommandApdu, le: boolean, chain = 0): Uint8Array {
  const { data } = command;
  if (data.length > SHORT_MOST) throw new RangeError("too much data for a short APDU");
  const lc = data.length ? concat(Uint8Array.of(data.length), data) : data;
  return concat(head(command, chain), lc, new Uint8Array(le ? 1 : 0));
}

/** Extended Lc (00 hi lo), without Le. */
export function encodeExtended(command: CommandApdu): Uint8Array {
  const { data } = command;
  return concat(head(command), Uint8Array.of(0), uint16(data.length), data);
}

export function decodeAnswer(bytes: Uint8Array): AnswerApdu {
  const at = bytes.length - 2;
  if (at < 0) throw new LinkError("link/garbled", {});
  const sw = (bytes[at] as number) * 256 + (bytes[at + 1] as number);
  return { data: bytes.slice(0, at), sw };
}

/** Sends one command, chained if it must be, and collects all of its answer. */
export async function exchange(
  transport: Transport,
  command: CommandApdu,
  options?: TransmitOptions,
): Promise<AnswerApdu> {
  const send = async (apdu: Uint8Array) => decodeAnswer(await transport.transmit(apdu, options));
  const extended = transport.extended && command.data.length > 0;
  if (extended && (command.long || command.data.length > SHORT_MOST)) {
    return send(encodeExtended(command));
  }
  let rest = command.data;
  for (; rest.length > SHORT_MOST; rest = rest.subarray(SHORT_MOST)) {
    const part = { ...command, data: rest.subarray(0, SHORT_MOST) };
    const answer = await send(encodeShort(part, false, CLA.CHAIN));
    if (answer.sw !== OK) return answer;
  }
  let answer = await send(encodeShort({ ...command, data: rest }, !transport.extended));
  const pages = [answer.data];
  for (let page = 0; answer.sw >>> 8 === 0x61; page++) {
    if (page === PAGES_MOST) throw new LinkError("link/endless", {});
    answer = await send(Uint8Array.of(CLA.ISO, INS_GET_RESPONSE, 0, 0, 0));
    pages.push(answer.data);
  }
  return { data: concat(...pages), sw: answer.sw };
}
