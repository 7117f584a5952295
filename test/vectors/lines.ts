/**
 * Lines of the byte link (docs/protocol.md 9), good and bad, for `lines.json`. The bad ones hold
 * bytes that a lenient decoder takes for a good frame; a card is silent for them.
 */
import { frame } from "./messages.js";
import { byte, cat, hex, type Bytes } from "./suite.js";

export interface LineCase {
  readonly comment: string;
  /** 8-bit characters before the LF. */
  readonly line: string;
  readonly good: boolean;
}

const STATUS = byte(0x80, 0x10, 0, 0);
const MOST = 537;
const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** STATUS in a frame of so many bytes; what is behind the header is Lc, or too much for it. */
export function line(seq: number, bytes: number): string {
  return frame(seq, cat(STATUS, new Uint8Array(bytes - 5 - STATUS.length)));
}
/** The digit before the padding with a bit that no byte takes. */
function leftOver(text: string): string {
  const at = text.indexOf("=") - 1;
  return text.slice(0, at) + DIGITS[DIGITS.indexOf(text[at]!) + 1] + text.slice(at + 1);
}
/** A good frame whose bytes give digits in which + and / are. */
function withBoth(): string {
  for (let seq = 0; seq < 256; seq++) {
    const text = frame(seq, cat(STATUS, byte(0)));
    if (text.includes("+") && text.includes("/")) return text;
  }
  throw new Error("no frame has both");
}

function cases(): LineCase[] {
  const [whole, two, one, most, both] = [
    line(1, 9),
    line(2, 10),
    line(3, 11),
    line(4, MOST),
    withBoth(),
  ];
  const within = (text: string) => whole.slice(0, 5) + text + whole.slice(5);
  const good: [string, string][] = [
    ["nine bytes: no padding", whole],
    ["ten bytes: two characters of padding", two],
    ["eleven bytes: one", one],
    ["with + and /", both],
    ["CR before LF", two + "\r"],
    ["716 characters, which carry 537 bytes", most],
  ];
  const bad: [string, string][] = [
    ["nothing", ""],
    ["padding alone", "===="],
    ["a space inside", within(" ")],
    ["a tab inside", within("\t")],
    ["a CR inside", within("\r")],
    ["a non-breaking space inside", within("\xa0")],
    ["a dot inside", within(".")],
    ["a space before", " " + whole],
    ["a space behind", whole + " "],
    ["a tab behind the padding", two + "\t"],
    ["a space before CR", two + " \r"],
    ["two CRs", whole + "\r\r"],
    ["the URL alphabet", both.replaceAll("+", "-").replaceAll("/", "_")],
    ["padding missing", two.slice(0, -2)],
    ["half of it missing", two.slice(0, -1)],
    ["the only character of it missing", one.slice(0, -1)],
    ["one character too many", one + "="],
    ["padding behind a whole frame", whole + "===="],
    ["padding before it", "====" + whole],
    ["padding in the middle", whole.slice(0, 8) + "====" + whole.slice(8)],
    ["bits left over before two characters of padding", leftOver(two)],
    ["bits left over before one", leftOver(one)],
    ["A for padding", two.replaceAll("=", "A")],
    ["a CR that makes 717 characters", most + "\r"],
    ["538 bytes", line(5, MOST + 1)],
    ["the end of a longer line", "A".repeat(192) + most],
    ["a wrong CRC", whole.slice(0, -1) + (whole.endsWith("A") ? "B" : "A")],
    ["four bytes: no seq", Buffer.from([0, 0, 0, 0]).toString("base64")],
  ];
  return [
    ...bad.map(([comment, text]) => ({ comment, line: text, good: false })),
    ...good.map(([comment, text]) => ({ comment, line: text, good: true })),
  ];
}
export const LINES: readonly LineCase[] = cases();

const latin1 = (text: string): Bytes => new Uint8Array(Buffer.from(text, "latin1"));
export function linesFile() {
  return {
    protocol: "kincard/1",
    schema: "lines.schema.json",
    source: "docs/protocol.md",
    seed: "none: every line is STATUS, or nearly",
    numberOfTests: LINES.length,
    tests: LINES.map(({ comment, line: text, good }, i) => ({
      tcId: i + 1,
      comment,
      line: hex(latin1(text)),
      result: good ? "valid" : "invalid",
    })),
  };
}
