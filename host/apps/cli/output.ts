/**
 * Where words go: results to stdout, everything else (steps, warnings, questions) to stderr.
 * With --json stdout holds one line of JSON and nothing else.
 */

import { painter } from "../terminal/style.js";
import type { Paint } from "../terminal/style.js";

/** What a command found out: for programs, and for people. */
export interface Result {
  readonly json: object;
  readonly text: readonly string[];
}

/** `progress` (0..1) may be called while the work goes on. */
export type Work<T> = (progress: (done: number) => void) => Promise<T>;

export interface StepOptions {
  /** How long the card should be held still, about; said in advance from half a second on. */
  readonly holdMs?: number;
  /** What to say when it is done (default: the same text). */
  readonly done?: string;
}

const TICK_MS = 100;
const SLOW_MS = 500;
const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

export class Output {
  readonly paint: Paint;
  /** Rewriting a line makes sense only on a terminal. */
  readonly #live = process.stderr.isTTY === true;
  #line: string | undefined;

  constructor(readonly json: boolean) {
    this.paint = painter(process.stderr);
  }

  result({ json, text }: Result): void {
    const body = this.json ? JSON.stringify(json) : text.join("\n");
    if (body) process.stdout.write(`${body}\n`);
  }

  say(text: string): void {
    this.#clear();
    process.stderr.write(`${text}\n`);
  }
  warn(text: string): void {
    this.say(`${this.paint(["yellow", "bold"], "Warning:")} ${text}`);
  }

  /** Tells of one piece of work: what it is, how long it takes, and when it is done. */
  async step<T>(text: string, work: Work<T>, { holdMs = 0, done }: StepOptions = {}): Promise<T> {
    this.begin(text, holdMs);
    const start = Date.now();
    let part = "";
    const timer = setInterval(() => {
      const about = holdMs >= SLOW_MS ? ` of about ${seconds(holdMs)}, keep it still` : "";
      this.show(text, `${part}${seconds(Date.now() - start)}${about}`);
    }, TICK_MS);
    try {
      const result = await work((value) => (part = `${Math.round(100 * value)} %, `));
      this.finish(done ?? text, Date.now() - start);
      return result;
    } finally {
      clearInterval(timer);
      this.#clear();
    }
  }

  /** For work that is told in two events. */
  begin(text: string, holdMs = 0): void {
    const hold = holdMs >= SLOW_MS ? `keep it still for about ${seconds(holdMs)}` : "";
    if (this.#live) this.show(text, hold);
    else if (hold) process.stderr.write(`  ... ${text} (${hold})\n`);
  }
  finish(text: string, ms: number): void {
    const took = ms >= SLOW_MS ? this.paint("dim", ` (${seconds(ms)})`) : "";
    this.say(`  ${this.paint("green", "✓")} ${text}${took}`);
  }
  /** Rewrites the last line, where that is possible; it must not wrap. */
  show(text: string, tail = ""): void {
    if (!this.#live) return;
    const room = (process.stderr.columns || 80) - 6 - tail.length;
    const cut = text.length > room ? `${text.slice(0, Math.max(0, room - 1))}…` : text;
    this.#clear();
    this.#line = cut;
    process.stderr.write(`  ${this.paint("cyan", "…")} ${cut} ${this.paint("dim", tail)}`);
  }
  #clear(): void {
    if (this.#line !== undefined) process.stderr.write("\r\x1b[2K");
    this.#line = undefined;
  }
}
