/** Numbers that depend on nothing but their seed (mulberry32), for choices of the engine. */
export class Rng {
  #state: number;
  constructor(seed: string) {
    this.#state = 0x9e3779b9;
    for (const char of seed) this.#state = Math.imul(this.#state ^ char.charCodeAt(0), 0x85ebca6b);
  }
  /** 32 bits. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  }
  below(n: number): number {
    return this.next() % n;
  }
  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }
}
