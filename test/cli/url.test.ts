/** `kincard personalise`: an address goes to all cards or to none; a foreign image makes no key. */
import assert from "node:assert/strict";
import { MakerStore } from "../../host/sdk/maker/store.js";
import { needsBundle, TestCard } from "../host/support.js";
import { kincardHere, Rig } from "./support.js";

describe("cli: personalise", function () {
  this.timeout(60_000);
  needsBundle(this);
  const rig = new Rig();
  after(() => rig.end());

  it("says what is wrong with an address, and asks no card", async () => {
    const { board } = await TestCard.make("url refused");
    const card = ["--card", await rig.serve(board)];
    const before = board.dump();
    for (const [url, says] of [
      ["kincard.example", /not a web address/],
      ["ftp://kincard.example/", /begin with https/],
      ["https://kincard.example/#page", /before its #/],
      [`https://${"k".repeat(39)}.example/`, /too long: 48 bytes/],
    ] as const) {
      const { exit, json } = await kincardHere(["personalise", ...card, "--url", url, "--json"]);
      assert.equal(exit, 2, url);
      assert.match(json.error.what, says);
    }
    assert.deepEqual(board.dump(), before);
  });
  it("a DEMO image gets no certificate of another maker, and makes no key for one", async () => {
    const { board } = await TestCard.make("demo image");
    const before = board.dump();
    const maker = ["--maker", rig.file("maker"), "--passphrase-fd", "3"];
    const secrets = ["a long passphrase"];
    await MakerStore.init(rig.file("maker"), secrets[0] as string, { cost: 10 });
    const card = ["--card", await rig.serve(board)];
    const { exit, json } = await kincardHere(["personalise", ...card, ...maker, "--json"], {
      secrets,
    });
    assert.equal(exit, 2);
    assert.match(json.error.what, /DEMO image.*--maker-key 0[23]/);
    assert.deepEqual(board.dump(), before);
  });
  it("brings it to every card", async () => {
    const boards = [await TestCard.make("url 1"), await TestCard.make("url 2")];
    const uris = await Promise.all(boards.map(({ board }) => rig.serve(board)));
    const cards = uris.flatMap((uri) => ["--card", uri]);
    const url = ["--url", "https://www.kincard.example/app"];
    const ended = await kincardHere(["personalise", ...cards, ...url, "--json"]);
    assert.equal(ended.exit, 0, ended.stderr);
    const payload = Buffer.concat([Buffer.from([20, 2]), Buffer.from("kincard.example/app")]);
    for (const { board } of boards) assert.ok(Buffer.from(board.dump()).includes(payload));
  });
});
