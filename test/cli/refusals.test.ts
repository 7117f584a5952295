/**
 * What cards refuse, as a user sees it: offers that only the button drops, and codes that have to
 * wait.
 */

import assert from "node:assert/strict";
import { AccessCode } from "../../host/sdk/crypto/code.js";
import { CODE, MAKER, needsBundle, TestCard } from "../host/support.js";
import { kincardHere, Rig } from "./support.js";

describe("cli: refusals", function () {
  this.timeout(60_000);
  needsBundle(this);
  const rig = new Rig();
  after(() => rig.end());

  it("an offer is dropped only with the button held", async () => {
    const { board } = await TestCard.empty("offered");
    const card = ["--card", await rig.serve(board)];
    const names = ["--source", "11".repeat(16), "--set-id", "22".repeat(16)];
    const offered = await kincardHere(["offer", ...card, ...names, "--json"]);
    assert.equal(offered.exit, 0, offered.stderr);
    assert.equal(offered.json.offer.length, 2 * 235);
    const refused = await kincardHere(["cancel", ...card, "--json"]);
    assert.equal(refused.exit, 3, refused.stderr);
    assert.equal(refused.json.error.statusWord, "69e7");
    assert.match(refused.json.error.next, /Hold the card's button/);
    board.press();
    const dropped = await kincardHere(["cancel", ...card, "--json"]);
    assert.equal(dropped.exit, 0, dropped.stderr);
    assert.equal(dropped.json.state, "EMPTY");
  });

  it("a wallet is reset without its code only with the button held", async () => {
    const { board, session } = await TestCard.wallet("button");
    const { id } = await session
      .openChannel({ maker: MAKER })
      .then(({ certificate }) => certificate);
    const confirm = ["--confirm", Buffer.from(id).toString("hex"), "--button", "--json"];
    const reset = ["reset", "--card", await rig.serve(board), ...confirm];
    assert.equal((await kincardHere(reset)).exit, 3);
    board.press();
    const done = await kincardHere(reset);
    assert.equal(done.exit, 0, done.stderr);
    assert.equal(done.json.state, "EMPTY");
  });

  it("after many wrong codes the next has to wait, and the card says how long", async () => {
    const { board, session } = await TestCard.wallet("waiting");
    const wrong = AccessCode.from("wrong horse");
    for (let miss = 1; miss <= 5; miss++) {
      if (miss === 5) board.advance(2);
      await session.openChannel({ maker: MAKER });
      await assert.rejects(session.enterCode(wrong), /wrong access code/);
    }
    const card = ["--card", await rig.serve(board)];
    const args = ["pubkey", ...card, "--code-fd", "3", "--accept-cost", "10", "--json"];
    const { exit, json } = await kincardHere(args, { secrets: [CODE] });
    assert.equal(exit, 6);
    assert.equal(json.error.statusWord, "6301");
    assert.match(json.error.next, /Wait 4 s/);
    assert.match(json.error.cards[0], /5 wrong codes, waits 4 s/);
    board.advance(4);
    const ended = await kincardHere(args, { secrets: [CODE] });
    assert.equal(ended.exit, 0, ended.stderr);
  });
});
