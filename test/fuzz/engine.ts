/**
 * The loop: change an input that reached something new, run it, keep it if it reaches something
 * new again, and tell of the first that a target does not stand. Coverage counts as AFL's does:
 * a site's count in eight steps.
 */
import { COUNTERS, SITES } from "./instrument.js";
import { mutate } from "./mutate.js";
import type { Rng } from "./rng.js";
import type { Target } from "./targets/target.js";

export interface Finding {
  readonly target: string;
  readonly input: Uint8Array;
  readonly why: string;
}
type Maps = readonly (Uint8Array | undefined)[];

const STEP = new Uint8Array(256).map((_, count) => {
  const bounds = [1, 2, 3, 4, 8, 16, 32, 128];
  return count ? 1 << bounds.findLastIndex((bound) => count >= bound) : 0;
});
const MINIMISE_TRIES = 200;

export class Fuzzer {
  readonly corpus: Uint8Array[] = [];
  /** Steps of each site that were seen, and how many in all. */
  readonly #seen = new Uint8Array(2 * SITES);
  covered = 0;
  executions = 0;

  constructor(
    readonly target: Target,
    private readonly rng: Rng,
    /** Told of each input before it is run. */
    private readonly about: (input: Uint8Array) => void = () => undefined,
  ) {}

  /** Runs one input; why it is a finding, if it is. */
  async execute(input: Uint8Array): Promise<{ fresh: boolean; why?: string }> {
    this.about(input);
    this.executions++;
    for (const map of this.#maps()) map?.fill(0);
    let why: string | undefined;
    try {
      await this.target.run(input);
    } catch (error) {
      why = error instanceof Error ? (error.stack ?? error.message) : String(error);
    }
    return { fresh: this.#look(this.#maps()), ...(why === undefined ? {} : { why }) };
  }
  #maps(): Maps {
    const own = (globalThis as Record<string, unknown>)[COUNTERS];
    return [own as Uint8Array | undefined, this.target.counters?.()];
  }
  #look(maps: Maps): boolean {
    let fresh = false;
    for (const [index, map] of maps.entries()) {
      if (!map) continue;
      // Most counters are 0: four at a time.
      const words = new Uint32Array(map.buffer, map.byteOffset, SITES >> 2);
      for (let word = 0; word < words.length; word++) {
        if (words[word])
          for (let n = 0; n < 4; n++) fresh = this.#count(index, map, 4 * word + n) || fresh;
      }
    }
    return fresh;
  }

  /** Notes one counter; whether it was never seen at that step. */
  #count(index: number, map: Uint8Array, at: number): boolean {
    const step = STEP[map[at] as number] as number;
    const place = index * SITES + at;
    const seen = this.#seen[place] as number;
    if (!step || seen & step) return false;
    if (!seen) this.covered++;
    this.#seen[place] = seen | step;
    return true;
  }

  /** Takes inputs that are known to stand; all are kept that reach something. */
  async seed(inputs: readonly Uint8Array[]): Promise<Finding | undefined> {
    for (const input of inputs) {
      const { fresh, why } = await this.execute(input);
      if (why !== undefined) return this.#found(input, why);
      if (fresh || !this.corpus.length) this.corpus.push(input);
    }
    return undefined;
  }
  /** One changed input. */
  async step(): Promise<Finding | undefined> {
    const { rng, corpus, target } = this;
    // What was found last leads on most often.
    const recent = rng.below(3) === 0 ? corpus.slice(-8) : corpus;
    const words = target.words ?? [];
    const input = mutate(rng.pick(recent), rng.pick(corpus), rng, words, target.most);
    const { fresh, why } = await this.execute(input);
    if (why !== undefined) return this.#found(input, why);
    if (fresh) corpus.push(input);
    return undefined;
  }

  /** Makes it shorter as long as it fails at the same place. */
  async #found(input: Uint8Array, why: string): Promise<Finding> {
    const place = (text: string) => text.split("\n")[1] ?? text;
    let shortest = input;
    for (let size = input.length >> 1, tries = 0; size > 0; size >>= 1) {
      for (let at = 0; at + size <= shortest.length && tries < MINIMISE_TRIES; tries++) {
        const head = shortest.subarray(0, at);
        const shorter = Uint8Array.from([...head, ...shortest.subarray(at + size)]);
        const again = (await this.execute(shorter)).why;
        if (again !== undefined && place(again) === place(why)) shortest = shorter;
        else at += size;
      }
    }
    return { target: this.target.name, input: shortest, why };
  }
}

/** Of inputs, the few that together reach what all do; short ones first. */
export async function distil(fuzzer: Fuzzer, inputs: readonly Uint8Array[], most: number) {
  const sorted = [...inputs].sort((a, b) => a.length - b.length);
  await fuzzer.seed(sorted);
  return fuzzer.corpus.slice(0, most);
}
