/**
 * A card that loses its power in the middle of a backup: said within two seconds, and what to do.
 * The two seconds are a clock's that the test moves.
 */

import assert from "node:assert/strict";
import { mock } from "node:test";
import { tellCeremony } from "../../host/apps/cli/cards/ceremony.js";
import { Output } from "../../host/apps/cli/output.js";
import { LinkError, parseLinkUri } from "../../host/sdk/core.js";
import { copyRole } from "../../host/sdk/relay/visits/role.js";
import { CODE, needsBundle, TestCard } from "../host/support.js";
import { kincard, Rig } from "./support.js";

const STEP = { type: "step", role: copyRole(0), step: "accept", text: "takes the key" } as const;
const COUNT = { holdMs: 900, done: 4, total: 10 } as const;

describe("cli: a card that falls silent", function () {
  this.timeout(60_000);
  needsBundle(this);
  const rig = new Rig();
  after(() => rig.end());

  const listen = () => {
    const said: string[] = [];
    const out = new Output(true);
    out.say = (text) => void said.push(text);
    return { tell: tellCeremony(out).onEvent, said };
  };

  describe("by the clock", () => {
    beforeEach(() => mock.timers.enable({ apis: ["setTimeout"] }));
    afterEach(() => mock.timers.reset());

    it("is said to be gone within two seconds, by name, with what to do", () => {
      const { tell, said } = listen();
      tell({ ...STEP, ...COUNT });
      mock.timers.tick(COUNT.holdMs);
      assert.deepEqual(said, [], "while it has its time");
      mock.timers.tick(2000 - COUNT.holdMs);
      assert.match(said[0] ?? "", /Copy card 2 does not answer.*bring it back.*Ctrl-C/);
    });

    it("is not said of a card that was done in time, nor of code that is stretched", () => {
      const { tell, said } = listen();
      tell({ ...STEP, ...COUNT, holdMs: -950 });
      tell({ ...STEP, ms: 5, done: 5, total: 10, type: "done" });
      tell({ type: "stretch", progress: 0.5 });
      mock.timers.tick(60_000);
      assert.equal(said.filter((text) => /does not answer/.test(text)).length, 0);
    });
  });

  it("is told of at once when its link says that it is gone", () => {
    const { tell, said } = listen();
    const problem = new LinkError("link/hung-up", { link: "tcp:x:1" });
    tell({ type: "lost", role: copyRole(0), problem, attempt: 1 });
    assert.match(said[0] ?? "", /other side closed the link.*Trying again: bring the card back/);
  });

  for (const [who, line] of [
    ["at its first words", 3],
    ["in the middle of a step", 6],
  ] as const)
    it(`in a real backup is said to be gone long before its link gives up, ${who}`, async () => {
      const source = await TestCard.wallet(`silent ${line} source`);
      const copy = await TestCard.empty(`silent ${line} copy`);
      let [pid, stalled, said] = [0, 0, 0];
      const stalling = await rig.stalling(copy.board, line, () => (stalled = performance.now()));
      const cards = [await rig.serve(source.board), stalling].flatMap((uri) => ["--card", uri]);
      const { stderr } = await kincard(
        ["backup", ...cards, "--code-fd", "3", "--accept-cost", "10"],
        {
          secrets: [CODE],
          started: (id) => (pid = id),
          heard: (text) => {
            if (said || !stalled || !/does not answer/.test(text)) return;
            said = performance.now();
            process.kill(pid, "SIGINT");
          },
        },
      );
      assert.ok(said > 0, stderr);
      // Two seconds, and what the process and its pipe take on a busy machine. The link waits for 30.
      assert.ok(said - stalled < 25_000, `after ${said - stalled} ms`);
    });

  it("may be at an IPv6 address with a zone", () => {
    const { host } = parseLinkUri("tcp:[fe80::1%eth0]:9001") as unknown as { host: string };
    assert.equal(host, "fe80::1%eth0");
  });
});
