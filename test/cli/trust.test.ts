/**
 * Whose word is enough: a card's own DEMO flag makes it trusted on this machine only, and never
 * against the maker that the user names.
 */

import assert from "node:assert/strict";
import { trustedMaker } from "../../host/apps/cli/cards/trust.js";
import { DEMO_MAKER } from "../../host/sdk/maker/demo.js";
import { CliError, EXIT } from "../../host/apps/cli/failure.js";
import { Output } from "../../host/apps/cli/output.js";

const local = { uri: "tcp:127.0.0.1:9001", demo: true };
const named = { uri: "tcp:localhost:9001", demo: true };
const far = { uri: "tcp:10.0.0.7:9001", demo: true };
const lookalike = { uri: "tcp:127.0.0.1.example.org:9001", demo: true };
const board = { uri: "serial:/dev/ttyACM0", demo: true };
const real = { uri: "tcp:127.0.0.1:9001", demo: false };
const key = Uint8Array.from(DEMO_MAKER).fill(2, 0, 1);

/** Refused as a command line that can't be. */
const asUsage = (error: unknown) => error instanceof CliError && error.exit === EXIT.USAGE;

describe("cli: whose cards are genuine", () => {
  const warnings: string[] = [];
  const out = new Output(false);
  out.warn = (text) => void warnings.push(text);
  beforeEach(() => void (warnings.length = 0));

  for (const card of [local, named]) {
    it(`takes the demo maker's for a demo card at ${card.uri}, with a warning`, async () => {
      assert.deepEqual(await trustedMaker({}, [card], out), DEMO_MAKER);
      assert.equal(warnings.length, 1);
    });
  }

  for (const card of [far, lookalike, board]) {
    it(`asks before it believes a demo card at ${card.uri}`, async () => {
      await assert.rejects(trustedMaker({}, [local, card], out), asUsage);
      assert.deepEqual(await trustedMaker({ makerKey: "demo" }, [card], out), DEMO_MAKER);
      assert.equal(warnings.length, 1);
    });
  }

  it("asks for the maker of a card that is no demo card", async () => {
    await assert.rejects(trustedMaker({}, [local, real], out), /--maker-key/);
  });

  it("takes the key that the user names, whatever the card says of itself", async () => {
    assert.equal(await trustedMaker({ makerKey: key }, [local], out), key);
    assert.equal(warnings.length, 0);
  });

  it("refuses two makers at once", async () => {
    await assert.rejects(trustedMaker({ maker: "folder", makerKey: key }, [real], out), asUsage);
  });
});
