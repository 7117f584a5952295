/**
 * `kincard conform` as users run it: on the card of test/python, which shares nothing with this
 * project's, on a virtual board with its levers; and on cards with a planted bug, which it must find.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { CardSession } from "../../host/sdk/card/session.js";
import { openLink } from "../../host/sdk/index.js";
import { kincard, Rig, type Ended } from "../cli/support.js";
import { missingPython, OwnCard } from "../python/own-card.js";
import { missingBundle } from "../support/boards.js";
import { VirtualProcess } from "../support/virtual-process.js";
import { violations, type Schema } from "../vectors/schema.js";

const SCHEMA = new URL("../../host/apps/conform/report.schema.json", import.meta.url);
const schema = JSON.parse(readFileSync(SCHEMA, "utf8")) as Schema;

interface Report {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly numberOfTests: number;
  readonly testGroups: readonly {
    readonly name: string;
    readonly tests: readonly {
      readonly comment: string;
      readonly result: string;
      readonly why?: string;
      readonly vector?: { readonly file: string; readonly tcId: number };
    }[];
  }[];
}
const conform = (cards: readonly string[], ...args: string[]): Promise<Ended> =>
  kincard(["conform", ...cards.flatMap((uri) => ["--card", uri]), ...args], { hungMs: 300_000 });
function reportOf({ json, stderr }: Ended): Report {
  assert.ok(json, stderr);
  assert.deepEqual(violations(schema, json), []);
  return json as Report;
}
const failures = ({ testGroups }: Report) =>
  testGroups.flatMap(({ tests }) => tests.filter(({ result }) => result === "failed"));

/**
 * Python that takes one rule away from the card, the group that must fail, and how many of its
 * checks at least.
 */
const BUGS: readonly [rule: string, bug: string, only: string][] = [
  [
    "a high s is taken",
    `import kincard_crypto, own_card
N = kincard_crypto.N
def lenient(public, message, signature, what):
    s = int.from_bytes(signature[32:], "big")
    low = min(s, N - s).to_bytes(32, "big") if 0 < s < N else signature[32:]
    kincard_crypto.verify_digest(public, kincard_crypto.sha256(message), signature[:32] + low, what)
own_card_backup.verify = lenient`,
    "vectors offered",
  ],
  [
    "any receipt confirms",
    `real = own_card_backup.receipt_of
class Any(bytes):
    def __eq__(self, other): return True
own_card_backup.receipt_of = lambda key, transfer: Any(real(key, transfer))`,
    "vectors sharing-receipt",
  ],
  [
    "a sealed command that comes again is executed again",
    `take = own_card.Card.sealed
def forgetful(self, head, data):
    if self.channel: self.channel.last = None
    return take(self, head, data)
own_card.Card.sealed = forgetful`,
    "apdus",
  ],
  [
    "the rest of a page survives another command",
    `take = own_card.Card.take
def keeping(self, apdu):
    rest = self.rest
    try:
        return take(self, apdu)
    finally:
        if apdu[1] == 0x10: self.rest = rest
own_card.Card.take = keeping`,
    "apdus",
  ],
  [
    "OFFER is answered in a WALLET",
    `row = own_card_table.COMMANDS["OFFER"]
own_card.COMMANDS["OFFER"] = (*row[:5], "BLANK EMPTY ok ok STATE USED USED")`,
    "states WALLET",
  ],
  [
    "a refusal does not end the channel",
    `answer = own_card.Card.answer
def lasting(self, apdu):
    channel = self.channel
    said = answer(self, apdu)
    if said[-2:] == b"\\x6e\\x00": self.channel = channel
    return said
own_card.Card.answer = lasting`,
    "apdus",
  ],
  ["the fifth try needs no wait", "own_card_wallet.FREE_MISSES = 5", "makes the user wait"],
  [
    "a slot is sealed again by an older OFFER",
    `seal = own_card_backup.Backup.do_seal
def careless(self, offer, p1):
    for slot in self.slots: slot.counter = -1
    return seal(self, offer, p1)
own_card_backup.Backup.do_seal = careless`,
    "vectors sharing-open",
  ],
  ["a run of consent begins at power-up", "own_card_consent.AFTER_POWER_UP_S = 0", "from power-up"],
  ["a run of consent lasts for two minutes", "own_card_consent.RUN_S = 120", "after its minute"],
  [
    "a run of consent goes on in another channel",
    `consent = own_card.Card.do_consent
def lasting(self, data, p1):
    if p1 and self.run: self.run = (self.channel, *self.run[1:])
    return consent(self, data, p1)
own_card.Card.do_consent = lasting`,
    "dies with its channel",
  ],
  [
    "a second N_D is taken",
    `consent = own_card.Card.do_consent
def twice(self, data, p1):
    run = self.run
    said = consent(self, data, p1)
    if p1: self.run = run
    return said
own_card.Card.do_consent = twice`,
    "as a source it fixes N_S",
  ],
  [
    "N_S need not be what c fixed",
    `consent = own_card.Card.do_consent
def lenient(self, data, p1):
    try:
        return consent(self, data, p1)
    except own_card_table.Refuse as refusal:
        if refusal.word != own_card_table.WORDS["CRYPTO"]: raise
        return b""
own_card.Card.do_consent = lenient`,
    "as a destination it draws",
  ],
];

describe("kincard conform", function () {
  this.timeout(300_000);
  const rig = new Rig();
  const running: { end(): Promise<unknown> }[] = [];
  const card = async (bug?: string) => {
    const started = await OwnCard.start(bug);
    running.push(started);
    return started;
  };
  const start = async (bug?: string) => (await card(bug)).uri;
  before(function () {
    const python = missingPython();
    if (python && process.env.KINCARD_REQUIRE_PYTHON === "1") throw new Error(python);
    const reason = python ?? missingBundle();
    if (!reason) return;
    console.log(`    skipped: ${reason}`);
    this.skip();
  });
  afterEach(async () => {
    for (const one of running.splice(0)) await one.end();
  });
  after(() => rig.end());

  it("passes a card that was written from the document in another language", async () => {
    const file = rig.file("report.json");
    const ended = await conform([await start()], "--report", file, "--json");
    const report = reportOf(ended);
    assert.deepEqual([failures(report), ended.exit], [[], 0]);
    assert.ok(report.passed > 600, `only ${report.passed} passed`);
    assert.deepEqual(JSON.parse(readFileSync(file, "utf8")), ended.json);
    console.log(`      ${report.passed} passed, ${report.skipped} skipped`);
  });

  it("passes it with its power and its time in the kit's hands", async () => {
    const { uri, control } = await card();
    const groups = ["card", "consent"].flatMap((name) => ["--only", name]);
    const ended = await conform([uri], "--control", control, ...groups, "--json");
    const report = reportOf(ended);
    assert.deepEqual([failures(report), ended.exit], [[], 0]);
    const skipped = report.testGroups.flatMap(({ tests }) => tests.flatMap(({ why }) => why ?? []));
    assert.deepEqual(
      new Set(skipped),
      new Set(["needs 2 cards", "needs 3 cards", "it has no button"]),
    );
  });

  it("passes two of them, which back each other up", async () => {
    const cards = [await start(), await start()];
    const ended = await conform(cards, "--only", "backup, 2", "--json");
    const report = reportOf(ended);
    assert.deepEqual([failures(report), ended.exit], [[], 0]);
    assert.ok(report.passed >= 10, `only ${report.passed} passed`);
  });

  it("passes a virtual board, whose power, button and time it controls", async () => {
    const tcp = "tcp:127.0.0.1:0";
    const args = ["--flash", rig.file("board.flash"), "--listen", tcp, "--control", tcp];
    const board = await VirtualProcess.start(args);
    running.push(board);
    const levers = ["--control", board.uri("control")];
    const groups = ["card", "link", "apdus", "consent"].flatMap((name) => ["--only", name]);
    const ended = await conform([board.uri("listening")], ...levers, ...groups, "--json");
    const report = reportOf(ended);
    assert.deepEqual([failures(report), ended.exit], [[], 0]);
    const skipped = report.testGroups.flatMap(({ tests }) => tests.flatMap(({ why }) => why ?? []));
    assert.deepEqual(new Set(skipped), new Set(["needs 2 cards", "needs 3 cards"]));
  });

  it("touches no wallet unless it is told to", async () => {
    const uri = await start();
    const stop = await conform([uri], "--only", "makes a wallet key");
    assert.equal(stop.exit, 0, stop.stderr);
    const refused = await conform([uri]);
    assert.equal(refused.exit, 3);
    assert.match(refused.stderr, /what it holds would be lost.*--destroy/s);
    const session = new CardSession(await openLink(uri));
    assert.equal((await session.status()).state, "WALLET");
    await session.close();
    const told = await conform([uri], "--only", "proves", "--destroy");
    assert.equal(told.exit, 0, told.stderr);
  });

  it("ends by Ctrl-C with what to do next, and the next run takes the card", async () => {
    const uri = await start();
    let pid = 0;
    const ended = await kincard(["conform", "--card", uri, "--only", "states"], {
      started: (id) => (pid = id),
      heard: (text) => {
        if (!pid || !text.includes("states OFFERED")) return;
        process.kill(pid, "SIGINT");
        // Once: a second one would end it without a word.
        pid = 0;
      },
    });
    assert.equal(ended.exit, 7, ended.stderr);
    assert.match(ended.stderr, /Interrupted\..*--destroy/s);
    const again = await conform([uri], "--only", "proves", "--destroy");
    assert.equal(again.exit, 0, again.stderr);
  });

  it("lists its checks, and refuses what it can't run", async () => {
    const listed = await conform(["tcp:127.0.0.1:1"], "--list", "--json");
    assert.ok(listed.json.checks.length > 600);
    const [none, four, silent] = await Promise.all([
      conform(["tcp:127.0.0.1:1"], "--only", "no such check"),
      conform([1, 2, 3, 4].map((port) => `tcp:127.0.0.1:${port}`)),
      conform(["tcp:127.0.0.1:1"]),
    ]);
    assert.deepEqual([none.exit, four.exit, silent.exit], [2, 2, 3]);
    assert.match(silent.stderr, /nothing listens there.*No card was touched/s);
  });

  let caught = 0;
  for (const [rule, bug, only] of BUGS) {
    it(`finds the planted bug: ${rule}`, async () => {
      const { uri, control } = await card(bug);
      const ended = await conform([uri], "--control", control, "--only", only, "--json");
      const report = reportOf(ended);
      assert.equal(ended.exit, 1, `${report.passed} passed: the bug was not found`);
      assert.ok(failures(report).every(({ why }) => why));
      caught++;
    });
  }
  it("found them all", () => {
    console.log(`      planted bugs found: ${caught}/${BUGS.length}`);
    assert.equal(caught, BUGS.length);
  });
});
