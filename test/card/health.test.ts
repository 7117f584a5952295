/**
 * Each health test of the card's generator, tripped on a whole card (docs/randomness.md): just
 * below its cut-off the card makes keys, at it the card says RNG_FAILED and makes none. What is
 * drawn beside the fault is good: the fault alone is judged.
 */
import assert from "node:assert/strict";
import { seededRandom, type RandomSource } from "../../host/emulator/entropy.js";
import { FLAGS, STATUS_WORDS as SW } from "../../host/sdk/wire/generated.js";
import {
  PROPORTION_CUTOFF,
  PROPORTION_WINDOW,
  REPETITION_CUTOFF,
} from "../../firmware/kernel/gen/health.js";
import { certified, TestCard } from "../support/world.js";

/** alpha = 2^-20, H = 4 bits a sample. */
const ALPHA = 2 ** -20;
const H = 4;

/** Bytes by a rule for some places, else varied ones that repeat nothing within 256. */
function bytes(rule: (at: number) => number | undefined): RandomSource {
  let at = 0;
  const next = () => rule(at) ?? ((at * 7) & 0xfe) | 1;
  const one = () => {
    const value = next();
    at++;
    return value;
  };
  return { next32: () => one() | (one() << 8) | (one() << 16) | (one() << 24) };
}
function failedAt(random: RandomSource): boolean {
  const card = new TestCard("health", { random });
  const failed = (card.status().flags & FLAGS.RNG_FAILED) !== 0;
  const word = failed ? SW.RANDOM.value : SW.OK.value;
  assert.equal(card.plain("PERSONALISE").sw, word);
  return failed;
}

describe("the health tests' cut-offs (SP 800-90B 4.4)", () => {
  it("repetition count: 1 + ceil(-log2 alpha / H)", () => {
    assert.equal(REPETITION_CUTOFF, 1 + Math.ceil(-Math.log2(ALPHA) / H));
  });
  it("adaptive proportion: 1 + critbinom(W, 2^-H, 1 - alpha)", () => {
    const p = 2 ** -H;
    // The tail of the binomial distribution, from its far end on; logarithms, since it is thin.
    let [log, tail, k] = [PROPORTION_WINDOW * Math.log(p), 0, PROPORTION_WINDOW];
    for (; tail + Math.exp(log) <= ALPHA; k--) {
      tail += Math.exp(log);
      log += Math.log(k / (PROPORTION_WINDOW - k + 1)) + Math.log((1 - p) / p);
    }
    // k is the least number that is not exceeded with probability 1 - alpha.
    assert.equal(PROPORTION_CUTOFF, 1 + k);
  });
});

describe("a card whose generator", () => {
  const runOf = (length: number) =>
    bytes((at) => (at >= 100 && at < 100 + length ? 0xaa : undefined));
  it("says one byte over and over makes no key: repetition count", () => {
    assert.equal(failedAt(runOf(REPETITION_CUTOFF - 1)), false, "below the cut-off");
    assert.equal(failedAt(runOf(REPETITION_CUTOFF)), true, "at the cut-off");
  });

  /**
   * From its `start` on the first byte of a window comes so many times in it, never twice in a row.
   */
  const often = (count: number, start: number) =>
    bytes((at) => {
      const place = at - start;
      return place >= 0 && place < 8 * count && place % 8 === 0 ? 0 : undefined;
    });
  it("prefers one byte makes no key: adaptive proportion", () => {
    // Words for names on the air are drawn before the start-up samples.
    const starts = Array.from({ length: 8 }, (_, word) => 4 * word);
    const start = starts.find((one) => failedAt(often(PROPORTION_CUTOFF, one)));
    assert.ok(start !== undefined, "at the cut-off");
    assert.equal(failedAt(often(PROPORTION_CUTOFF - 1, start)), false, "below the cut-off");
  });

  it("repeats itself makes no key: start-up samples compared with themselves", () => {
    assert.equal(failedAt(bytes((at) => (at * 37) & 0xff)), false, "a cycle of 256 bytes");
    const cycle = seededRandom("64 bytes");
    const words = Array.from({ length: 16 }, () => cycle.next32());
    let at = 0;
    assert.equal(failedAt({ next32: () => words[at++ % 16]! }), true, "a cycle of 64 bytes");
  });

  it("raises an exception makes no key", () => {
    const broken = {
      next32: () => {
        throw new Error("Timeout on Random number");
      },
    };
    assert.equal(failedAt(broken), true);
  });

  it("breaks in use makes no further key, until a boot finds it well again", () => {
    const good = seededRandom("in use");
    let broken = false;
    const card = certified("in use", { random: { next32: () => (broken ? 0 : good.next32()) } });
    broken = true;
    const point = card.certificate.slice(6, 39);
    assert.equal(card.plain("OPEN", point).sw, SW.RANDOM.value);
    broken = false;
    assert.equal(card.plain("OPEN", point).sw, SW.RANDOM.value, "a failure is final");
    assert.ok(card.status().flags & FLAGS.RNG_FAILED);
    card.reboot();
    assert.equal(card.plain("OPEN", point).sw, SW.OK.value);
  });
});
