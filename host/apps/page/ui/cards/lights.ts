/**
 * The lights of a drawn board, as its host says. Real boards have theirs on themselves.
 *
 * What the board does is shown in its own time: a flash that comes late, on a busy machine, is as
 * long as it was, and so is the pause behind it. Else somebody could count wrong.
 */
import { now } from "../../../../sdk/links/clock.js";

/** `at`: since when, by the board's time in milliseconds. */
type Listener = (lit: string, at: number) => void;

/** Later than that by the board's time nothing is shown: that time was moved on. */
const MOST_LATE_MS = 1000;

/** Of one board: which lamps are lit. */
export class Lights {
  #lit = "000";
  /** The last change that was told: when on the board, when here. */
  #told: { readonly at: number; readonly due: number } | undefined;
  readonly #coming: [lit: string, at: number][] = [];
  readonly #listeners = new Set<Listener>();

  /** Red, green, blue: "100" is red alone. */
  get lit(): string {
    return this.#lit;
  }
  set(lit: string, at: number): void {
    const time = now();
    const told = this.#told ?? { at, due: time };
    const due = told.due + Math.max(0, at - told.at);
    const kept = Math.max(time, due - time > MOST_LATE_MS ? told.due : due);
    this.#told = { at, due: kept };
    this.#coming.push([lit, at]);
    setTimeout(() => this.#show(...this.#coming.shift()!), kept - time);
  }
  #show(lit: string, at: number): void {
    this.#lit = lit;
    for (const listener of this.#listeners) listener(lit, at);
  }
  onChange(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}
