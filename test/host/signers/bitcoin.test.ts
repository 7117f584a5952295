/**
 * PSBTs signed by a card, verified by @scure/btc-signer, and what wallets take to watch an account:
 * the vectors of bips/bip-0049, 0084 and 0380.
 */
import assert from "node:assert/strict";
import { HDKey } from "@scure/bip32";
import * as btc from "@scure/btc-signer";
import { virtualCard, type VirtualCard } from "../../../host/emulator/card/index.js";
import { formatPath, parsePath } from "../../../host/sdk/crypto/bip32.js";
import { fromHex, toHex } from "../../../host/sdk/crypto/bytes.js";
import { isFailure } from "../../../host/sdk/failures/failure.js";
import { readPsbt, signPsbt } from "../../../host/sdk/signers/bitcoin.js";
import type { SigningCard } from "../../../host/sdk/signers/source.js";
import { masterFingerprint } from "../../../host/sdk/signers/source.js";
import { accountAddress, readAccount } from "../../../host/sdk/wallet/account.js";
import { descriptorChecksum, exportAccount } from "../../../host/sdk/wallet/descriptor.js";
import type { KindName } from "../../../host/sdk/wallet/kinds.js";
import { needsBundle } from "../support.js";
import { knownCard } from "./card.js";

/** The seed of "abandon ... about", which BIP 49 and BIP 84 use: BIP 39 without a passphrase. */
const SEED = fromHex(
  "5eb00bbddcf069084889a8ab9155568165f5c453ccb85e70811aaed6f6da5fc1" +
    "9a5ac40b389cd370d086206dec8aa6c43daea6690f20ad3d8d48b2d2ce9e38e4",
);
const known = knownCard(HDKey.fromMasterSeed(SEED));

describe("an account of the wallet", () => {
  it("has BIP 84's addresses and zpub", async () => {
    const account = await readAccount(known);
    assert.deepEqual(accountAddress(account, 0), {
      address: "bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu",
      path: parsePath("m/84'/0'/0'/0/0"),
    });
    assert.equal(accountAddress(account, 1).address, "bc1qnjg0jd8228aq7egyzacy8cys3knf9xvrerkf9g");
    assert.equal(
      accountAddress(account, 0, true).address,
      "bc1q8c6fshw2dlwun7ekn9qwf37cu2rn755upcp6el",
    );
    assert.equal(
      exportAccount(account).slip132,
      "zpub6rFR7y4Q2AijBEqTUquhVz398htDFrtymD9xYYfG1m4wAcvPhXNfE3EfH1r1ADqtfSdVCToUG868RvUUkgDKf" +
        "31mGDtKsAYz2oz2AGutZYs",
    );
  });
  it("has BIP 49's address on the test network", async () => {
    const account = await readAccount(known, { kind: "sh-wpkh", network: "testnet" });
    assert.equal(accountAddress(account, 0).address, "2Mww8dCYPUpKHofjgcXcBCEGmniw9CoaiD2");
  });
  it("has BIP 44's first address", async () => {
    const account = await readAccount(known, { kind: "pkh" });
    assert.equal(accountAddress(account, 0).address, "1LqBGSKuX5yYUonjxT5qGfpUsXKYYWeabA");
  });
  it("is exported with the master key's fingerprint, two paths and checksums", async () => {
    const { descriptor, receive, change, fingerprint, xpub, path } = exportAccount(
      await readAccount(known),
    );
    assert.equal(fingerprint, "73c5da0a");
    assert.equal(path, "m/84'/0'/0'");
    const key = `[73c5da0a/84h/0h/0h]${xpub}`;
    for (const [found, below] of [
      [receive, "0"],
      [change, "1"],
      [descriptor, "<0;1>"],
    ] as const) {
      const [text = "", sum] = found.split("#");
      assert.equal(text, `wpkh(${key}/${below}/*)`);
      assert.equal(sum, descriptorChecksum(text));
    }
    const nested = exportAccount(await readAccount(known, { kind: "sh-wpkh", account: 3 }));
    assert.match(nested.receive, /^sh\(wpkh\(\[73c5da0a\/49h\/0h\/3h\]xpub\w+\/0\/\*\)\)#\w{8}$/);
  });
});

describe("a descriptor's checksum", () => {
  it("is BIP 380's", () => assert.equal(descriptorChecksum("raw(deadbeef)"), "89f8spxm"));
  it("is Bitcoin Core's (its own test of sh(multi))", () => {
    const text =
      "sh(multi(2,[00000000/111'/222]xprvA1RpRA33e1JQ7ifknakTFpgNXPmW2YvmhqLQYMmrj4xJXXWYpDPS3xz7i" +
      "Axn8L39njGVyuoseXzU6rcxFLJ8HFsTjSyQbLYnMpCqE2VbFWc,xprv9uPDJpEQgRQfDcW7BkF7eTya6RPxXeJCqCJG" +
      "HuCJ4GiRVLzkTXBAJMu2qaMWPrS7AANYqdq6vcBcBUdJCVVFceUvJFjaPdGZ2y9WACViL4L/0))";
    assert.equal(descriptorChecksum(text), "ggrsrxfy");
  });
  it("refuses what no descriptor holds", () =>
    assert.throws(() => descriptorChecksum("wpkh(ü)"), RangeError));
});

const KINDS: readonly KindName[] = ["wpkh", "sh-wpkh", "pkh"];
const PURPOSE: Readonly<Record<KindName, number>> = { wpkh: 84, "sh-wpkh": 49, pkh: 44 };
const FOREIGN = "bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu";

interface Made {
  readonly psbt: Uint8Array;
  readonly transaction: btc.Transaction;
}
interface Making {
  readonly kinds?: readonly KindName[];
  readonly sighash?: number;
  readonly amount?: bigint;
  /** Where change goes: m/84'/0'/0'/1/0. */
  readonly change?: string;
  readonly fingerprint?: number;
  readonly network?: typeof btc.NETWORK;
}

/** A PSBT that spends 100 000 satoshis of each kind, as a watching wallet would make it. */
async function makePsbt(card: SigningCard, options: Making = {}): Promise<Made> {
  const { kinds = KINDS, amount = 50_000n, change = "m/84'/0'/0'/1/0", sighash } = options;
  const master = options.fingerprint ?? Number(`0x${await masterFingerprint(card)}`);
  const transaction = new btc.Transaction();
  for (const [index, kind] of kinds.entries()) {
    const path = parsePath(`m/${PURPOSE[kind]}'/0'/0'/0/${index}`);
    const { publicKey } = await card.publicKey(path);
    const wpkh = btc.p2wpkh(publicKey);
    const spend = { wpkh, "sh-wpkh": btc.p2sh(wpkh), pkh: btc.p2pkh(publicKey) }[kind];
    const before = new btc.Transaction({ allowUnknownInputs: true, allowUnknownOutputs: true });
    before.addOutput({ script: spend.script, amount: 100_000n });
    before.addInput({ txid: "11".repeat(32), index, finalScriptSig: Uint8Array.of(0x51) });
    transaction.addInput({
      ...{ txid: before.id, index: 0 },
      ...(kind === "pkh"
        ? { nonWitnessUtxo: before.toBytes(true) }
        : { witnessUtxo: { script: spend.script, amount: 100_000n } }),
      ...("redeemScript" in spend ? { redeemScript: spend.redeemScript } : {}),
      ...(sighash === undefined ? {} : { sighashType: sighash }),
      bip32Derivation: [[publicKey, { fingerprint: master, path }]],
    });
  }
  transaction.addOutputAddress(FOREIGN, amount);
  const back = await card.publicKey(parsePath(change));
  transaction.addOutput({
    script: btc.p2wpkh(back.publicKey).script,
    amount: BigInt(kinds.length) * 100_000n - amount - 1000n,
    bip32Derivation: [[back.publicKey, { fingerprint: master, path: parsePath(change) }]],
  });
  return { psbt: transaction.toPSBT(), transaction };
}

describe("a PSBT", function () {
  this.timeout(60_000);
  needsBundle(this);
  let card: VirtualCard;
  before(async () => void (card = await virtualCard({ seed: "bitcoin" })));
  after(() => card.close());

  for (const kind of KINDS)
    it(`of ${kind} is signed by a virtual card, and the library finalises it`, async () => {
      const { psbt } = await makePsbt(card.session, { kinds: [kind] });
      const { psbt: signed, transaction, signed: inputs } = await signPsbt(card.session, psbt);
      assert.deepEqual(inputs, [0]);
      const found = btc.Transaction.fromPSBT(signed);
      found.finalize();
      assert.equal(found.hex, transaction);
      assert.equal(found.fee, 1000n);
    });

  it("gets the very signatures that the library makes of the same keys", async () => {
    const root = HDKey.fromMasterSeed(SEED);
    const { psbt } = await makePsbt(known);
    const own = btc.Transaction.fromPSBT(psbt);
    for (const [index, kind] of KINDS.entries()) {
      const { privateKey } = root.derive(`m/${PURPOSE[kind]}'/0'/0'/0/${index}`);
      assert.ok(own.signIdx(privateKey as Uint8Array, index));
    }
    own.finalize();
    const { transaction } = await signPsbt(known, psbt);
    assert.equal(transaction, own.hex);
  });

  it("is told before it is signed: amounts, addresses, change, fee", async () => {
    const { psbt } = await makePsbt(known, { kinds: ["wpkh"] });
    const { digests } = known;
    const before = digests.length;
    const summary = await readPsbt(known, psbt);
    assert.equal(digests.length, before, "a summary signs nothing");
    assert.equal(summary.network, "bitcoin");
    assert.equal(summary.fee, 1000n);
    assert.equal(summary.spent, 51_000n);
    assert.equal(summary.unproven, true);
    assert.deepEqual(
      summary.outputs.map(({ to, amount, change }) => [to, amount, change && formatPath(change)]),
      [
        [FOREIGN, 50_000n, undefined],
        ["bc1q8c6fshw2dlwun7ekn9qwf37cu2rn755upcp6el", 49_000n, "m/84'/0'/0'/1/0"],
      ],
    );
    const [input] = summary.inputs;
    assert.equal(input?.own && formatPath(input.own.path), "m/84'/0'/0'/0/0");
    assert.equal(input?.own?.kind, "wpkh");
  });

  it("calls no output change whose key is not the card's, or of an account that spends nothing", async () => {
    const { psbt, transaction } = await makePsbt(known, { kinds: ["wpkh"] });
    const far = await makePsbt(known, { kinds: ["wpkh"], change: "m/84'/0'/7'/1/0" });
    const [, output] = (await readPsbt(known, far.psbt)).outputs;
    assert.equal(output?.change, undefined);
    // somebody else's script under the card's own derivation
    const lying = btc.Transaction.fromPSBT(psbt);
    const { bip32Derivation } = transaction.getOutput(1);
    const script = btc.p2wpkh((await known.publicKey([5])).publicKey).script;
    lying.updateOutput(1, { script, bip32Derivation }, true);
    assert.equal((await readPsbt(known, lying.toPSBT())).outputs[1]?.change, undefined);
    // the card's fingerprint and path over a key that is not there
    const other = (await known.publicKey([6])).publicKey;
    const forged = await makePsbt(known, { kinds: ["wpkh"] });
    const tampered = btc.Transaction.fromPSBT(forged.psbt);
    const der = { fingerprint: 0x73c5da0a, path: parsePath("m/84'/0'/0'/1/0") };
    tampered.updateOutput(
      1,
      {
        script: btc.p2wpkh(other).script,
        bip32Derivation: [[other, der]],
      },
      true,
    );
    assert.equal((await readPsbt(known, tampered.toPSBT())).outputs[1]?.change, undefined);
  });

  it("keeps the signatures of others, and signs what was asked for", async () => {
    const { psbt } = await makePsbt(known, { kinds: ["wpkh", "wpkh"] });
    const first = await signPsbt(known, psbt, { inputs: [1] });
    assert.deepEqual(first.signed, [1]);
    assert.equal(first.transaction, undefined);
    const second = await signPsbt(known, first.psbt);
    assert.deepEqual(second.signed, [0]);
    assert.ok(second.transaction);
    await assert.rejects(signPsbt(known, second.psbt), (error) =>
      isFailure(error, "input/psbt-nothing"),
    );
  });

  it("of a nested input without its redeem script is signed all the same", async () => {
    const { psbt } = await makePsbt(known, { kinds: ["sh-wpkh"] });
    const bare = btc.Transaction.fromPSBT(psbt, { disableScriptCheck: true });
    bare.updateInput(0, { redeemScript: undefined }, true);
    const { transaction } = await signPsbt(known, bare.toPSBT());
    assert.equal(transaction, (await signPsbt(known, psbt)).transaction);
  });

  it("takes base64 too", async () => {
    const { psbt } = await makePsbt(known, { kinds: ["wpkh"] });
    const text = Buffer.from(psbt).toString("base64");
    assert.ok((await signPsbt(known, `${text}\n`)).transaction);
  });

  it("is signed over everything or not at all", async () => {
    for (const sighash of [2, 3, 0x81]) {
      const { psbt } = await makePsbt(known, { kinds: ["wpkh"], sighash });
      const before = known.digests.length;
      await assert.rejects(signPsbt(known, psbt), (error) =>
        isFailure(error, "input/psbt-sighash"),
      );
      assert.equal(known.digests.length, before);
    }
  });

  it("of another wallet is not signed", async () => {
    const { psbt } = await makePsbt(known, { kinds: ["wpkh"], fingerprint: 1 });
    await assert.rejects(signPsbt(known, psbt), (error) => isFailure(error, "input/psbt-nothing"));
    const theirs = await makePsbt(knownCard(HDKey.fromMasterSeed(SEED.slice(32))), {
      ...{ kinds: ["wpkh"], fingerprint: 0x73c5da0a },
    });
    await assert.rejects(signPsbt(known, theirs.psbt), (error) =>
      isFailure(error, "input/psbt-nothing"),
    );
  });

  it("is refused in a sentence when it is none, or spends too much", async () => {
    const refuses = (psbt: Uint8Array | string) =>
      assert.rejects(readPsbt(known, psbt), (error) => isFailure(error, "input/psbt"));
    await refuses("not base64 at all!");
    await refuses(new Uint8Array(40));
    const { psbt } = await makePsbt(known, { kinds: ["wpkh"] });
    await refuses(psbt.slice(0, -20));
    const { psbt: greedy } = await makePsbt(known, { kinds: ["wpkh"], amount: 10_000n });
    const more = btc.Transaction.fromPSBT(greedy);
    more.updateOutput(0, { amount: 900_000n }, true);
    await refuses(more.toPSBT());
  });

  it("whose previous transaction says another amount is refused", async () => {
    const { psbt } = await makePsbt(known, { kinds: ["pkh"] });
    const text = toHex(psbt);
    // 100 000 in the previous transaction's output, once: its id no longer fits
    const wrong = text.replace("a086010000000000", "a186010000000000");
    assert.notEqual(wrong, text);
    await assert.rejects(readPsbt(known, fromHex(wrong)), (error) =>
      isFailure(error, "input/psbt"),
    );
  });
});
