/**
 * The figures of docs/performance.md that no machine has a say in are what is checked in; and what
 * `npm run bench -- --check` says when one is not.
 */
import assert from "node:assert/strict";
import { checkedIn, faults, marginOf, MOST, WANTED } from "../../host/tools/bench/figures.js";
import { figuresOf, SECTIONS } from "../../host/tools/bench/sections.js";
import { needsBundle } from "../host/support.js";
import { PART, some } from "../support/full.js";

describe(`the benchmark${PART}`, function () {
  this.timeout(120_000);
  needsBundle(this);

  const quick = SECTIONS.filter((section) => section.quick);
  // The bytes always, of the others one.
  const counted = quick.filter(({ name }) => name === "card");
  const reckoned = quick.filter(({ name }) => name !== "card");
  for (const section of [...counted, ...some("benchmarks", reckoned, 1)])
    it(`${section.name}: ${section.about}: is what is checked in`, () => {
      const figures = figuresOf(section);
      assert.deepEqual(
        faults(figures, checkedIn()),
        [],
        "if that is meant: npm run bench -- --write",
      );
    });
  it("has the kernel, the card, the air, the taps and the boards among them", () => {
    assert.deepEqual(
      quick.map(({ name }) => name),
      ["kernel", "card", "air", "taps", "board"],
    );
  });

  it("reckons with figures of sections that there are", () => {
    for (const { name, from } of SECTIONS) {
      if (from === undefined) continue;
      assert.ok(
        SECTIONS.some((section) => section.name === from),
        `${name}: ${from}`,
      );
    }
    const names = Object.keys(checkedIn());
    assert.ok(
      names.some((name) => name.startsWith("board.whole.")),
      "no board's time",
    );
  });

  it("says which figure changed, and by how much", () => {
    const known = { "kernel.sign.cycles": 1000, "chip.boot.ms": 100 };
    assert.deepEqual(faults(known, known), []);
    assert.deepEqual(faults({ ...known, "kernel.sign.cycles": 1001 }, known), [
      "kernel.sign.cycles is 1,001, and 1,000 checked in (1 more, 0.1 %)",
    ]);
    assert.deepEqual(faults({ ...known, "chip.boot.ms": 97 }, known), []);
    assert.deepEqual(faults({ ...known, "chip.boot.ms": 96 }, known), [
      "chip.boot.ms is 96, and 100 checked in (4 less, 4 %; 3 % may differ)",
    ]);
  });
  it("says what is above its mark, even when that is checked in", () => {
    const over = { "kernel.size": MOST["kernel.size"]! + 1 };
    assert.deepEqual(faults(over, over), ["kernel.size is 13,001: 13,000 is the most"]);
  });
  it("has for its mark what was asked for, or a little more than today's", () => {
    const known = checkedIn();
    for (const [name, wanted] of Object.entries(WANTED)) {
      const [today, most] = [known[name]!, MOST[name]!];
      assert.ok(
        today > wanted,
        `${name} is ${today}: ${wanted} is reached, and its mark from now on`,
      );
      assert.ok(most < 1.08 * today, `${name} is ${today}: the mark ${most} is far above it`);
    }
    for (const [name, most] of Object.entries(MOST))
      if (name in known)
        assert.ok(known[name]! <= most, `${name} is ${known[name]}, above ${most}`);
  });
  it("says what is new and what is gone, in what was measured", () => {
    const known = { "card.storage": 1, "espruino.boot": 2 };
    assert.deepEqual(faults({ "card.bundle": 1 }, known), [
      "card.bundle is 1, and not checked in",
      "card.storage is checked in, and no longer measured",
    ]);
  });
  it("lets nothing differ that is counted by a model of ours", () => {
    for (const name of Object.keys(checkedIn()))
      if (/^(kernel|card|air|taps|board)\./.test(name)) assert.equal(marginOf(name), 0, name);
  });
});
