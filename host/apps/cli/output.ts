/**
 * Where words go: results to stdout, everything else (steps, warnings, questions) to stderr.
 * With --json stdout holds one line of JSON and nothing else.
 */

import { now } from "../../sdk/links/clock.js";
import { GRACE_MS } from "../../sdk/relay/silence.js";
import { safe, safeJson } from "../terminal/safe.js";
import { isUtf8, painter } from "../terminal/style.js";
import type { Paint } from "../terminal/style.js";
import { columnsOf, cutTo } from "../terminal/width.js";
import { isClosed, watchStreams, writeResult, writeWords } from "./asking/streams.js";

/** What a command found out: for programs, and for people. */
export interface Result {
  /** undefined: it was told already. */
  readonly json: object | undefined;
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

/** In a locale that is not UTF-8 a terminal would show something else. */
const SIGNS = isUtf8() ? { done: "✓", busy: "…" } : { done: "+", busy: "." };
/** After "the card at …". */
export const SILENT =
  "does not answer. If it lost its power or was taken away, bring it back: it goes on by itself. " +
  "Or stop (Ctrl-C), and run the same command later.";
const TICK_MS = 100;
const SLOW_MS = 500;
const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

export class Output {
  readonly paint: Paint;
  /** Rewriting a line makes sense only on a terminal. */
  readonly #live = process.stderr.isTTY === true && process.env.TERM !== "dumb";
  #line: string | undefined;

  constructor(readonly json: boolean) {
    watchStreams();
    this.paint = painter(process.stderr);
  }

  /** False when it could not be written to stdout: it is told on stderr then. */
  async result({ json, text }: Result): Promise<boolean> {
    const line = json === undefined ? "" : safeJson(JSON.stringify(json));
    const body = this.json ? line : safe(text.join("\n"));
    if (!body) return true;
    const failed = await writeResult(`${body}\n`);
    if (failed) {
      const error = this.paint(["red", "bold"], "Error:");
      this.say(`${error} the result can't be written to stdout: ${failed.message}. It is:`);
    }
    if (failed || isClosed()) this.say(body);
    return !failed;
  }

  say(text: string): void {
    this.#clear();
    writeWords(`${safe(text)}\n`);
  }
  warn(text: string): void {
    this.say(`${this.paint(["yellow", "bold"], "Warning:")} ${text}`);
  }

  /** Tells of one piece of work: what it is, how long it takes, and when it is done. */
  async step<T>(text: string, work: Work<T>, { holdMs = 0, done }: StepOptions = {}): Promise<T> {
    this.begin(text, holdMs);
    const start = now();
    let part = "";
    const silence = holdMs > 0 ? this.#silence("The card", holdMs) : undefined;
    const timer = setInterval(() => {
      const past = now() - start;
      // Who waits for a button, or for a card that is gone, is past that.
      const held = holdMs >= SLOW_MS && past < holdMs + GRACE_MS;
      const about = held ? ` of about ${seconds(holdMs)}, keep it still` : "";
      this.show(text, `${part}${seconds(past)}${about}`);
    }, TICK_MS);
    try {
      const result = await work((value) => {
        silence?.heard();
        part = `${Math.round(100 * value)} %, `;
      });
      this.finish(done ?? text, now() - start);
      return result;
    } finally {
      silence?.end();
      clearInterval(timer);
      this.#clear();
    }
  }

  /** Says so when a card's answer is long in coming: its link gives up only much later. */
  async awaited<T>(who: string, ms: number, work: () => Promise<T>): Promise<T> {
    const silence = this.#silence(who, ms);
    try {
      return await work();
    } finally {
      silence.end();
    }
  }
  /** A card that waits for its button answers all the time. */
  heard(): void {
    this.#heard?.();
  }
  #heard: (() => void) | undefined;
  #silence(who: string, ms: number): { heard: () => void; end: () => void } {
    const text = `  ${this.paint("yellow", "!")} ${who} ${SILENT}`;
    const arm = () => setTimeout(() => this.say(text), ms + GRACE_MS);
    let timer = arm();
    const heard = () => {
      clearTimeout(timer);
      timer = arm();
    };
    const end = () => {
      clearTimeout(timer);
      this.#heard = undefined;
    };
    this.#heard = heard;
    return { heard, end };
  }

  /** For work that is told in two events. */
  begin(text: string, holdMs = 0): void {
    const hold = holdMs >= SLOW_MS ? `keep it still for about ${seconds(holdMs)}` : "";
    if (this.#live) this.show(text, hold);
    else if (hold) writeWords(`  ... ${safe(text)} (${hold})\n`);
  }
  finish(text: string, ms: number): void {
    const took = ms >= SLOW_MS ? this.paint("dim", ` (${seconds(ms)})`) : "";
    this.say(`  ${this.paint("green", SIGNS.done)} ${text}${took}`);
  }
  /** Rewrites the last line, where that is possible; it must not wrap. */
  show(text: string, tail = ""): void {
    if (!this.#live) return;
    const room = (process.stderr.columns || 80) - 6 - tail.length;
    const line = safe(text).replaceAll("\n", " ");
    const cut = columnsOf(line) > room ? `${cutTo(line, room - 1)}${SIGNS.busy}` : line;
    this.#clear();
    this.#line = cut;
    writeWords(`  ${this.paint("cyan", SIGNS.busy)} ${cut} ${this.paint("dim", tail)}`);
  }
  #clear(): void {
    if (this.#line !== undefined) writeWords("\r\x1b[2K");
    this.#line = undefined;
  }
}
