/**
 * The user's word decides, never the relay's: genuine cards of a real maker, of which only some are
 * the user's, and relays that lie about them.
 */

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { refresh } from "../../host/apps/cli/cards/meet.js";
import type { MetCard } from "../../host/apps/cli/cards/meet.js";
import type { CliContext } from "../../host/apps/cli/context.js";
import { AccessCode, CardSession, formatLabel, Maker, toHex } from "../../host/sdk/core.js";
import type { Certificate } from "../../host/sdk/core.js";
import { formatRun } from "../../host/sdk/relay/run/run.js";
import { runFile } from "../../host/sdk/relay/run/file.js";
import { FLAGS, INS, STATES } from "./wire.js";
import { CODE, COST, linkTo, needsBundle, TestCard } from "../host/support.js";
import { bundleFor, OTHER_MAKER } from "../support/bundles.js";
import { liar } from "./liar.js";
import type { Lies } from "./liar.js";
import { kincardHere, Rig } from "./support.js";

const FD = ["--code-fd", "3", "--accept-cost", String(COST)];

/** A lie about one byte of STATUS. */
const statusByte =
  (at: number, change: (byte: number) => number) => (command: Uint8Array, answer: Uint8Array) =>
    command[1] === INS.STATUS
      ? answer.map((byte, index) => (index === at ? change(byte) : byte))
      : answer;

describe("cli: cards that the user did not name", function () {
  this.timeout(120_000);
  needsBundle(this);
  const rig = new Rig();
  const folder = mkdtempSync(join(tmpdir(), "kincard-known-"));
  const maker = Maker.fromSecret(OTHER_MAKER);
  const trust = ["--maker-key", toHex(maker.publicKey)];
  const closes: (() => void)[] = [];
  let config = "";
  let books = 0;
  let bundle: string;
  before(async () => void (bundle = await bundleFor(toHex(maker.publicKey))));
  // Each test is a user of its own.
  beforeEach(() => (config = join(folder, `user ${books++}`)));
  after(async () => {
    for (const close of closes) close();
    await rig.end();
    rmSync(folder, { recursive: true, force: true });
  });

  interface Card {
    readonly card: TestCard;
    readonly certificate: Certificate;
    readonly label: string;
    readonly uri: string;
  }
  /** A genuine card of the real maker: empty, or with a wallet. */
  async function genuine(name: string, hasWallet = false, lies: Lies = {}): Promise<Card> {
    const card = await TestCard.make(name, { bundle });
    const certificate = maker.certify(await card.session.personalise());
    await card.session.certify(certificate.bytes);
    if (hasWallet) {
      await card.session.openChannel({ maker: maker.publicKey });
      await card.session.activate(AccessCode.from(CODE), { cost: COST });
    }
    const { uri, close } = await liar(() => card.board, lies);
    closes.push(close);
    return { card, certificate, label: formatLabel(certificate.id), uri };
  }
  const kincard = (...args: string[]) =>
    kincardHere([...args, ...trust, "--json"], { secrets: [CODE, CODE], config });
  const stateOf = async ({ card }: Card) => (await card.session.status()).state;
  const cards = (...some: Card[]) => some.flatMap(({ uri }) => ["--card", uri]);
  const plainly = (...args: string[]) => kincardHere([...args, "--json"], { config });

  it("are no part of a backup because a relay sets STATUS's DEMO bit", async () => {
    const demo: Lies = { answer: statusByte(3, (flags) => flags | FLAGS.DEMO) };
    const source = await genuine("demo bit source", true, demo);
    const stranger = await genuine("demo bit stranger", false, demo);
    const { exit, json } = await kincard("backup", ...cards(source, stranger), ...FD);
    assert.deepEqual([exit, await stateOf(source)], [2, "WALLET"], JSON.stringify(json));
    assert.match(json.error.what, /not one that this computer knows/);
    assert.equal(await stateOf(stranger), "EMPTY");
  });

  const DIGEST = "07".repeat(32);
  for (const args of [
    ["sign", ...FD, "--digest", DIGEST],
    ["pubkey", ...FD],
    ["xpub", ...FD],
    ["ledger", ...FD],
    ["code", ...FD, "--new-code-fd", "4"],
    ["reset", ...FD],
    ["finish", ...FD],
  ])
    it(`get no access code: ${args[0]}`, async () => {
      const stranger = await genuine(`no code ${args[0]}`, true);
      const said: number[] = [];
      const { uri, close } = await liar(() => stranger.card.board, {
        command: (apdu) => (said.push(apdu[1] as number), apdu),
        // Only such a card can finish, says the relay.
        answer: args[0] === "finish" ? statusByte(2, () => STATES.SHARING.value) : undefined,
      });
      closes.push(close);
      const { exit, json } = await kincard(...args, "--card", uri);
      assert.equal(exit, 2, JSON.stringify(json));
      assert.match(json.error.next, /--expect LABEL/);
      assert.ok(said.includes(INS.OPEN), "it did not come to the channel");
      assert.ok(!said.includes(INS.CODE), "the code was sent");
      assert.deepEqual((await plainly("cards")).json.cards, [], "it became known by that");
    });

  it("make no key: activate", async () => {
    const stranger = await genuine("no key");
    const { exit } = await kincard("activate", ...cards(stranger), ...FD);
    assert.deepEqual([exit, await stateOf(stranger)], [2, "EMPTY"]);
  });

  it("make no offer, and get no receipt: offer and confirm", async () => {
    const stranger = await genuine("no offer");
    const names = ["--source", "11".repeat(16), "--set-id", "22".repeat(16)];
    const { exit } = await kincard("offer", ...cards(stranger), ...names);
    assert.deepEqual([exit, await stateOf(stranger)], [2, "EMPTY"]);
    const source = await genuine("no receipt", true);
    const copies = [{ id: new Uint8Array(16), receipt: new Uint8Array(32) }];
    const run = rig.file("no receipt.json");
    writeFileSync(run, formatRun({ maker: maker.publicKey, setSize: 2, copies }));
    const confirmed = await kincard("confirm", ...cards(source), "--run", run, ...FD);
    assert.equal(confirmed.exit, 2, confirmed.stderr);
  });

  it("are asked about once: named with --expect, then known", async () => {
    const own = await genuine("met once", true);
    const pubkey = ["pubkey", ...cards(own), ...FD];
    assert.equal((await kincard(...pubkey, "--expect", own.label)).exit, 0);
    const silent = await kincard("pubkey", ...cards(own), "--code-fd", "3");
    assert.equal(silent.exit, 0, silent.stderr);
    const { json } = await plainly("cards");
    assert.deepEqual(
      json.cards.map(({ label, state, named }: Record<string, unknown>) => [label, state, named]),
      [[own.label, "WALLET", true]],
    );
  });

  it("are refused in a known card's place, with both labels; forgotten cards are strangers", async () => {
    const own = await genuine("own", true);
    const other = await genuine("other", true);
    assert.equal((await kincard("pubkey", ...cards(own), ...FD, "--expect", own.label)).exit, 0);
    assert.equal((await plainly("cards", "rename", own.label, "savings")).exit, 0);
    const named = (card: Card) => kincard("pubkey", ...cards(card), ...FD, "--expect", "savings");
    assert.equal((await named(own)).exit, 0);
    const refused = await named(other);
    assert.equal(refused.exit, 5);
    assert.ok(refused.json.error.what.includes(own.label), refused.json.error.what);
    assert.ok(refused.json.error.what.includes(other.label), refused.json.error.what);
    assert.equal((await plainly("cards", "forget", "savings")).exit, 0);
    assert.equal((await kincard("pubkey", ...cards(own), ...FD)).exit, 2);
    assert.equal((await named(own)).exit, 2, "a name that nobody has");
  });

  it("whose code was changed elsewhere are refused before it is stretched, until the user says so", async () => {
    const own = await genuine("changed", true);
    const pubkey = ["pubkey", ...cards(own), ...FD];
    assert.equal((await kincard(...pubkey, "--expect", own.label)).exit, 0);
    // This computer's own change is noted.
    const fds = ["--code-fd", "3", "--new-code-fd", "4", "--cost", String(COST)];
    assert.equal((await kincard("code", ...cards(own), ...fds)).exit, 0);
    assert.equal((await kincard("pubkey", ...cards(own), "--code-fd", "3")).exit, 0);
    const session = new CardSession(await linkTo(own.card.board, "elsewhere"));
    await session.openChannel({ maker: maker.publicKey });
    await session.enterCode(AccessCode.from(CODE));
    await session.changeCode(AccessCode.from(CODE), { cost: COST });
    const refused = await kincard(...pubkey, "--expect", own.label);
    assert.equal(refused.exit, 5, refused.stderr);
    assert.match(refused.json.error.next, new RegExp(`--accept-new-code ${own.label}`));
    assert.equal((await session.status()).misses, 0);
    const accepted = await kincard(...pubkey, "--accept-new-code", own.label);
    assert.equal(accepted.exit, 0, accepted.stderr);
    assert.equal((await kincard(...pubkey)).exit, 0);
  });

  it("with a cheap code are refused, unless its cost is accepted or was chosen here", async () => {
    const own = await genuine("cheap", true);
    const named = ["--expect", own.label, "--code-fd", "3"];
    const refused = await kincard("pubkey", ...cards(own), ...named);
    assert.equal(refused.exit, 5);
    assert.match(refused.json.error.what, /cost 10, which is less than 15/);
    assert.equal((await kincard("pubkey", ...cards(own), ...named, "--accept-cost", "10")).exit, 0);
    const fresh = await genuine("chosen");
    const made = ["--expect", fresh.label, "--code-fd", "3", "--cost", "10"];
    assert.equal((await kincard("activate", ...cards(fresh), ...made)).exit, 0);
    assert.equal((await kincard("pubkey", ...cards(fresh), "--code-fd", "3")).exit, 0);
  });

  it("back up when each is named, and once more need no name", async () => {
    const [source, copy] = [await genuine("S", true), await genuine("D")];
    const named = [source, copy].flatMap(({ label }) => ["--expect", label]);
    const ended = await kincard("backup", ...cards(source, copy), ...named, ...FD);
    assert.equal(ended.exit, 0, ended.stderr);
    const ledger = await kincard("ledger", ...cards(source, copy), "--code-fd", "3");
    assert.equal(ledger.exit, 0, ledger.stderr);
  });

  it("--yes seals to no card that only the run file names", async () => {
    const [source, copy] = [await genuine("yes S", true), await genuine("yes D")];
    const stranger = await genuine("yes stranger");
    const { session } = source.card;
    const { ownId: id, setId, publicKey } = await session.ledger();
    await stranger.card.session.openChannel({ maker: maker.publicKey });
    await stranger.card.session.nameSource({ id, setId });
    const offer = await stranger.card.session.offer();
    // The user's own two are known here.
    for (const { uri, label } of [source, copy]) {
      const { exit } = await kincard("verify", "--card", uri, "--expect", label);
      assert.equal(exit, 0);
    }
    const run = rig.file("yes.json");
    await runFile(run).save({
      ...{ maker: maker.publicKey, setSize: 2, source: { id, setId, publicKey } },
      copies: [{ id: stranger.certificate.id, offer }],
    });
    const wallet = rig.file("yes wallet.json");
    const { writeWallet } = await import("../../host/apps/cli/commands/backup/wallet-file.js");
    await writeWallet(wallet, { id, setId, publicKey });
    const args = ["--wallet", wallet, "--run", run, "--yes", ...FD];
    const ended = await kincard("backup", ...cards(source, copy), ...args);
    assert.notEqual(ended.exit, 0);
    assert.equal(await stateOf(source), "WALLET", ended.stderr);
  });

  it("confirm believes what comes in the channel, not a plain 9000, and keeps the run until then", async () => {
    const swallow: Lies = {
      command: (apdu) => (apdu[1] === INS.CONFIRM ? Uint8Array.of(0x80, INS.STATUS, 0, 0) : apdu),
      answer: (command, answer) => (command[1] === INS.CONFIRM ? Uint8Array.of(0x90, 0) : answer),
    };
    const [source, copy] = [await genuine("C S", true), await genuine("C D")];
    const { session } = source.card;
    const { ownId: id, setId, publicKey } = await session.ledger();
    const destination = copy.card.session;
    await destination.openChannel({ maker: maker.publicKey });
    await destination.nameSource({ id, setId });
    const offer = await destination.offer();
    await session.nameDestinations({ setSize: 2, ids: [copy.certificate.id] });
    const receipt = await destination.accept(await session.seal(offer));
    const run = rig.file("confirm.json");
    await runFile(run).save({
      ...{ maker: maker.publicKey, setSize: 2, source: { id, setId, publicKey } },
      copies: [{ id: copy.certificate.id, receipt }],
    });
    const { uri, close } = await liar(() => source.card.board, swallow);
    closes.push(close);
    const named = ["--expect", source.label, "--run", run, ...FD];
    const lied = await kincard("confirm", "--card", uri, ...named);
    assert.equal(lied.exit, 5, lied.stderr);
    assert.doesNotMatch(lied.stderr, /The source knows/);
    assert.ok(await runFile(run).load(), "the receipts are gone");
    const honest = await kincard("confirm", ...cards(source), ...named);
    assert.equal(honest.exit, 0, honest.stderr);
    assert.equal(honest.json.state, "SHARED");
    assert.equal(await runFile(run).load(), undefined);
  });

  it("are not met in the place of the one that was confirmed: it is pinned by its id", async () => {
    const [own, other] = [await genuine("confirmed", true), await genuine("instead", true)];
    let there = own;
    const { link } = await switching(() => there);
    const session = new CardSession(link);
    await session.openChannel({ maker: maker.publicKey });
    const met = {
      ...{ session, certificate: own.certificate, maker: maker.publicKey },
    } as unknown as MetCard;
    const context = { signal: new AbortController().signal } as CliContext;
    // The question took long: the channel is gone, and another card lies on the reader.
    session.closeChannel();
    there = other;
    await assert.rejects(refresh(context, met), /not the card|this is the card|not [A-Z0-9-]{24}/i);
    there = own;
    await refresh(context, met);
    assert.deepEqual(session.channel?.cardId, own.certificate.id);
  });

  /** A reader on which another card may lie at each command. */
  async function switching(card: () => Card) {
    const links = new Map<Card, Awaited<ReturnType<typeof linkTo>>>();
    const now = async () => {
      const one = card();
      const link = links.get(one) ?? (await linkTo(one.card.board, one.card.name));
      links.set(one, link);
      return link;
    };
    const first = await now();
    const link = {
      ...{ name: "reader", extended: first.extended, close: async () => undefined },
      onDisconnect: () => () => undefined,
      transmit: async (apdu: Uint8Array) => (await now()).transmit(apdu),
    };
    return { link };
  }
});
