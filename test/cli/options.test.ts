/** Options that no ceremony of another test needs: what each of them changes. */

import assert from "node:assert/strict";
import { existsSync, rmSync } from "node:fs";
import { cardsAt } from "../../host/apps/conform/kit.js";
import { virtualCard, VIRTUAL_CODE } from "../../host/emulator/card/index.js";
import { KERNEL_PATH } from "../../host/emulator/espruino/bundle.js";
import { needsBundle } from "../host/support.js";
import { VirtualProcess } from "../support/virtual-process.js";
import { kincardHere, Rig } from "./support.js";

describe("cli: options", function () {
  this.timeout(120_000);
  needsBundle(this);
  const rig = new Rig();
  after(() => rig.end());
  const CODE = ["--code-fd", "3", "--accept-cost", "10"];
  const run = (...args: string[]) => kincardHere([...args, "--json"], { secrets: [VIRTUAL_CODE] });

  it("virtual --no-button, --kernel: a board without one, with that kernel", async () => {
    const flash = rig.file("bare.flash");
    const args = ["--flash", flash, "--listen", "tcp:127.0.0.1:0", "--no-button"];
    const board = await VirtualProcess.start([...args, "--kernel", KERNEL_PATH]);
    try {
      const refused = await run("personalise", "--card", board.uri("listening"), "--consent");
      assert.equal(refused.exit, 2);
      assert.match(refused.json.error.what, /has no button/);
    } finally {
      await board.end();
      rmSync(flash, { force: true });
    }
    const none = ["--flash", rig.file("none.flash"), "--listen", "tcp:127.0.0.1:0"];
    const { exit, json } = await run("virtual", ...none, "--kernel", rig.file("no-such.bin"));
    assert.equal(exit, 2);
    assert.match(json.error.what, /no-such\.bin: there is no such file/);
    assert.equal(existsSync(rig.file("none.flash")), false, "a flash file is left behind");
  });

  for (const command of ["virtual", "web"])
    it(`${command} --firmware: a file that is there, before anything is made`, async () => {
      const flash = rig.file("none.flash");
      const listen = ["--flash", flash, "--listen", "tcp:127.0.0.1:0"];
      const more = command === "virtual" ? listen : ["--port", "0"];
      const firmware = rig.file("no-such.hex");
      const { exit, json } = await run(
        command,
        "--chip",
        "puckjs",
        "--firmware",
        firmware,
        ...more,
      );
      assert.equal(exit, 2);
      assert.match(json.error.what, /no-such\.hex: there is no such file/);
      assert.equal(existsSync(flash), false);
    });

  it("conform --slow lets time pass where nobody can move it", async () => {
    const uris = ["tcp:127.0.0.1:9"];
    const cards = [await cardsAt(uris, {}), await cardsAt(uris, { slow: true })].flat();
    const levers = cards.map(({ place }) => Object.keys(place.levers));
    assert.deepEqual(levers, [[], ["time"]]);
    const listed = await run("conform", "--card", ...uris, "--list", "--slow");
    assert.equal(listed.exit, 0, listed.stderr);
  });

  it("backup --copies 1 leaves room in a set of three; finish closes it", async () => {
    const source = await rig.serveWallet("copies: source");
    const copy = await virtualCard({ seed: "copies: copy", state: "EMPTY" });
    const both = ["--card", source.uri, "--card", await rig.serve(copy.board)];
    const size = ["--set-size", "3", "--copies", "1"];
    const made = await run("backup", ...both, ...CODE, ...size, "--run", rig.file("run.json"));
    assert.equal(made.exit, 0, made.stderr);
    assert.equal(made.json.copies.length, 1);
    const before = await run("status", "--card", source.uri);
    assert.equal(before.json.cards[0].state, "SHARING");
    const closed = await run("finish", "--card", source.uri, ...CODE);
    assert.equal(closed.exit, 0, closed.stderr);
    const after = await run("status", "--card", source.uri);
    assert.equal(after.json.cards[0].state, "SHARED");
    await copy.close();
  });

  it("finish --unconfirmed closes a set whose copy never said that it arrived", async () => {
    const { card, uri } = await rig.serveWallet("unconfirmed: source");
    const copy = await virtualCard({ seed: "unconfirmed: copy", state: "EMPTY" });
    const session = await card.unlock();
    const { ownId: id, setId } = await session.ledger();
    await copy.connect();
    const { certificate } = await copy.session.openChannel({ maker: copy.maker });
    await copy.session.nameSource({ id, setId });
    const offer = await copy.session.offer();
    await session.nameDestinations({ setSize: 2, ids: [certificate.id] });
    await session.seal(offer);
    await session.close();
    const refused = await run("finish", "--card", uri, ...CODE);
    assert.equal(refused.exit, 3, refused.stderr);
    const closed = await run("finish", "--card", uri, ...CODE, "--unconfirmed");
    assert.equal(closed.exit, 0, closed.stderr);
    const { json } = await run("status", "--card", uri);
    assert.equal(json.cards[0].state, "SHARED");
    await copy.close();
  });
});
