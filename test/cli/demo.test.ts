/**
 * The demo's story and its one line of JSON, whose every claim is verified by OpenSSL.
 */

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { DEMO_MAKER_PUBLIC } from "../../firmware/build/demo-maker.js";
import { BUNDLE_PATH, KERNEL_PATH } from "../../host/emulator/espruino/bundle.js";
import { needsBundle } from "../host/support.js";
import { sha256, splitLabel, splitSigned, verifies } from "./openssl.js";
import { kincard } from "./support.js";
import type { Ended } from "./support.js";

const hex = (bytes: number) => new RegExp(`^[0-9a-f]{${2 * bytes}}$`);

describe("cli: the demo", function () {
  this.timeout(60_000);
  needsBundle(this);
  let ended: Ended;
  before(async () => {
    ended = await kincard(["demo", "--json"]);
    assert.equal(ended.exit, 0, ended.stderr.slice(-600));
  });

  it("prints one line of JSON on stdout, and nothing else there", () => {
    assert.equal(ended.stdout.split("\n").length, 2);
    assert.ok(ended.json, "the line is no JSON");
  });

  it("has exactly the fields that were promised", () => {
    const { json } = ended;
    const top = ["maker", "digest", "setSize", "cards", "secondBackup", "wire", "seconds"];
    assert.deepEqual(Object.keys(json), top);
    assert.deepEqual(Object.keys(json.wire), ["apdus", "bytes", "bytesPerCopy"]);
    const card = ["id", "state", "cardPublicKey", "certificate", "walletPublicKey", "copy"];
    for (const one of json.cards) {
      assert.deepEqual(Object.keys(one), [...card, "ledger", "signature"]);
      assert.match(one.id, hex(16));
      assert.match(one.cardPublicKey, hex(33));
      assert.match(one.walletPublicKey, hex(33));
      assert.match(one.signature, hex(64));
    }
    assert.match(json.digest, hex(32));
    assert.equal(json.maker, DEMO_MAKER_PUBLIC);
    assert.equal(json.setSize, 3);
  });

  it("shows the source first, then its copies, before the reset", () => {
    const states = ended.json.cards.map(({ state, copy }: { state: string; copy: number }) => [
      ...[state, copy],
    ]);
    assert.deepEqual(states, [
      ["SHARED", 1],
      ["COPY", 2],
      ["COPY", 3],
    ]);
  });

  it("has certificates that the maker signed, over the cards' own keys", () => {
    for (const { id, cardPublicKey, certificate } of ended.json.cards) {
      const { signed, signature } = splitSigned(certificate);
      assert.ok(verifies(ended.json.maker, signed, signature), "the certificate does not verify");
      const { label, body } = splitLabel(signed);
      assert.equal(label, "kincard/cert/1");
      assert.equal(body.subarray(6).toString("hex"), cardPublicKey);
      const named = Buffer.concat([Buffer.from("\x0ckincard/id/1", "latin1"), body.subarray(6)]);
      assert.equal(sha256(named).subarray(0, 16).toString("hex"), id);
    }
  });

  it("has ledgers that each card signed, and that agree", () => {
    const [source] = ended.json.cards;
    for (const { id, cardPublicKey, walletPublicKey, copy, ledger } of ended.json.cards) {
      const { signed, signature } = splitSigned(ledger);
      assert.ok(verifies(cardPublicKey, signed, signature), "the ledger does not verify");
      const { label, body } = splitLabel(signed);
      assert.equal(label, "kincard/ledger/1");
      const field = (from: number, size: number) =>
        body.subarray(from, from + size).toString("hex");
      assert.equal(field(50, 33), walletPublicKey);
      assert.equal(field(83, 16), id);
      assert.equal(field(99, 16), source.id);
      assert.deepEqual([...body.subarray(116, 118)], [copy, 3]);
    }
  });

  it("has three signatures of one digest under one public key", () => {
    const [first] = ended.json.cards;
    const digest = Buffer.from(ended.json.digest, "hex");
    for (const { walletPublicKey, signature } of ended.json.cards) {
      assert.equal(walletPublicKey, first.walletPublicKey);
      const [s, key] = [Buffer.from(signature, "hex"), Buffer.from(walletPublicKey, "hex")];
      assert.ok(secp256k1.verify(s, digest, key, { prehash: false }));
    }
  });

  it("shows the status word of a refused second backup", () => {
    assert.equal(ended.json.secondBackup, "69e2");
  });

  it("keeps a copy's APDU bytes and its own time within their budgets", () => {
    const { wire, seconds } = ended.json;
    // 239 + 366 + 32 bytes of messages must be in there.
    assert.ok(wire.bytesPerCopy > 633 && wire.bytesPerCopy <= 700, `${wire.bytesPerCopy} bytes`);
    assert.ok(wire.bytes > 3 * wire.bytesPerCopy && wire.apdus > 30);
    assert.ok(seconds > 0 && seconds < 30, `${seconds} s`);
  });

  it("says that it protects nothing, and by hash what it runs", () => {
    assert.match(ended.stderr, /emulation/);
    assert.match(ended.stderr, /protects\s+nothing/);
    const hash = (path: string) => sha256(readFileSync(path)).toString("hex");
    assert.ok(ended.stderr.includes(hash(BUNDLE_PATH)), "another bundle's hash");
    if (existsSync(KERNEL_PATH)) {
      assert.ok(ended.stderr.includes(hash(KERNEL_PATH)), "another kernel's hash");
    }
  });

  it("tells the story in eleven chapters, on 80 columns, without colours off a terminal", () => {
    const chapters = ended.stderr.match(/^ [ \d]\d {2}.*─$/gm) ?? [];
    assert.equal(chapters.length, 11, chapters.join("\n"));
    for (const line of ended.stderr.split("\n")) {
      assert.ok(line.length <= 80, `${line.length} columns: ${line}`);
    }
    assert.ok(!ended.stderr.includes("\x1b"));
  });

  it("shows the three messages field by field, with what protects each", () => {
    for (const message of ["OFFER, B to A", "TRANSFER, A to B", "RECEIPT, B to A"]) {
      assert.ok(ended.stderr.includes(message), message);
    }
    assert.match(ended.stderr, /ENC: the wallet key +115 .*sealed under Ktrans/);
    assert.match(ended.stderr, /Klink +33 .*signed by Kcard of B/);
  });
});
