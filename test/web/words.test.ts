/** The page's words: every failure has them, and they are the page's, not the command line's. */

import assert from "node:assert/strict";
import { faultOf } from "../../host/apps/page/ui/faults.js";
import { describeFailure } from "../../host/apps/page/ui/words/failures.js";
import { TEXT } from "../../host/sdk/failures/text.js";
import type { AnyFailure, FailureCode } from "../../host/sdk/failures/facts.js";
import { CardError } from "../../host/sdk/card/words.js";
import { LinkError } from "../../host/sdk/failures/failure.js";
import { BackupError, stopped } from "../../host/sdk/relay/errors.js";
import { copyRole } from "../../host/sdk/relay/visits/role.js";

/** Every fact that any code has: words may use what their own code has. */
const FACTS = {
  ...{ sw: 0x6f99, command: "SEAL", misses: 1, seconds: 4, message: "OFFER", field: "state" },
  ...{ is: { role: copyRole(1) }, faults: ["key"], link: "x", detail: "x", readers: ["x"] },
  ...{ reader: "x", others: [], state: "COPY", step: "search", api: "USB", package: "x" },
  ...{ uri: "x", fault: "port", forms: ["x"], part: "x", text: "x", what: "x", bytes: 1 },
  ...{ needed: 2, characters: 3, prefix: "x", path: "x", folder: "x", label: "x", setSize: 2 },
  ...{ kind: "full", line: 3, why: "it is cut short" },
  ...{ least: 1, most: 2, cost: 3, levels: 9, asked: 3, certain: true, scheme: "x", place: "x" },
  ...{ name: "x", input: 1 },
};

describe("the page's words", () => {
  it("are sentences for every failure, and name nothing of the command line", () => {
    for (const code of Object.keys(TEXT) as FailureCode[]) {
      const { what, next } = describeFailure({ code, facts: FACTS } as unknown as AnyFailure);
      for (const text of [what, next]) {
        assert.match(text, /^[A-Z"].*[.!?]$/s, `${code}: ${text}`);
        assert.doesNotMatch(text, /undefined|--|`|run file|the same command|\bsource card/, code);
      }
    }
  });

  it("tell a card's failure by code and role, inside a ceremony too", () => {
    const wait = new CardError(0x6301, "CODE", Uint8Array.of(9, 0, 1));
    for (const error of [wait, stopped(wait, { card: { role: copyRole(0) } })]) {
      assert.match(faultOf(error).what, /locked for a while/);
      assert.match(faultOf(error).next, /for 1 second, then/);
    }
    const refused = new BackupError("card/CRYPTO", wait.facts, { card: { role: copyRole(0) } });
    assert.match(faultOf(refused).what, /^Copy 1 refused/);
    const lost = new LinkError("link/write", { link: "x", detail: "secret words of a driver" });
    assert.match(faultOf(lost).what, /^The connection to the card was lost/);
  });
});
