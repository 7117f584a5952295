/**
 * What was computed once is not computed again: for suites that bring a card back to the same state
 * thousands of times, where the curve's arithmetic would take nearly all the time.
 */
const MOST = 50_000;

/** A table of answers by a text that holds all that they depend on; the oldest go first. */
export class Remembered<T> {
  private readonly answers = new Map<string, T>();

  get(inputs: readonly Uint8Array[], compute: () => T): T {
    const key = inputs.map((bytes) => Buffer.from(bytes).toString("latin1")).join("|");
    const known = this.answers.get(key);
    if (known !== undefined) return known;
    const answer = compute();
    if (this.answers.size >= MOST) this.answers.delete(this.answers.keys().next().value!);
    this.answers.set(key, answer);
    return answer;
  }
}
