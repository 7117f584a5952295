/**
 * How long a run has still to go: by what each part took the last time it ran here (`build/test`
 * remembers), by the parts' number where it never did.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";

/** Seconds by name: of a file of tests, of a whole step. */
export type Seconds = Readonly<Record<string, number>>;

export function readSeconds(path: string): Seconds {
  if (!existsSync(path)) return {};
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Seconds;
  } catch {
    return {}; // cut off while it was written: it is only an estimate's
  }
}
export function noteSeconds(path: string, seconds: Seconds): void {
  writeFileSync(path, JSON.stringify({ ...readSeconds(path), ...seconds }));
}

/** "40 s", "3 min". */
export const inWords = (seconds: number): string =>
  seconds < 90 ? `${Math.max(5, Math.ceil(seconds / 5) * 5)} s` : `${Math.round(seconds / 60)} min`;

/** Those that took longest come first: none is begun last that all wait for. */
export const longestFirst = (parts: readonly string[], known: Seconds): string[] =>
  [...parts].sort((a, b) => (known[b] ?? 0) - (known[a] ?? 0));

export class Progress {
  readonly #left: Map<string, number>;
  readonly #all: number;
  readonly #count: number;
  #done = 0;

  constructor(parts: readonly string[], known: Seconds) {
    const told = parts.map((part) => known[part]).filter((one) => one !== undefined);
    const usual = told.length ? told.reduce((a, b) => a + b, 0) / told.length : 1;
    this.#left = new Map(parts.map((part) => [part, known[part] ?? usual]));
    this.#count = parts.length;
    this.#all = this.#sum();
  }
  #sum(): number {
    return [...this.#left.values()].reduce((a, b) => a + b, 0);
  }

  /** `part` has ended, `seconds` after the start: what to say. */
  ended(part: string, seconds: number): string {
    if (this.#left.delete(part)) this.#done++;
    const left = this.#sum();
    const rate = seconds / (this.#all - left || 1);
    return `${this.#done} of ${this.#count} files, about ${inWords(left * rate)} left`;
  }
}
