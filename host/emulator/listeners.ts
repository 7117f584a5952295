/**
 * Whoever listens for one kind of thing; a listener may end itself, or others, while it is told.
 */

export class Listeners<T> {
  readonly #all = new Set<(value: T) => void>();

  get size(): number {
    return this.#all.size;
  }
  /** Returns a function that ends it. */
  add(listener: (value: T) => void): () => void {
    this.#all.add(listener);
    return () => void this.#all.delete(listener);
  }
  tell(value: T): void {
    for (const listener of [...this.#all]) listener(value);
  }
}
