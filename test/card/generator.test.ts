/**
 * A poor generator: one that only repeats itself passes the health tests of SP 800-90B,
 * and two cards with the same poor generator must still not share a key.
 */
import assert from "node:assert/strict";
import type { RandomSource } from "../../host/emulator/entropy.js";
import { seededRandom } from "../../host/emulator/entropy.js";
import { FLAGS, STATUS_WORDS as SW } from "../../host/sdk/wire/generated.js";
import { TestCard, certified, must } from "../support/world.js";

/** The same `words` over and over. */
function repeating(words: number): RandomSource {
  const source = seededRandom(`a cycle of ${words}`);
  const cycle = Array.from({ length: words }, () => source.next32());
  let at = 0;
  return { next32: () => cycle[at++ % words]! };
}
/** Bytes that repeat after so many, read as words. */
function repeatingBytes(count: number): RandomSource {
  const source = seededRandom(`a cycle of ${count} bytes`);
  const cycle = Array.from({ length: count }, () => source.next32() & 255);
  let at = 0;
  const next = () => cycle[at++ % count]!;
  return { next32: () => next() | (next() << 8) | (next() << 16) | (next() << 24) };
}
/** The same stream from each power-up on: what a generator without entropy is. */
function restarting(seed: string): { random: RandomSource; restart(): void } {
  let source = seededRandom(seed);
  return {
    random: { next32: () => source.next32() },
    restart: () => void (source = seededRandom(seed)),
  };
}

describe("a poor random number generator", () => {
  const failed = (random: RandomSource) => {
    const card = new TestCard("generator", { random });
    const { flags } = card.status();
    const { sw } = card.plain("PERSONALISE");
    assert.equal(sw, flags & FLAGS.RNG_FAILED ? SW.RANDOM.value : SW.OK.value);
    return (flags & FLAGS.RNG_FAILED) !== 0;
  };
  it("one that repeats every 4 words is refused; so is every cycle of up to 16 words", () => {
    for (let words = 1; words <= 16; words++)
      assert.ok(failed(repeating(words)), `a cycle of ${words} words passed`);
  });
  it("one whose bytes repeat is refused, up to 16 of them", () => {
    for (let count = 2; count <= 16; count++)
      assert.ok(failed(repeatingBytes(count)), `a cycle of ${count} bytes passed`);
  });
  it("a good one passes, twenty times over", () => {
    for (let seed = 0; seed < 20; seed++)
      assert.ok(!failed(seededRandom(`good ${seed}`)), `seed "good ${seed}"`);
  });
  it("two cards that draw the same samples make different keys: Kcard goes in", () => {
    const keys = ["one", "two"].map((name) => {
      const stream = restarting(name);
      const card = new TestCard(`generator ${name}`, { random: stream.random }).certify();
      // From here on both have the same generator.
      const same = restarting("the same for both");
      stream.random.next32 = () => same.random.next32();
      card.reboot();
      return Buffer.from(card.activate().publicKey()).toString("hex");
    });
    assert.notEqual(keys[0], keys[1]);
  });
  it("a card that draws the same samples again makes another key: the record's number goes in", () => {
    const stream = restarting("again");
    const card = certified("generator again", { random: stream.random });
    const keys = [0, 1].map(() => {
      stream.restart();
      card.reboot();
      const key = Buffer.from(card.activate().publicKey()).toString("hex");
      must("RESET", card.unlock().secure("RESET"));
      return key;
    });
    assert.notEqual(keys[0], keys[1]);
  });
});
