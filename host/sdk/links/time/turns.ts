/** One piece of work at a time, in the order in which they came. Browser-safe. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** What fails holds up none of the next. */
  take<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(work);
    this.#last = mine.catch(() => undefined);
    return mine;
  }
}
