/**
 * Lines that hold a good frame's bytes and are no standard base64 of them (docs/protocol.md 9): a
 * card is silent. And the longest that it takes.
 */
import { concat, fromHex } from "../../../sdk/crypto/bytes.js";
import { encodeFrame } from "../../../sdk/links/line/line.js";
import { LIMITS } from "../../../sdk/wire/generated.js";

export interface LineCase {
  readonly what: string;
  /** 8-bit characters before LF. */
  readonly line: string;
  readonly good: boolean;
}

const STATUS = fromHex("80100000");
/** STATUS with so many bytes behind it; seq below those of the checks' own frames. */
function line(seq: number, more: number): string {
  const frame = encodeFrame({ seq, apdu: concat(STATUS, new Uint8Array(more)) });
  return new TextDecoder().decode(frame).trimEnd();
}
const [WHOLE, TWO, ONE] = [line(1, 0), line(2, 1), line(3, 2)];
const LONGEST = line(4, LIMITS.FRAME - 9);
const within = (text: string): string => WHOLE.slice(0, 5) + text + WHOLE.slice(5);
/** The digit before the padding, a bit of it set that no byte takes. */
const leftOver = (text: string): string =>
  text.replace(/[AQgw](?==)/, (digit) => String.fromCharCode(digit.charCodeAt(0) + 1));

const GOOD: readonly [string, string][] = [
  ["no padding", WHOLE],
  ["two characters of padding", TWO],
  ["one character of padding", ONE],
  ["CR before LF", `${WHOLE}\r`],
  ["the longest line", LONGEST],
];
const BAD: readonly [string, string][] = [
  ["a space inside", within(" ")],
  ["a tab inside", within("\t")],
  ["a CR inside", within("\r")],
  ["a space before", ` ${WHOLE}`],
  ["a tab behind", `${WHOLE}\t`],
  ["two CRs", `${WHOLE}\r\r`],
  ["padding missing", TWO.replace(/=/g, "")],
  ["half of it missing", TWO.slice(0, -1)],
  ["too much of it", `${ONE}=`],
  ["padding behind a whole frame", `${WHOLE}====`],
  ["bits left over before two characters of padding", leftOver(TWO)],
  ["a line too long", `${LONGEST}\r`],
];
export const LINES: readonly LineCase[] = [
  ...BAD.map(([what, text]) => ({ what, line: text, good: false })),
  ...GOOD.map(([what, text]) => ({ what, line: text, good: true })),
];
