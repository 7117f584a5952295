/**
 * A card that loses its power in the middle of a backup: said within two seconds, and what to do.
 */

import assert from "node:assert/strict";
import { tellCeremony } from "../../host/apps/cli/ceremony.js";
import { Output } from "../../host/apps/cli/output.js";
import { parseLinkUri } from "../../host/sdk/core.js";
import { copyRole } from "../../host/sdk/relay/role.js";

const STEP = { type: "step", role: copyRole(0), step: "accept", text: "takes the key" } as const;
const COUNT = { holdMs: 900, done: 4, total: 10 } as const;

describe("cli: a card that falls silent", () => {
  const listen = () => {
    const said: string[] = [];
    let heard = () => undefined as void;
    const out = new Output(true);
    out.say = (text) => {
      said.push(text);
      heard();
    };
    return { tell: tellCeremony(out), said, next: new Promise<void>((go) => (heard = go)) };
  };

  it("is said to be gone within two seconds, by name, with what to do", async () => {
    const { tell, said, next } = listen();
    const start = performance.now();
    const alive = setInterval(() => undefined, 100);
    tell({ ...STEP, ...COUNT });
    await next;
    clearInterval(alive);
    assert.ok(performance.now() - start < 2000);
    assert.match(said[0] ?? "", /Copy card 2 does not answer.*bring it back.*Ctrl-C/);
  });

  it("is not said of a card that was done in time, nor of code that is stretched", async () => {
    const { tell, said } = listen();
    tell({ ...STEP, ...COUNT, holdMs: -950 });
    tell({ ...STEP, ms: 5, done: 5, total: 10, type: "done" });
    tell({ type: "stretch", progress: 0.5 });
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.equal(said.filter((text) => /does not answer/.test(text)).length, 0);
  });

  it("may be at an IPv6 address with a zone", () => {
    const { host } = parseLinkUri("tcp:[fe80::1%eth0]:9001") as unknown as { host: string };
    assert.equal(host, "fe80::1%eth0");
  });
});
