/** The lights of a drawn board, as its host says. Real boards have theirs on themselves. */

/** Of one board: which lamps are lit. */
export class Lights {
  #lit = "000";
  readonly #listeners = new Set<(lit: string) => void>();

  /** Red, green, blue: "100" is red alone. */
  get lit(): string {
    return this.#lit;
  }
  set(lit: string): void {
    this.#lit = lit;
    for (const listener of this.#listeners) listener(lit);
  }
  onChange(listener: (lit: string) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}
