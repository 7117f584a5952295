/**
 * A user's way with three cards: personalise, activate, back up, sign on each, look at the ledgers,
 * change a code, reset. What comes out is verified by OpenSSL.
 */

import assert from "node:assert/strict";
import { DEMO_MAKER_PUBLIC } from "../../firmware/build/demo-maker.js";
import { makeBoard } from "../support/boards.js";
import { SEED } from "../support/seed.js";
import { needsBundle, TestCard } from "../host/support.js";
import { sha256, splitLabel, splitSigned, verifies } from "./openssl.js";
import { kincard, kincardHere, Rig } from "./support.js";
import type { Ended } from "./support.js";

const CODE = "three brave cards";
const WRONG = "four brave cards";
const FD = ["--code-fd", "3"];

describe("cli: from blank cards to a reset", function () {
  this.timeout(120_000);
  needsBundle(this);
  const rig = new Rig();
  const uris: string[] = [];
  let all: string[] = [];
  let printed = "";
  let wallet: string;

  before(async () => {
    console.log(`      KINCARD_SEED=${SEED}`);
    for (const name of ["A", "B", "C"]) {
      const board = makeBoard({ seed: `${SEED}${name}` });
      board.powerOn();
      uris.push(await rig.serve(board));
    }
    all = uris.flatMap((uri) => ["--card", uri]);
  });
  after(() => rig.end());

  const run = async (args: readonly string[], secrets: readonly string[] = [CODE], own = false) => {
    const ended: Ended = await (own ? kincard : kincardHere)([...args, "--json"], { secrets });
    printed += ended.stdout + ended.stderr;
    return ended;
  };
  const good = async (args: readonly string[], secrets?: readonly string[]) => {
    const ended = await run(args, secrets);
    assert.equal(ended.exit, 0, ended.stderr);
    return ended.json;
  };
  const card = (index: number) => ["--card", uris[index] as string];

  it("refuses to activate a blank card, with the word for it", async () => {
    const { exit, json } = await run(["activate", ...card(0), ...FD]);
    assert.equal(exit, 3);
    assert.equal(json.error.statusWord, "69e0");
    assert.match(json.error.next, /personalise/);
    assert.match(json.error.cards[0], /BLANK/);
  });

  it("personalises three cards; the maker's signatures verify", async () => {
    const { cards } = await good(["personalise", ...all], []);
    assert.equal(cards.length, 3);
    for (const { certificate, cardPublicKey } of cards) {
      const bytes = Buffer.from(certificate, "hex");
      assert.equal(bytes.subarray(6, 39).toString("hex"), cardPublicKey);
      const signed = Buffer.concat([Buffer.from("\x0ekincard/cert/1", "latin1"), bytes]);
      const { signed: message, signature } = splitSigned(signed.toString("hex"));
      assert.ok(verifies(DEMO_MAKER_PUBLIC, message, signature));
    }
  });

  it("verifies a genuine card; proof and certificate hold", async () => {
    const json = await good(["verify", ...card(0)], []);
    const { body } = splitLabel(splitSigned(json.certificate).signed);
    const version = Buffer.from([1, 1]);
    const certificate = Buffer.from(json.certificate, "hex").subarray(15);
    const challenge = Buffer.from(json.challenge, "hex");
    const label = Buffer.from("\x0fkincard/proof/1", "latin1");
    const message = Buffer.concat([label, version, certificate, challenge]);
    assert.equal(body.length, 39);
    assert.ok(verifies(json.cardPublicKey, message, Buffer.from(json.proof, "hex")));
  });

  it("warns that demo cards protect nothing", async () => {
    const { stderr } = await run(["verify", ...card(0)], []);
    assert.match(stderr, /DEMO.*protect nothing/);
  });

  it("calls a card of another maker not genuine", async () => {
    const g = "0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798";
    const { exit, json } = await run(["verify", ...card(0), "--maker-key", g], []);
    assert.equal(exit, 5, json);
    assert.match(json.error.what, /another maker/);
  });

  it("tells the card that was named from another one", async () => {
    const { label } = await good(["verify", ...card(1)], []);
    const { exit } = await run(["verify", ...card(0), "--expect", label], []);
    assert.equal(exit, 5);
  });

  it("refuses a code that no card takes, without repeating it", async () => {
    const ended = await run(["activate", ...card(0), ...FD], ["shrt"]);
    assert.equal(ended.exit, 2);
    assert.match(ended.stderr, /too short/);
    assert.ok(!`${ended.stdout}${ended.stderr}`.includes("shrt"));
  });

  it("activates one card", async () => {
    const json = await good(["activate", ...card(0), ...FD, "--cost", "10"]);
    assert.equal(json.state, "WALLET");
    wallet = json.publicKey;
  });

  it("backs up to the other two, step by step in words", async () => {
    const args = ["backup", ...all, ...FD, "--run", rig.file("run.json")];
    const ended = await run(args, [CODE], true);
    assert.equal(ended.exit, 0, ended.stderr);
    assert.equal(ended.json.complete, true);
    assert.equal(ended.json.publicKey, wallet);
    assert.match(ended.stderr, /Copy card 2 .* took the key/);
    assert.match(ended.stderr, /keep it still for about/);
    assert.match(ended.stderr, /\[10\/10\]/);
    assert.throws(() => rig.read("run.json"), "a finished run is cleared away");
  });

  it("signs the same on each card; OpenSSL agrees", async () => {
    const message = Buffer.from("pay the piper");
    const digest = sha256(message).toString("hex");
    for (const index of [0, 1, 2]) {
      const json = await good(["sign", ...card(index), ...FD, "--digest", digest]);
      assert.equal(json.publicKey, wallet);
      assert.ok(verifies(wallet, message, Buffer.from(json.signature, "hex")));
    }
  });

  it("signs with a derived key, whose xpub it shows", async () => {
    const path = ["--path", "m/84'/0'/0'/0/1"];
    const message = Buffer.from("pay the other piper");
    const digest = sha256(message).toString("hex");
    const signed = await good(["sign", ...card(1), ...FD, ...path, "--digest", digest]);
    const key = await good(["pubkey", ...card(2), ...FD, ...path]);
    assert.equal(key.publicKey, signed.publicKey);
    assert.notEqual(key.publicKey, wallet);
    assert.ok(verifies(key.publicKey, message, Buffer.from(signed.signature, "hex")));
    const { xpub } = await good(["xpub", ...card(0), ...FD, ...path, "--type", "zpub"]);
    assert.match(xpub, /^zpub/);
  });

  it("says the path in use, and that its apostrophes are gone", async () => {
    const text = async (name: string, ...more: string[]) => {
      const ended = await kincardHere([name, ...card(0), ...FD, ...more], { secrets: [CODE] });
      assert.equal(ended.exit, 0, ended.stderr);
      return ended;
    };
    const digest = ["--digest", "07".repeat(32)];
    for (const [name, ...more] of [["pubkey"], ["xpub"], ["sign", ...digest]] as const) {
      const { stdout, stderr } = await text(name, "--path", "m/84/0/0", ...more);
      assert.match(stdout, /^path +m\/84\/0\/0$/m);
      assert.match(
        stderr,
        /m\/84\/0\/0, not m\/84'\/0'\/0', and gives another key.*m\/84h\/0h\/0h/,
      );
    }
    const fits = await text("xpub", "--path", "m/84'/0'/0'", "--type", "zpub");
    assert.doesNotMatch(fits.stderr, /wallet that reads it|another key/);
    const unfit = await text("xpub", "--path", "m/44h/0h/0h", "--type", "zpub");
    assert.match(
      unfit.stderr,
      /a zpub is meant for a path such as m\/84'\/0'\/0', and this is m\/44'/,
    );
    assert.match(unfit.stdout, /^zpub +zpub6/m);
  });

  it("shows three ledgers that agree, each signed by its card", async () => {
    const { ledgers } = await good(["ledger", ...all, ...FD]);
    assert.deepEqual(
      ledgers.map(({ state, copy }: { state: string; copy: number }) => `${state} ${copy}`),
      ["SHARED 1", "COPY 2", "COPY 3"],
    );
    for (const { signed, publicKey } of ledgers) {
      assert.equal(publicKey, wallet);
      assert.equal(splitLabel(splitSigned(signed).signed).label, "kincard/ledger/1");
    }
  });

  it("says what a wrong code costs, and that nothing is lost", async () => {
    const { exit, json } = await run(["pubkey", ...card(2), ...FD], [WRONG]);
    assert.equal(exit, 6);
    assert.equal(json.error.statusWord, "6300");
    assert.match(json.error.cards[0], /COPY, 1 wrong code/);
    await good(["pubkey", ...card(2), ...FD]);
    const { cards } = await good(["status", ...card(2)], []);
    assert.equal(cards[0].misses, 0);
  });

  it("refuses a second backup", async () => {
    const { exit, json } = await run(["finish", ...card(0), ...FD]);
    assert.equal(exit, 3);
    assert.equal(json.error.statusWord, "69e2");
  });

  it("changes one card's code and leaves the others'", async () => {
    const fds = [...FD, "--new-code-fd", "4", "--cost", "10"];
    await good(["code", ...card(1), ...fds], [CODE, WRONG]);
    await good(["pubkey", ...card(1), ...FD], [WRONG]);
    await good(["pubkey", ...card(2), ...FD]);
  });

  it("compares cards whose codes differ: one code a card, none tried twice", async () => {
    const misses = async () => (await good(["status", ...card(1)], [])).cards[0].misses;
    const { ledgers } = await good(["ledger", ...all, ...FD], [`${CODE}\n${WRONG}`]);
    assert.equal(ledgers.length, 3);
    assert.equal(await misses(), 0, "its own code ended the count");
    for (const secrets of [`${CODE}\n${CODE}`, CODE]) {
      const before = await misses();
      const { exit } = await run(["ledger", ...all, ...FD], [secrets]);
      assert.equal(exit, 6);
      assert.equal(await misses(), before + 1, "one try, however often it was given");
    }
    await good(["pubkey", ...card(1), ...FD], [WRONG]);
  });

  it("resets only the card that is named twice", async () => {
    const { label } = await good(["verify", ...card(2)], []);
    const unnamed = await run(["reset", ...card(2), ...FD], [CODE], true);
    assert.equal(unnamed.exit, 2);
    assert.match(unnamed.stderr, new RegExp(`--confirm ${label}`));
    const { json } = await run(["reset", ...card(1), ...FD, "--confirm", label], [WRONG]);
    assert.match(json.error.what, /does not name the card that is connected/);
    const done = await good(["reset", ...card(2), ...FD, "--confirm", label]);
    assert.equal(done.state, "EMPTY");
    const { cards } = await good(["status", ...all], []);
    const states = cards.map(({ state }: { state: string }) => state);
    assert.deepEqual(states, ["SHARED", "COPY", "EMPTY"]);
  });

  it("never printed a code", () => {
    assert.ok(printed.length > 1000);
    for (const secret of [CODE, WRONG]) {
      assert.ok(!printed.includes(secret), "an access code was printed");
      assert.ok(!printed.includes(Buffer.from(secret).toString("hex")), "or its bytes");
    }
  });
});

describe("cli: secrets", function () {
  this.timeout(60_000);
  needsBundle(this);
  const rig = new Rig();
  after(() => rig.end());

  it("takes no code from the environment", async () => {
    const { board } = await TestCard.wallet("environment");
    const uri = await rig.serve(board);
    const env = { KINCARD_CODE: "correct horse", CODE: "correct horse" };
    const ended = await kincard(["pubkey", "--card", uri], { env });
    assert.equal(ended.exit, 2, ended.stderr);
    assert.match(ended.stderr, /--code-fd/);
  });
});
