/** `--record`, `kincard view` and `kincard replay`, as their users run them. */

import assert from "node:assert/strict";
import { appendFileSync, statSync, writeFileSync } from "node:fs";
import { accessCode, CODE, MAKER, needsBundle, TestCard } from "../host/support.js";
import { kincardHere, Rig } from "./support.js";

const CHECKED = ["--accept-cost", "10", "--code-fd", "3"];

describe("cli: recordings", function () {
  this.timeout(60_000);
  needsBundle(this);
  const rig = new Rig();
  let uris: string[] = [];
  let cards: string[] = [];
  const serve = async (name: string) =>
    Promise.all([
      rig.serve((await TestCard.wallet(`${name} source`)).board),
      rig.serve((await TestCard.empty(`${name} copy`)).board),
    ]);
  before(async () => {
    uris = await serve("recorded");
    cards = uris.flatMap((uri) => ["--card", uri]);
    const backup = ["backup", ...cards, ...CHECKED, "--yes", "--record", rig.file("run.jsonl")];
    const ended = await kincardHere(backup, { secrets: [CODE] });
    assert.equal(ended.exit, 0, ended.stderr);
  });
  after(() => rig.end());

  it("writes for the owner alone, and neither code nor wallet key", async () => {
    assert.equal(statSync(rig.file("run.jsonl")).mode & 0o777, 0o600);
    const text = rig.read("run.jsonl");
    assert.ok(!text.includes('"secret"') && !text.includes(Buffer.from(CODE).toString("hex")));
    const card = await TestCard.wallet("recorded source");
    await card.session.openChannel({ maker: MAKER });
    const { salt, cost } = card.session.channel!;
    const stretched = Buffer.from(await accessCode().stretch(salt, cost)).toString("hex");
    assert.ok(!text.includes(stretched));
  });

  it("shows what passed, whose it was, and what the relay learned", async () => {
    const { stdout, exit } = await kincardHere(["view", rig.file("run.jsonl")]);
    assert.equal(exit, 0);
    assert.match(stdout, /SEAL +sealed +\d+ > \d+ bytes/);
    assert.match(stdout, /ENC: the wallet key, 115 .* sealed under Ktrans/);
    assert.match(stdout, /OFFER .*Kmaker > Kcard of [0-9A-Z-]{24} > Klink .* checked/);
    assert.match(stdout, /not which cards they are/);
    assert.match(stdout, /A.*\n +\d+ commands, \d\.\d+ s of waiting; the longest: [A-Z_]+, \d/);
    assert.match(stdout, /learned\n {2}\d+ commands to 2 cards; \d+ of them sealed/);
    const all = await kincardHere(["view", rig.file("run.jsonl"), "--bytes"]);
    assert.ok(all.stdout.length > 2 * stdout.length, "--bytes shows no more");
  });

  it("gives the same as JSON", async () => {
    const { json } = await kincardHere(["view", rig.file("run.jsonl"), "--json"]);
    const [run] = json.runs;
    assert.deepEqual(
      run.messages.map((each: { message: string; genuine: boolean }) => [
        each.message,
        each.genuine,
      ]),
      [
        ["OFFER", true],
        ["TRANSFER", true],
      ],
    );
    assert.ok(run.bytes.sealed > 500 && run.bytes.secret === 0);
  });

  it("is one page that holds the recording and can't be broken out of", async () => {
    const hostile = rig.file("hostile.jsonl");
    writeFileSync(hostile, rig.read("run.jsonl"));
    appendFileSync(hostile, `${JSON.stringify({ at: 1, note: "</script><script>alert(1)$&" })}\n`);
    const page = rig.file("run.html");
    const { exit, stderr } = await kincardHere(["view", hostile, "--html", page]);
    assert.equal(exit, 0, stderr);
    const html = rig.read("run.html");
    assert.ok(html.includes('"kincard":"recording"'));
    assert.equal(html.match(/<script/g)?.length, 2, "the recording opened an element");
    assert.ok(html.includes("alert(1)$&"), "the note was changed");
  });

  it("replays on cards of the same history, byte for byte", async () => {
    const twins = await serve("recorded");
    const args = ["replay", rig.file("run.jsonl"), ...twins.flatMap((uri) => ["--card", uri])];
    const { json, exit, stderr } = await kincardHere([...args, "--exact", "--json"]);
    assert.equal(exit, 0, stderr);
    assert.deepEqual([json.alike, json.sealed, json.different], [0, 0, 0]);
    assert.ok(json.same >= 15, `${json.same} exchanges`);
  });

  it("says on other cards what differs, and sends nothing that was sealed", async () => {
    const others = await serve("others");
    const args = ["replay", rig.file("run.jsonl"), ...others.flatMap((uri) => ["--card", uri])];
    const { json } = await kincardHere([...args, "--json"]);
    assert.ok(json.sealed > 5 && json.alike >= 2);
    const exact = await kincardHere([...args, "--exact"]);
    assert.equal(exact.exit, 3);
    assert.match(exact.stdout, /OPEN: other E_c/);
  });

  it("asks for as many cards as were recorded, and leaves other files alone", async () => {
    const [uri = ""] = uris;
    const few = await kincardHere(["replay", rig.file("run.jsonl"), "--card", uri]);
    assert.equal(few.exit, 2);
    assert.match(few.stderr, /was with 2 cards/);
    writeFileSync(rig.file("mine.txt"), "something of mine");
    const taken = await kincardHere(["status", "--card", uri, "--record", rig.file("mine.txt")]);
    assert.equal(taken.exit, 2, taken.stderr);
    assert.equal(rig.read("mine.txt"), "something of mine");
    const other = await kincardHere(["view", rig.file("mine.txt")]);
    assert.equal(other.exit, 2);
    assert.match(other.stderr, /line 1 of the recording/);
  });

  it("adds a run to a recording, also behind a line that a crash cut short", async () => {
    const file = rig.file("two.jsonl");
    const [uri = ""] = uris;
    writeFileSync(file, rig.read("run.jsonl").slice(0, -20));
    const { exit, stderr } = await kincardHere(["status", "--card", uri, "--record", file]);
    assert.equal(exit, 0, stderr);
    const { json } = await kincardHere(["view", file, "--json"]);
    assert.equal(json.runs.length, 2);
    // STATUS and CERTIFICATE
    assert.equal(json.runs[1].exchanges, 2);
  });
});
