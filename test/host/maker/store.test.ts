/**
 * The maker's folder: sealed, never overwritten, whole after a crash, clear about what is wrong.
 */

import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, stat, writeFile, appendFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeKeyPair } from "../../../host/sdk/crypto/curve.js";
import { toHex } from "../../../host/sdk/crypto/bytes.js";
import { verifyCertificate } from "../../../host/sdk/card/certificate.js";
import { formatLabel } from "../../../host/sdk/card/label.js";
import { isFailure } from "../../../host/sdk/failures/failure.js";
import type { FailureCode } from "../../../host/sdk/failures/facts.js";
import { parseSealedMaker, unsealMaker } from "../../../host/sdk/maker/seal.js";
import { MakerStore } from "../../../host/sdk/maker/store.js";
import { requestOf } from "../card/requests.js";

const PASSPHRASE = "a passphrase for tests";
/** scrypt's least cost: but for one, these tests are not about it. */
const FAST = { cost: 10 };

const refuses = (code: FailureCode) => (error: unknown) => {
  assert.ok(isFailure(error), String(error));
  assert.equal(error.code, code);
  assert.ok(!error.message.includes(PASSPHRASE));
  return true;
};

describe("maker's folder", function () {
  this.timeout(30_000);
  let parent: string;
  let folder: string;
  let store: MakerStore;

  before(async () => {
    parent = await mkdtemp(join(tmpdir(), "kincard-maker-"));
    folder = join(parent, "maker");
    store = await MakerStore.init(folder, PASSPHRASE, FAST);
  });
  after(() => rm(parent, { recursive: true, force: true }));

  it("is for its owner alone", async () => {
    assert.equal((await stat(folder)).mode & 0o777, 0o700);
    assert.equal((await stat(join(folder, "maker.json"))).mode & 0o777, 0o600);
  });

  it("holds the private key only sealed", async () => {
    const text = await readFile(join(folder, "maker.json"), "utf8");
    const maker = await unsealMaker(parseSealedMaker(text), PASSPHRASE);
    maker.withSecret((secret) => assert.ok(!text.includes(toHex(secret))));
    maker.wipe();
  });

  it("is sealed with scrypt at 2^17 unless told otherwise, and says how far it is", async () => {
    const progress: number[] = [];
    const other = join(parent, "slow");
    await MakerStore.init(other, PASSPHRASE, { onProgress: (done) => progress.push(done) });
    assert.match(await readFile(join(other, "maker.json"), "utf8"), /"cost": 17/);
    assert.equal(progress.at(-1), 1);
  });

  it("is never overwritten", async () => {
    const before = await readFile(join(folder, "maker.json"), "utf8");
    await assert.rejects(MakerStore.init(folder, PASSPHRASE), refuses("maker/exists"));
    assert.equal(await readFile(join(folder, "maker.json"), "utf8"), before);
    assert.deepEqual(
      (await readdir(folder)).filter((name) => name.endsWith(".tmp")),
      [],
    );
  });

  it("is not made with a weak passphrase", async () => {
    const weak = MakerStore.init(join(parent, "weak"), "short");
    await assert.rejects(weak, refuses("maker/passphrase-short"));
  });

  it("shows its public key without the passphrase", async () => {
    const again = await MakerStore.open(folder);
    assert.equal(toHex(again.publicKey), toHex(store.publicKey));
    assert.equal(again.id.length, 4);
  });

  it("tells a wrong passphrase from damage", async () => {
    const again = await MakerStore.open(folder);
    await assert.rejects(again.unlock(PASSPHRASE + "!"), refuses("maker/passphrase-wrong"));
    const text = await readFile(join(folder, "maker.json"), "utf8");
    const damaged = join(parent, "damaged");
    await MakerStore.init(damaged, PASSPHRASE, FAST);
    const path = join(damaged, "maker.json");
    const sealed = /"sealed": "(.)/.exec(text)?.[1] === "0" ? "1" : "0";
    const changes: [string, string][] = [
      ["", "an empty file"],
      [text.slice(0, -20), "a short file"],
      [text.replace(/"sealed": "./, `"sealed": "${sealed}`), "a changed seal"],
      [text.replace(/"cost": 10/, '"cost": 11'), "another cost"],
      [text.replace(/"publicKey": "0./, '"publicKey": "04'), "another public key"],
      ["[]", "something else"],
    ];
    for (const [changed, what] of changes) {
      await writeFile(path, changed);
      await assert.rejects(MakerStore.open(damaged), refuses("maker/damaged"), what);
    }
  });

  it("says that there is no maker", async () => {
    const missing = refuses("maker/missing");
    await assert.rejects(MakerStore.open(join(parent, "nothing")), missing);
  });

  it("signs nothing while locked, nor a request that is not genuine", async () => {
    const card = makeKeyPair();
    const request = requestOf(card, store.publicKey);
    await assert.rejects(store.certify(request), refuses("maker/locked"));
    await store.unlock(PASSPHRASE);
    await assert.rejects(store.certify(requestOf(card, card.point)), /not valid/);
    assert.deepEqual((await store.list()).cards, []);
  });

  it("lists every card that it signed, once, and the label that goes on it", async () => {
    const requests = [1, 2].map(() => requestOf(makeKeyPair(), store.publicKey));
    const first = await store.certify(requests[0] as never, "A-1");
    await store.certify(requests[1] as never);
    const again = await store.certify(requests[0] as never, "A-1");
    assert.equal(toHex(again.bytes), toHex(first.bytes));
    verifyCertificate(store.publicKey, first.bytes);
    const { cards, damaged } = await (await MakerStore.open(folder)).list();
    assert.equal(damaged, 0);
    assert.deepEqual(
      cards.map(({ serial }) => serial),
      ["A-1", undefined],
    );
    assert.equal(cards[0]?.label, formatLabel(first.id));
    assert.equal(cards[0]?.certificate, toHex(first.bytes));
    assert.equal((await stat(join(folder, "cards.jsonl"))).mode & 0o777, 0o600);
  });

  it("keeps its list when a crash cut its last line", async () => {
    await appendFile(join(folder, "cards.jsonl"), '{"date":"2026-');
    await store.certify(requestOf(makeKeyPair(), store.publicKey));
    const { cards, damaged } = await store.list();
    assert.deepEqual([cards.length, damaged], [3, 1]);
  });

  it("signs nothing when the list can't be written", async () => {
    const other = join(parent, "unlisted");
    const unlisted = await MakerStore.init(other, PASSPHRASE, FAST);
    await unlisted.unlock(PASSPHRASE);
    await rm(other, { recursive: true });
    const request = requestOf(makeKeyPair(), unlisted.publicKey);
    await assert.rejects(unlisted.certify(request), refuses("maker/list-write"));
  });
});
