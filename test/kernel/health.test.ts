/**
 * The health entry: NIST SP 800-90B 4.4.1 and 4.4.2 with cutoffs 6 and 62 of 512, taken to both
 * sides of each, with the state carried over any division into calls.
 */

import assert from "node:assert/strict";
import { Random } from "./random.js";
import { onBoth } from "./subject.js";
import type { Subject } from "./subject.js";

/** Bytes in which no value repeats within 256. */
const varied = (length: number, start = 0): number[] =>
  Array.from({ length }, (_, i) => (start + i * 7) & 255);

interface Outcome {
  readonly results: number[];
  readonly state: Uint8Array;
}

/** Feeds the parts one after another. */
function feed(s: Subject, ...parts: readonly (readonly number[])[]): Outcome {
  s.fresh();
  const state = s.put(new Uint8Array(16));
  const results = parts.map((part) => {
    const samples = s.put(Uint8Array.from(part));
    return s.call("health", [state, samples, part.length], state, 16);
  });
  return { results, state: s.read(state, 16) };
}

/** A window of 512 in which the first value comes `count` times, never 6 in a row. */
function window(count: number): number[] {
  const samples = varied(512).map((x) => ((x === 0 ? 1 : x) & 0xfe) | 1);
  for (let i = 0; i < count; i++) samples[i * 8] = 0;
  return samples;
}

const words = (state: Uint8Array): number[] => {
  const view = new DataView(state.buffer, state.byteOffset);
  return [
    view.getUint32(0, true),
    view.getUint32(4, true),
    view.getUint32(8, true),
    view.getUint32(12, true),
  ];
};

onBoth("health tests (SP 800-90B 4.4)", (s) => {
  it("varied samples pass, any number of them", () => {
    for (const length of [0, 1, 2, 511, 512, 513, 2000]) {
      assert.deepEqual(feed(s, varied(length)).results, [1], `${length} samples`);
    }
  });

  it("repetition: 5 equal samples pass, 6 fail", () => {
    assert.deepEqual(feed(s, [...varied(10), 9, 9, 9, 9, 9, 8]).results, [1]);
    assert.deepEqual(feed(s, [...varied(10), 9, 9, 9, 9, 9, 9, 8]).results, [0]);
  });

  it("repetition: of 0 and of 255, from the very first sample", () => {
    for (const value of [0, 255]) {
      const run = (n: number): number[] => new Array<number>(n).fill(value);
      assert.deepEqual(feed(s, run(5)).results, [1], `5 of ${value}`);
      assert.deepEqual(feed(s, run(6)).results, [0], `6 of ${value}`);
    }
  });

  it("repetition: a run is carried over calls", () => {
    assert.deepEqual(feed(s, [1, 2, 2, 2], [2, 2, 3]).results, [1, 1]);
    assert.deepEqual(feed(s, [1, 2, 2, 2], [2, 2, 2, 3]).results, [1, 0]);
    assert.deepEqual(feed(s, [4], [4], [4], [4], [4], [4]).results, [1, 1, 1, 1, 1, 0]);
  });

  it("proportion: 61 of 512 pass, 62 fail", () => {
    assert.deepEqual(feed(s, window(61)).results, [1]);
    assert.deepEqual(feed(s, window(62)).results, [0]);
  });

  it("proportion: counted over calls, and only within a window", () => {
    const samples = window(62);
    assert.deepEqual(feed(s, samples.slice(0, 300), samples.slice(300)).results, [1, 0]);
    // the same value 61 times in each of two windows: fine
    assert.deepEqual(feed(s, window(61), window(61)).results, [1, 1]);
    // 40 + 40 in 512 samples, but the window starts between them
    const late = [...varied(512, 3).map((x) => x | 1)];
    assert.deepEqual(feed(s, late, window(61), late).results, [1, 1, 1]);
  });

  it("proportion: only the window's first value counts", () => {
    const samples = window(64);
    samples[0] = 2;
    assert.deepEqual(feed(s, samples).results, [1]);
  });

  it("state: last sample + 1, run, first | seen << 16, count", () => {
    assert.deepEqual(words(feed(s, [7, 8, 7, 7]).state), [8, 2, 7 | (4 << 16), 3]);
    assert.deepEqual(words(feed(s, [255]).state), [256, 1, 255 | (1 << 16), 1]);
    assert.deepEqual(words(feed(s, [0]).state), [1, 1, 1 << 16, 1]);
    assert.deepEqual(words(feed(s, []).state), [0, 0, 0, 0]);
    assert.deepEqual(words(feed(s, varied(511)).state).map((x) => x >>> 16)[2], 511);
  });

  it("state is updated by a failing call too", () => {
    assert.deepEqual(words(feed(s, [1, 2, 2, 2, 2, 2, 2, 5]).state), [6, 1, 1 | (8 << 16), 1]);
  });

  it("any division into calls gives the same verdicts and the same state", () => {
    const random = new Random("health");
    const verdicts = new Set<number>();
    for (let round = 0; round < 20; round++) {
      const values = round & 1 ? 256 : 8;
      const samples = [...random.bytes(1500)].map((x) => x % values);
      const cuts = [random.below(1500), random.below(1500)].sort((a, b) => a - b);
      const whole = feed(s, samples);
      const parts = feed(
        s,
        samples.slice(0, cuts[0]),
        samples.slice(cuts[0], cuts[1]),
        samples.slice(cuts[1]),
      );
      assert.deepEqual(words(parts.state), words(whole.state));
      assert.equal(Math.min(...parts.results), whole.results[0]);
      verdicts.add(whole.results[0] as number);
    }
    assert.deepEqual([...verdicts].sort(), [0, 1], "one verdict only: nothing was tested");
  });
});
