/** Changes of an input: bits, bytes, numbers, blocks, words that the target knows, and splices. */
import type { Rng } from "./rng.js";

const ODD = [0, 1, 2, 15, 16, 31, 32, 33, 63, 64, 65, 127, 128, 254, 255];

function cut(data: Uint8Array, at: number, drop: number, add: Uint8Array): Uint8Array {
  const out = new Uint8Array(data.length - drop + add.length);
  out.set(data.subarray(0, at));
  out.set(add, at);
  out.set(data.subarray(at + drop), at + add.length);
  return out;
}

type Change = (data: Uint8Array, rng: Rng, words: readonly Uint8Array[]) => Uint8Array;
const CHANGES: readonly Change[] = [
  (data, rng) => {
    const out = data.slice();
    const at = rng.below(out.length || 1);
    out[at] = (out[at] ?? 0) ^ (1 << rng.below(8));
    return out;
  },
  (data, rng) => {
    const out = data.slice();
    out[rng.below(out.length || 1)] = rng.below(2) ? rng.pick(ODD) : rng.below(256);
    return out;
  },
  (data, rng) => {
    const out = data.slice();
    const at = rng.below(out.length || 1);
    out[at] = (out[at] ?? 0) + rng.below(9) - 4;
    return out;
  },
  (data, rng) => cut(data, rng.below(data.length + 1), 0, Uint8Array.of(rng.below(256))),
  (data, rng) => {
    const at = rng.below(data.length || 1);
    return cut(data, at, Math.min(data.length - at, 1 + rng.below(8)), new Uint8Array(0));
  },
  (data, rng) => {
    const at = rng.below(data.length || 1);
    const block = data.subarray(at, at + 1 + rng.below(32));
    return cut(data, rng.below(data.length + 1), 0, block);
  },
  (data, rng) => data.slice(0, rng.below(data.length + 1)),
  (data, rng, words) => {
    if (!words.length) return data;
    const at = rng.below(data.length + 1);
    const word = rng.pick(words);
    return cut(data, at, rng.below(2) ? Math.min(word.length, data.length - at) : 0, word);
  },
];

/** One to eight changes of `data`, half the time after a splice with `other`. */
export function mutate(
  data: Uint8Array,
  other: Uint8Array,
  rng: Rng,
  words: readonly Uint8Array[],
  most: number,
): Uint8Array {
  let out = data;
  if (rng.below(4) === 0) {
    const [a, b] = [rng.below(data.length + 1), rng.below(other.length + 1)];
    out = cut(data, a, data.length - a, other.subarray(b));
  }
  for (let n = 1 << rng.below(4); n > 0; n--) out = rng.pick(CHANGES)(out, rng, words);
  return out.slice(0, most);
}
