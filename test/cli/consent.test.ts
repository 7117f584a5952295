/** `--consent`: who gets it, and a backup that goes on when the source's button is held. */
import assert from "node:assert/strict";
import { CONSENTING } from "../support/consent.js";
import { needsBundle, TestCard } from "../host/support.js";
import { kincardHere, Rig } from "./support.js";

const CODE = "correct horse";
const FD = ["--code-fd", "3"];
const json = (args: string[], secrets: string[] = []) =>
  kincardHere([...args, "--json"], { secrets });

describe("cli: on-card consent", function () {
  this.timeout(120_000);
  needsBundle(this);
  const rig = new Rig();
  after(() => rig.end());

  it("a board without a button is refused before any card makes a key", async () => {
    const boards = [
      (await TestCard.make("cli consent: button")).board,
      (await TestCard.make("cli consent: bare", { button: false })).board,
    ];
    const before = boards.map((board) => board.dump());
    const cards = [];
    for (const board of boards) cards.push("--card", await rig.serve(board));
    const { exit, json: said } = await json(["personalise", ...cards, "--consent"]);
    assert.equal(exit, 2);
    assert.match(said.error.what, /has no button/);
    assert.deepEqual(
      boards.map((board) => board.dump()),
      before,
    );
  });

  it("personalise, status, backup: both boards are compared, the source's button is held", async () => {
    const source = (await TestCard.make("cli consent: source")).board;
    const copy = (await TestCard.make("cli consent: copy")).board;
    const [a, b] = [await rig.serve(source), await rig.serve(copy)];
    const made = await json(["personalise", "--card", a, "--consent"]);
    assert.equal(made.exit, 0, made.stderr);
    assert.equal(made.json.cards[0].consent, true);
    assert.equal(Buffer.from(made.json.cards[0].certificate, "hex")[1], CONSENTING);
    const plain = await json(["personalise", "--card", b]);
    assert.equal(plain.json.cards[0].consent, undefined);
    const activated = await json(["activate", "--card", a, ...FD, "--cost", "10"], [CODE]);
    assert.equal(activated.exit, 0, activated.stderr);
    // Time goes a little faster than here, and somebody holds the button, over and over.
    let time = 0;
    const hand = setInterval(() => {
      for (const board of [source, copy]) board.advance(0.2);
      time = (time + 0.2) % 4;
      if (time < 1) source.release();
      else source.press();
    }, 100);
    try {
      const args = ["backup", "--card", a, "--card", b, "--set-size", "2", "--yes", ...FD];
      const ended = await json([...args, "--run", rig.file("run.json")], [CODE]);
      assert.equal(ended.exit, 0, ended.stderr);
      assert.equal(ended.json.complete, true);
      assert.match(ended.stderr, /Only if BOTH blink the same: release the source's button/);
      assert.match(ended.stderr, /If they differ, do not press/);
    } finally {
      clearInterval(hand);
    }
  });
});
