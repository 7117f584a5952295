/**
 * The commands that sign for wallets: what is shown before, that somebody is asked, and that what
 * comes out is verified by the wallets' own libraries.
 */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import * as btc from "@scure/btc-signer";
import { recoverMessageAddress, recoverTransactionAddress, recoverTypedDataAddress } from "viem";
import { VIRTUAL_CODE } from "../../host/emulator/card/index.js";
import { parsePath } from "../../host/sdk/crypto/bip32.js";
import { toHex } from "../../host/sdk/crypto/bytes.js";
import { descriptorChecksum } from "../../host/sdk/wallet/descriptor.js";
import { masterFingerprint } from "../../host/sdk/signers/source.js";
import { verifySigned } from "../../host/sdk/signed/verify.js";
import { needsBundle } from "../host/support.js";
import { readBitcoinMessage } from "./openssl.js";
import { CLI, kincard, kincardHere, Rig } from "./support.js";
import { PART, some } from "../support/full.js";

const TO = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const FOREIGN = "bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu";
const PATHS = [
  ...["m/84h/0h/0h/0/0", "m/49h/0h/0h/0/0", "m/44h/0h/0h/0/0"],
  ...["m/84'/0'/0'/0/0", "m/84'/0'/0'/1/0"],
] as const;
const REQUEST = {
  ...{ chainId: 1, nonce: 3, gas: 21000, to: TO, value: "100000000000000000" },
  ...{ maxFeePerGas: "0x6fc23ac00", maxPriorityFeePerGas: 1_000_000_000 },
};

describe("cli: signing for wallets", function () {
  this.timeout(120_000);
  needsBundle(this);
  const rig = new Rig();
  let uri: string;
  /** The card's own words, asked before any command is on its port: public keys by their paths. */
  const keys = new Map<string, Uint8Array>();
  let fingerprint: number;
  before(async () => {
    const served = await rig.serveWallet("cli");
    uri = served.uri;
    const session = await served.card.unlock();
    for (const path of PATHS) keys.set(path, (await session.publicKey(parsePath(path))).publicKey);
    fingerprint = Number(`0x${await masterFingerprint(session)}`);
    await session.close();
  });
  after(() => rig.end());

  const options = () => ["--card", uri, "--code-fd", "3", "--accept-cost", "10", "--json"];
  const run = (command: string, ...args: string[]) =>
    kincardHere([command, ...options(), ...args], { secrets: [VIRTUAL_CODE] });
  const good = async (command: string, ...args: string[]) => {
    const ended = await run(command, "--yes", ...args);
    assert.equal(ended.exit, 0, ended.stderr + ended.stdout);
    return ended;
  };
  const file = (name: string, content: string | Uint8Array) => {
    writeFileSync(rig.file(name), content);
    return rig.file(name);
  };

  it("sign-tx shows chain, recipient, amount and fee, and the sender is recovered", async () => {
    const { json, stderr } = await good(
      "sign-tx",
      "--tx",
      file("tx.json", JSON.stringify(REQUEST)),
    );
    for (const shown of ["Ethereum (1)", TO, "0.1 ", "0.00063 ", "21000 gas"])
      assert.ok(stderr.includes(shown), `${shown}: ${stderr}`);
    const sender = await recoverTransactionAddress({ serializedTransaction: json.transaction });
    assert.equal(sender, json.from);
    assert.equal(json.path, "m/44'/60'/0'/0/0");
  });

  it("sign-tx takes a serialised transaction, and none that is signed, chainless or another's", async () => {
    const { json } = await good("sign-tx", "--tx", file("tx.json", JSON.stringify(REQUEST)));
    const refused = async (tx: string, says: RegExp) => {
      const { exit, json: told } = await run("sign-tx", "--yes", "--tx", tx);
      assert.equal(exit, 2);
      assert.match(told.error.what, says);
    };
    await refused(json.transaction, /signed already/);
    await refused("0x1234", /neither a serialised transaction/);
    await refused(file("a.json", JSON.stringify({ ...REQUEST, chainId: undefined })), /no chain/);
    await refused(file("b.json", JSON.stringify({ ...REQUEST, from: TO })), /is from 0x7099/);
    await refused(file("c.json", JSON.stringify({ ...REQUEST, gasPrise: 1 })), /"gasPrise"/);
    await refused(file("d.json", JSON.stringify({ ...REQUEST, value: "1.5" })), /value/);
    await refused(file("e.json", JSON.stringify({ ...REQUEST, to: "0x12" })), /0x12/);
  });

  it("sign-message for Ethereum: EIP-191 and EIP-712", async () => {
    const { json, stderr } = await good(
      "sign-message",
      "--for",
      "ethereum",
      "--message",
      "hi\u202e",
    );
    assert.ok(!stderr.includes("\u202e"), "the message turned the line round");
    const { signature, address } = json;
    assert.equal(await recoverMessageAddress({ message: "hi\u202e", signature }), address);
    const typed = {
      domain: { name: "Shop", chainId: 1 },
      types: { Order: [{ name: "amount", type: "uint256" }] },
      primaryType: "Order",
      message: { amount: 5 },
    } as const;
    const path = file("typed.json", JSON.stringify(typed));
    const second = await good("sign-message", "--for", "ethereum", "--typed", path);
    assert.match(second.stderr, /Shop[\s\S]*Order[\s\S]*"amount":5/);
    const found = await recoverTypedDataAddress({
      ...typed,
      message: { amount: 5n },
      signature: second.json.signature,
    });
    assert.equal(found, address);
  });

  it("sign-message for Bitcoin, by each kind of address", async () => {
    const text = "Bitcoin, ☕";
    for (const [path, kind, least] of [
      ["m/84h/0h/0h/0/0", /^bc1q/, 39],
      ["m/49h/0h/0h/0/0", /^3/, 35],
      ["m/44h/0h/0h/0/0", /^1/, 31],
    ] as const) {
      const where = ["--file", file("text", text), "--path", path];
      const { json } = await good("sign-message", "--for", "bitcoin", ...where);
      assert.match(json.address, kind);
      assert.equal(verifySigned(text, json.address, json.signature), "good");
      const { header, publicKey, good: verified } = readBitcoinMessage(text, json.signature);
      const key = keys.get(path) as Uint8Array;
      assert.deepEqual([publicKey, verified], [toHex(key), true]);
      assert.ok(header >= least && header < least + 4, `header ${header}`);
      assert.notEqual(readBitcoinMessage(`${text}!`, json.signature).publicKey, toHex(key));
    }
  });

  it("sign-psbt shows amounts, recipients, change and fee, and signs", async () => {
    const key = (path: (typeof PATHS)[number]) => {
      const at = parsePath(path);
      const publicKey = keys.get(path) as Uint8Array;
      const bip32Derivation: [Uint8Array, { fingerprint: number; path: number[] }][] = [
        [publicKey, { fingerprint, path: at }],
      ];
      return { script: btc.p2wpkh(publicKey).script, bip32Derivation };
    };
    const [from, back] = [key("m/84'/0'/0'/0/0"), key("m/84'/0'/0'/1/0")];
    const transaction = new btc.Transaction();
    const { script, bip32Derivation } = from;
    const witnessUtxo = { script, amount: 100_000n };
    transaction.addInput({ txid: "22".repeat(32), index: 0, witnessUtxo, bip32Derivation });
    transaction.addOutputAddress(FOREIGN, 60_000n);
    transaction.addOutput({ ...back, amount: 39_000n });
    const psbt = file("in.psbt", transaction.toPSBT());
    const out = rig.file("out.psbt");
    const { json, stderr } = await good("sign-psbt", "--psbt", psbt, "--out", out);
    for (const shown of ["0.00060000 BTC", FOREIGN, "0.00039000 BTC", "m/84'/0'/0'/1/0"])
      assert.ok(stderr.includes(shown), `${shown}: ${stderr}`);
    assert.match(stderr, /fee +0\.00001000 BTC/);
    assert.match(stderr, /you spend +0\.00061000 BTC/);
    assert.match(stderr, /word alone/);
    const signed = btc.Transaction.fromPSBT(Buffer.from(readFileSync(out, "utf8"), "base64"));
    signed.finalize();
    assert.equal(signed.hex, json.transaction);
    const elsewhere = await good("sign-psbt", "--psbt", psbt, "--network", "testnet");
    assert.equal(elsewhere.json.summary.network, "testnet");
    assert.ok(!elsewhere.stderr.includes(FOREIGN) && /tb1q/.test(elsewhere.stderr));
    const again = await run("sign-psbt", "--yes", "--psbt", out);
    assert.equal(again.exit, 2);
    assert.match(again.json.error.what, /still to be signed/);
  });

  it("descriptor gives what wallets import", async () => {
    const { exit, json, stderr } = await run("descriptor", "--kind", "sh-wpkh");
    assert.equal(exit, 0, stderr);
    const [text = "", sum] = json.receive.split("#");
    assert.match(text, /^sh\(wpkh\(\[[0-9a-f]{8}\/49h\/0h\/0h\]xpub\w+\/0\/\*\)\)$/);
    assert.equal(sum, descriptorChecksum(text));
    assert.match(json.slip132, /^ypub/);
    assert.match(json.address, /^3/);
    const other = await run("descriptor", "--network", "testnet", "--account", "5");
    assert.match(other.json.receive, /^wpkh\(\[[0-9a-f]{8}\/84h\/1h\/5h\]tpub\w+\/0\/\*\)#/);
    assert.match(other.json.slip132, /^vpub/);
    assert.match(other.json.address, /^tb1q/);
  });

  it(`signs nothing where nobody can be asked, and without --yes${PART}`, async () => {
    const commands = [
      ["sign-message", "--for", "ethereum", "--message", "x"],
      ["sign-tx", "--tx", file("tx.json", JSON.stringify(REQUEST))],
    ];
    for (const args of some("unasked", commands, 1)) {
      const [command = "", ...more] = args;
      // a process of its own: the tests' may have a terminal
      const secrets = [VIRTUAL_CODE];
      const { exit, json } = await kincard([command, ...options(), ...more], { secrets });
      assert.equal(exit, 2);
      assert.match(json.error.what, /no terminal to ask on: add --yes/);
    }
  });

  it("asks on a terminal, and a no signs nothing", async () => {
    const command = [
      ...[process.execPath, CLI, "sign-message", "--card", uri, "--accept-cost", "10"],
      ...["--for", "bitcoin", "--message", "x"],
    ];
    const ask = `stty cols 120; ${command.map((part) => `'${part}'`).join(" ")}`;
    const env = { ...process.env, NO_COLOR: "1", XDG_CONFIG_HOME: rig.file("config") };
    const child = spawn("script", ["-qec", ask, "/dev/null"], { env });
    let shown = "";
    const steps: [RegExp, string][] = [
      [/Access code/, `${VIRTUAL_CODE}\r`],
      [/Does the card sign this\?/, "n\r"],
    ];
    child.stdout.on("data", (data) => {
      shown += String(data);
      if (steps[0]?.[0].test(shown)) child.stdin.write(steps.shift()?.[1] as string);
    });
    const hung = setTimeout(() => child.kill("SIGKILL"), 60_000);
    await new Promise((resolve) => child.on("close", resolve));
    clearTimeout(hung);
    assert.match(shown, /You did not agree: nothing was signed/);
    assert.doesNotMatch(shown, /signature {2}/);
  });

  it("obeys the book of known cards: another card than the one that was named signs nothing", async () => {
    const other = "9Q3K-0000-0000-0000-0000";
    const named = await run(
      "sign-message",
      "--yes",
      "--for",
      "bitcoin",
      "--message",
      "x",
      "--expect",
      other,
    );
    assert.notEqual(named.exit, 0);
    const checked = ["--for", "bitcoin", "--message", "x", "--yes", "--check-labels"];
    const config = rig.file("empty-book");
    const secrets = [VIRTUAL_CODE];
    const ended = await kincardHere(["sign-message", ...options(), ...checked], {
      secrets,
      config,
    });
    assert.equal(ended.exit, 2);
    assert.match(ended.json.error.what, /not one that this computer knows/);
  });
});
