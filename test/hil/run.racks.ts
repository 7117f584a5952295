/**
 * `kincard hil` itself, as a user runs it, on virtual boards that are processes of their
 * own: to it a link URI is a board.
 */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseSummary } from "../../host/apps/terminal/counts.js";
import type { Check, Outcome, Result } from "../../host/apps/conform/check.js";
import { Card, CODE, WRONG } from "../../host/apps/conform/card.js";
import { placeAt } from "../../host/apps/conform/rack.js";
import { missingBundle } from "../support/boards.js";
import { VirtualProcess } from "../support/virtual-process.js";
import { htmlReport } from "../../host/apps/hil/html.js";
import { leversOf } from "../../host/apps/hil/levers.js";
import { readRack } from "../../host/apps/hil/rack-file.js";
import { junit, table } from "../../host/apps/hil/report.js";
import { testBoards } from "./support.js";

describe("kincard hil", function () {
  this.timeout(180_000);
  const folder = mkdtempSync(join(tmpdir(), "kincard-hil-"));
  const file = join(folder, "deep", "junit.xml");
  const boards: VirtualProcess[] = [];
  let uris: string[] = [];
  before(async function () {
    if (missingBundle()) this.skip();
    for (const name of ["a", "b"]) {
      const flash = ["--flash", join(folder, `${name}.flash`)];
      boards.push(await VirtualProcess.start([...flash, "--listen", "tcp:127.0.0.1:0"]));
    }
    uris = boards.map((board) => board.uri("listening"));
  });
  after(async () => {
    for (const board of boards) await board.end();
    rmSync(folder, { recursive: true, force: true });
  });

  it("without boards says what it skipped and why", async () => {
    const { exit, out } = await testBoards([], "--junit", file);
    assert.equal(exit, 0);
    const counts = parseSummary(out);
    assert.ok(counts && counts.skipped > 20 && counts.passed + counts.failed === 0, out);
    assert.match(out, /skipped: signs with .*no boards: --card/);
    assert.match(readFileSync(file, "utf8"), /<skipped message="no boards: --card/);
  });

  it("says so when nothing answers, and tests none", async () => {
    const silent = createServer((socket) => socket.on("error", () => undefined));
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const uri = `tcp:127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const { exit, out, err } = await testBoards([uris[0]!, uri]);
    silent.close();
    assert.deepEqual([exit, out], [3, ""]);
    assert.match(err, /it can't be tested: nothing that speaks Kincard's lines answered/);
    const card = new Card(placeAt(uris[0]!), 1);
    assert.equal((await card.status()).state, "BLANK", "the other board was touched");
    await card.hangUp();
  });

  it("refuses what is no list of boards, and no key", async () => {
    const [twice, link, key] = await Promise.all([
      testBoards([uris[0]!, uris[0]!]),
      testBoards(["/dev/ttyACM0"]),
      testBoards(uris, "--maker-key", "02"),
    ]);
    assert.match(twice.err, /twice/);
    assert.match(link.err, /is not a link/);
    assert.match(key.err, /maker-key/);
    for (const { exit } of [twice, link, key]) assert.equal(exit, 2);
  });

  it("tests two boards: a table, JUnit, HTML, and the counts in the last line", async () => {
    const html = join(folder, "report.html");
    const captured = join(folder, "captured");
    const files = ["--junit", file, "--html", html, "--capture", captured];
    const { exit, out, err } = await testBoards(uris, ...files);
    assert.equal(exit, 0, out + err);
    const counts = parseSummary(out)!;
    assert.deepEqual([counts.failed, counts.passed > 30], [0, true], out);
    assert.match(out, /^board 1: tcp:.*\nboard 2: tcp:/m);
    assert.match(out, /^ +board 1 +board 2$/m);
    assert.match(out, /^signs with the key at a path.* passed +passed$/m);
    assert.match(out, /^a backup: .* passed, source +passed, copy$/m);
    assert.match(out, /^a backup: .* passed, copy +passed, source$/m);
    assert.match(out, /^skipped: .*button was held.*\(card 2\): needs a person at the button$/m);
    assert.match(out, /^skipped: keeps wallet .*\(card 1\): needs a power switch$/m);
    assert.match(out, /^skipped: a backup: .*: needs 3 cards$/m);
    const xml = readFileSync(file, "utf8");
    const cases = xml.match(/<testcase /g)?.length;
    assert.equal(cases, counts.passed + counts.skipped);
    assert.match(xml, new RegExp(`tests="${cases}" failures="0" skipped="${counts.skipped}"`));
    assert.ok(xml.includes(`classname="${uris[0]} ${uris[1]}" name="a backup: `));
    const page = readFileSync(html, "utf8");
    assert.match(page, /<td>a backup: [^<]*<\/td><td class="passed">passed, source<\/td>/);
    assert.match(page, /<td>SIGN<\/td><td>\d+<\/td><td>[\d.]+<\/td><td>[\d.]+<\/td>/);
    assert.doesNotMatch(page, /<script|https?:/);
    assert.match(readFileSync(join(captured, "board-2.log"), "utf8"), /^ +[\d.]+ [<>] /m);
    for (const [index, uri] of uris.entries()) {
      const card = new Card(placeAt(uri), index + 1);
      assert.equal((await card.status()).state, "EMPTY", "what the suite leaves");
      await card.hangUp();
    }
  });

  it("touches no wallet unless told to, and then only one of its own", async () => {
    const card = new Card(placeAt(uris[0]!), 1);
    await card.toWallet();
    await card.hangUp();
    rmSync(file);
    const { exit, err } = await testBoards(uris, "--junit", file);
    assert.equal(exit, 3);
    assert.match(err, /what it holds would be lost[^]*--destroy/);
    assert.ok(!existsSync(file));
    const { publicKey } = await card.toWallet();
    await (await card.session()).changeCode(WRONG, { cost: 10 });
    await card.hangUp();
    const foreign = await testBoards([uris[0]!], "--destroy", "--junit", file);
    assert.equal(foreign.exit, 1);
    assert.match(foreign.err, /does not let go of what it holds .*Hold its button/);
    const session = await card.unlock(WRONG);
    assert.deepEqual((await session.publicKey([])).publicKey, publicKey);
    await session.changeCode(CODE, { cost: 10 });
    await card.hangUp();
    const own = await testBoards([uris[0]!], "--destroy", "--junit", file);
    assert.equal(own.exit, 0, own.out + own.err);
  });
});

describe("the report of kincard hil", () => {
  const result = (outcome: Outcome, cards: number[], why = ""): Result => {
    const roles = cards.length > 1 ? ["source", "copy"] : ["card"];
    const check: Check = {
      group: "card",
      title: `${outcome} <&>`,
      cards,
      roles,
      run: async () => undefined,
    };
    return { check, outcome, why, ms: 1500 };
  };
  const results = [
    result("passed", [0]),
    result("failed", [1], 'the card said "no"\u0007'),
    result("failed", [1, 0], "lost"),
  ];

  it("shows a failure in the board's column, and why below", () => {
    const text = table(["serial:/dev/a", "serial:/dev/b"], results);
    assert.match(text, /^failed <&> +FAILED$/m);
    assert.match(text, /^failed <&> +FAILED, copy +FAILED, source$/m);
    assert.match(text, /^failed: failed <&> \(source 2, copy 1\): lost$/m);
  });

  it("is HTML whatever a card said", () => {
    const board = { name: "<b>a</b>", uri: "serial:a", says: '"&', timing: [] };
    const page = htmlReport([board, { ...board, name: "b" }], results);
    assert.ok(page.includes("<h1>1 passed, 2 failed, 0 skipped</h1>"));
    assert.ok(!page.includes("<b>") && page.includes("&#60;b&#62;a"));
    assert.match(page, /<td class="failed">failed, copy<\/td>/);
  });

  it("is XML whatever a card said", () => {
    const xml = junit("boards", ["a", "b"], results);
    assert.match(xml, /tests="3" failures="2" skipped="0" errors="0" time="4.500"/);
    assert.ok(xml.includes('name="failed &lt;&amp;&gt; (card 2)"'));
    assert.ok(xml.includes('<failure message="the card said &quot;no&quot;?"/>'));
  });
});

describe("a rack in a file", () => {
  const folder = mkdtempSync(join(tmpdir(), "kincard-rack-"));
  const file = join(folder, "rack.json");
  const read = (value: unknown) => {
    writeFileSync(file, typeof value === "string" ? value : JSON.stringify(value));
    return readRack(file);
  };
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("is read with its levers", () => {
    const power = { on: "true", off: "false" };
    const levers = { name: "left", power, button: "ask" };
    const [board, two] = read({
      boards: [
        { card: "serial:/dev/ttyACM0", ...levers },
        { card: ["serial:/dev/ttyACM1", "ble:1a2b"], firmware: { "0.1.0": "a", "0.2.0": "b" } },
      ],
    });
    assert.deepEqual(board, { links: ["serial:/dev/ttyACM0"], ...levers });
    const firmware = new Map(Object.entries({ "0.1.0": "a", "0.2.0": "b" }));
    assert.deepEqual(two, { links: ["serial:/dev/ttyACM1", "ble:1a2b"], firmware });
  });

  it("is refused with the board that is wrong", () => {
    for (const [value, why] of [
      ["{", /is no JSON/],
      [{}, /no list/],
      [{ boards: [{}] }, /board 1 has no "card"/],
      [{ boards: [{ card: [] }] }, /board 1 has no "card"/],
      [{ boards: [{ card: "nowhere" }] }, /is not a link/],
      [{ boards: [{ card: ["tcp:a:1", "nowhere"] }] }, /is not a link/],
      [{ boards: [{ card: "tcp:a:1", firmware: { new: "x" } }] }, /"firmware" is versions/],
      [{ boards: [{ card: "tcp:a:1", firmware: {} }] }, /"firmware" is versions/],
      [{ boards: [{ card: "tcp:a:1", powre: "ask" }] }, /there is no "powre"/],
      [{ boards: [{ card: "tcp:a:1", power: { on: "x" } }] }, /"power" is "ask", or two commands/],
      [{ boards: [{ card: "tcp:a:1", maker: "02" }] }, /no public key/],
    ] as const)
      assert.throws(() => read(value), why);
  });

  it("runs the commands of its levers, and says why one failed", async () => {
    const note = join(folder, "note");
    const power = { on: `echo on >> "${note}"`, off: "echo no such port >&2; exit 3" };
    const nobody = () => Promise.reject(new Error("asked"));
    const levers = leversOf({ links: ["tcp:a:1"], power, button: "ask" }, "left", nobody);
    await levers.power?.on();
    assert.equal(readFileSync(note, "utf8"), "on\n");
    await assert.rejects(async () => levers.power?.off(), /ended with 3: no such port/);
    await assert.rejects(async () => levers.button?.(true), /asked/);
  });
});
