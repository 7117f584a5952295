/**
 * What cards refuse, as a user sees it: offers that only the button drops, and codes that have to
 * wait.
 */

import assert from "node:assert/strict";
import type { VirtualBoard } from "../../host/emulator/board/virtual.js";
import { AccessCode } from "../../host/sdk/crypto/code.js";
import { GESTURE, SIZES } from "../../host/sdk/wire/generated.js";
import { CODE, MAKER, needsBundle, TestCard } from "../host/support.js";
import { kincardHere, Rig } from "./support.js";

describe("cli: refusals", function () {
  this.timeout(60_000);
  needsBundle(this);
  const rig = new Rig();
  after(() => rig.end());

  const soon = () => new Promise((resolve) => setTimeout(resolve, 50));
  /** The command's end, while the card's time goes on and nobody touches it. */
  async function untouched<T>(board: VirtualBoard, run: Promise<T>): Promise<T> {
    let ended = false;
    const end = () => void (ended = true);
    run.then(end, end);
    while (!ended) {
      board.advance(0.5);
      await soon();
    }
    board.advance(GESTURE.WITHIN_S + 1); // what it armed in the end is forgotten too
    return run;
  }
  /** The same with somebody who sees the light, and then holds the button. */
  async function held<T>(board: VirtualBoard, run: Promise<T>): Promise<T> {
    const end = performance.now() + 40_000;
    while (!board.leds.LED1) {
      assert.ok(performance.now() < end, "the card does not show that it waits");
      board.advance(0.1);
      await soon();
    }
    board.press();
    board.advance(GESTURE.RESET_S + 0.3);
    board.release();
    return run;
  }

  it("an offer is dropped only by the button: released, then held", async () => {
    const { board } = await TestCard.empty("offered");
    const card = ["--card", await rig.serve(board)];
    const names = ["--source", "11".repeat(16), "--set-id", "22".repeat(16)];
    const offered = await kincardHere(["offer", ...card, ...names, "--json"]);
    assert.equal(offered.exit, 0, offered.stderr);
    assert.equal(offered.json.offer.length, 2 * SIZES.OFFER);
    const refused = await untouched(board, kincardHere(["cancel", ...card, "--json"]));
    assert.equal(refused.exit, 3, refused.stderr);
    assert.equal(refused.json.error.statusWord, "69e7");
    assert.match(refused.json.error.next, /Nothing was changed.*release the card's button/);
    const dropped = await held(board, kincardHere(["cancel", ...card, "--json"]));
    assert.equal(dropped.exit, 0, dropped.stderr);
    assert.match(dropped.stderr, /Release the card's button, then hold it for 1 s, within 30 s/);
    assert.equal(dropped.json.state, "EMPTY");
  });

  it("a wallet is reset without its code only by the button: released, then held for 5 s", async () => {
    const { board, session } = await TestCard.wallet("button");
    const { id } = await session
      .openChannel({ maker: MAKER })
      .then(({ certificate }) => certificate);
    const confirm = ["--confirm", Buffer.from(id).toString("hex"), "--button", "--json"];
    const reset = ["reset", "--card", await rig.serve(board), ...confirm];
    const late = await untouched(board, kincardHere(reset));
    assert.equal(late.exit, 3, late.stderr);
    assert.match(late.json.error.next, /Nothing was changed/);
    const done = await held(board, kincardHere(reset));
    assert.equal(done.exit, 0, done.stderr);
    assert.match(done.stderr, /then hold it for 5 s/);
    assert.doesNotMatch(late.stderr + done.stderr, /does not answer/);
    assert.equal(done.json.state, "EMPTY");
  });

  it("reset --button on a card without one says so at once, and changes nothing", async () => {
    const { board, session } = await TestCard.wallet("no button", { button: false });
    const { certificate } = await session.openChannel({ maker: MAKER });
    const confirm = ["--confirm", Buffer.from(certificate.id).toString("hex"), "--button"];
    const reset = ["reset", "--card", await rig.serve(board), ...confirm, "--json"];
    const { exit, json } = await kincardHere(reset);
    assert.notEqual(exit, 0);
    assert.match(json.error.what, /no button/);
    assert.equal((await kincardHere(["status", "--card", reset[2]!, "--json"])).exit, 0);
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
