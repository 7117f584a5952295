/**
 * What the demo looks like: chapters, lines of one card each, facts, verdicts; 80 columns, coloured
 * on a terminal and plain elsewhere.
 */

import { painter } from "../terminal/style.js";
import type { Paint } from "../terminal/style.js";

export const WIDTH = 80;
const INDENT = 5;
/** Leaves room for a SHA-256. */
const NAMES = 11;

type Format = Parameters<Paint>[0];

export class Stage {
  readonly paint: Paint;
  #chapters = 0;
  /** Told each chapter's title. */
  onChapter: ((text: string) => void) | undefined;
  readonly #stream: NodeJS.WriteStream;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
    this.paint = painter(stream);
  }

  raw(text = ""): void {
    this.#stream.write(`${text}\n`);
  }
  title(text: string): void {
    this.raw();
    this.raw(`  ${this.paint("bold", text)}`);
    this.raw();
  }
  chapter(text: string): void {
    this.onChapter?.(text);
    const head = ` ${String(++this.#chapters).padStart(2)}  ${text} `;
    const rule = "─".repeat(Math.max(0, WIDTH - head.length));
    this.raw();
    this.raw(`${this.paint("bold", head)}${this.paint("dim", rule)}`);
  }
  /** A paragraph, wrapped. */
  prose(text: string, format: Format = "dim"): void {
    for (const line of wrap(text, WIDTH - INDENT)) {
      this.raw(`${" ".repeat(INDENT)}${this.paint(format, line)}`);
    }
  }
  /** What one card does. */
  card(letter: string, text: string): void {
    const [first = "", ...rest] = wrap(text, WIDTH - INDENT);
    this.raw(`  ${this.badge(letter)}  ${first}`);
    this.#indented(rest);
  }
  /** A message on its way through the relay. */
  message(from: string, to: string, name: string, size: number): void {
    const text = `── ${name}, ${size} bytes `.padEnd(28, "─");
    const way = this.paint("dim", `${text}── relay ──▶`);
    this.raw(`${" ".repeat(INDENT)}${this.badge(from)} ${way} ${this.badge(to)}`);
  }
  fact(name: string, value: string, format: Format = "dim"): void {
    this.raw(`${" ".repeat(INDENT)}${name.padEnd(NAMES)}${this.paint(format, value)}`);
  }
  /** Checked just now, by this program. */
  verified(text: string): void {
    const [first = "", ...rest] = wrap(text, WIDTH - INDENT);
    this.raw(`   ${this.paint("green", "✓")} ${first}`);
    this.#indented(rest);
  }
  /** A card said no, as it should. */
  refused(letter: string, word: string, says: string): void {
    const head = `   ✗ ${letter} refuses: ${word}, `;
    const [first = "", ...rest] = wrap(says, WIDTH - head.length);
    const shown = `${this.badge(letter)} refuses: ${this.paint("bold", word)}, ${first}`;
    this.raw(`   ${this.paint("red", "✗")} ${shown}`);
    this.#indented(rest);
  }
  badge(letter: string): string {
    const colours: Record<string, Format> = { A: "cyan", B: "yellow", C: "magenta" };
    return this.paint(["bold", ...[colours[letter] ?? "white"].flat()] as Format, letter);
  }

  #indented(lines: readonly string[]): void {
    for (const line of lines) this.raw(`${" ".repeat(INDENT)}${line}`);
  }
}

/** Breaks at spaces; a word that is longer than a line stays whole. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line ? `${line} ${word}` : word;
  }
  return [...lines, line];
}

/** Hexadecimal that fits, with its length when it is cut. */
export function shortHex(bytes: Uint8Array, most = 20): string {
  const hex = Buffer.from(bytes.subarray(0, most)).toString("hex");
  return bytes.length > most ? `${hex}… (${bytes.length} bytes)` : hex;
}
