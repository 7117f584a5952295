/**
 * The fuzzer's kept corpus, replayed: what once reached something new, or broke something, stands.
 * And the parts of the engine that could fail silently: counters, changes, and finding at all.
 */
import assert from "node:assert/strict";
import vm from "node:vm";
import { missingBundle } from "../support/boards.js";
import { readCorpus } from "./corpus.js";
import { Fuzzer } from "./engine.js";
import { COUNTERS, instrument, SITES } from "./instrument.js";
import { mutate } from "./mutate.js";
import { Rng } from "./rng.js";
import { TARGETS } from "./targets/index.js";
import { PART, some } from "../support/full.js";

describe("the fuzzer's corpus", function () {
  this.timeout(60_000);
  before(function () {
    const reason = missingBundle();
    if (!reason) return;
    console.log(`      skipped: ${reason}`);
    this.skip();
  });
  for (const target of TARGETS)
    it(`${target.name} stands it${PART}`, async () => {
      const all = [...(await target.seeds()), ...readCorpus(target.name)];
      assert.ok(all.length > 0);
      const inputs = some(target.name, all, 30);
      try {
        for (const input of inputs) {
          await assert.doesNotReject(
            async () => target.run(input),
            `npm run fuzz found it: ${Buffer.from(input).toString("hex")}`,
          );
        }
      } finally {
        await target.close?.();
      }
    });
});

describe("the fuzzer's engine", () => {
  const CODE =
    'function f(a){"use strict";if(a)return 1;else if(a===0)for(;;)return 2;return a?3:b||4}' +
    "function g(a){switch(a){case 1:return 5;default:try{throw 6}catch(e){return(()=>e)()}}}" +
    "var b;b=f(1)+f(0)+f(null)+g(1)+g(2)";

  it("counts where control parts, and changes no meaning", () => {
    const plain = vm.runInNewContext(CODE) as number;
    const { code, sites } = instrument(CODE, "script");
    const context = vm.createContext({ [COUNTERS]: new Uint8Array(SITES) });
    assert.equal(vm.runInContext(code, context), plain);
    const map = context[COUNTERS] as Uint8Array;
    const reached = map.reduce((sum, count) => sum + (count ? 1 : 0), 0);
    assert.deepEqual([sites, reached], [12, 11]);
  });

  it("makes the same changes for the same seed, and not too long ones", () => {
    const data = Uint8Array.from({ length: 40 }, (_, at) => at);
    const made = (seed: string) => {
      const rng = new Rng(seed);
      return Array.from({ length: 200 }, () => mutate(data, data, rng, [data], 50));
    };
    assert.deepEqual(made("a"), made("a"));
    assert.notDeepEqual(made("a"), made("b"));
    assert.ok(made("a").every(({ length }) => length <= 50));
  });

  it("finds its way through nested conditions by what it reaches, and makes a finding short", async () => {
    const map = new Uint8Array(SITES);
    const secret = [31, 200];
    const run = (input: Uint8Array) => {
      for (const [at, value] of secret.entries()) {
        if (input[at] !== value) return;
        map[at]!++;
      }
      throw new Error("there");
    };
    const seeds = () => [new Uint8Array(8)];
    const target = { name: "maze", most: 8, seeds, run, counters: () => map };
    const fuzzer = new Fuzzer(target, new Rng("maze"));
    let finding = await fuzzer.seed(seeds());
    for (let n = 0; !finding && n < 30_000; n++) finding = await fuzzer.step();
    assert.ok(finding, "not found");
    assert.deepEqual([...finding.input], secret);
    assert.match(finding.why, /there/);
  });
});
