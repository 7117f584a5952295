/**
 * The layouts (firmware/wire/layout.ts): what was derived is what is on boards and on the wire, and
 * what overlaps, is not aligned or has no room is refused with both names.
 */
import { strict as assert } from "node:assert";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BuildRefused } from "../../firmware/build/check/findings.js";
import { fromRoot } from "../../firmware/build/paths.js";
import { arenaOf, labelBlock, type Labels } from "../../firmware/wire/layout/arena.js";
import { RECORD } from "../../firmware/wire/layout/record.js";
import {
  bytes,
  check,
  either,
  group,
  layout,
  pinned,
  words,
} from "../../firmware/wire/layout/structure.js";
import { ARENA, labelBytes, LAYOUTS, numbersOf } from "../../firmware/wire/layout.js";
import { LABELS } from "../../firmware/wire/table.js";

const refused = (text: string) => (error: Error) =>
  error instanceof BuildRefused && error.message.includes(text);

describe("layouts: what is refused", () => {
  it("two parts at one place, naming both", () => {
    const parts = { KEPT: words(8), PLANTED: pinned(4, words(8)) };
    assert.throws(() => layout("L", parts), refused("KEPT (0..7) and PLANTED (4..11) overlap"));
  });
  it("the same inside a group, and a pinned part before the end of the one before it", () => {
    const inner = group({ A: bytes(5), B: pinned(4, bytes(1)) });
    assert.throws(
      () => layout("L", { FIRST: words(4), G: inner }),
      refused("A (4..8) and B (8..8)"),
    );
  });
  it("a part at a place that is no multiple of what it needs", () => {
    const parts = { FIRST: bytes(1), WORD: pinned(2, words(4)) };
    assert.throws(() => layout("L", parts), refused("WORD (2..5) is not at a multiple of 4"));
  });
  it("a name twice, wherever in the layout", () => {
    const parts = { A: words(4), G: group({ A: words(4) }) };
    assert.throws(() => layout("L", parts), refused("two parts are named A"));
  });
  it("a part that means two numbers, by its own name and by another's size", () => {
    const both = layout("L", { A: bytes(1), A_SIZE: bytes(1) });
    assert.throws(() => numbersOf(both), refused("A_SIZE means two numbers"));
  });
  it("more than the room", () => {
    assert.throws(() => layout("L", { A: bytes(9) }, 8), refused("9 bytes in room for 8"));
  });
  it("places that nothing derived, overlapping or out of what they are inside of", () => {
    const place = (name: string, at: number, inside?: string) => ({
      ...{ name, at, size: 8, align: 4 },
      ...(inside && { inside }),
    });
    assert.throws(
      () => check("L", [place("A", 0), place("B", 4)]),
      refused("A (0..7) and B (4..11)"),
    );
    const within = [place("A", 0), place("B", 4, "A")];
    assert.throws(() => check("L", within), refused("B (4..11) runs out of A (0..7)"));
  });
  it("but not parts that are meant to share a place", () => {
    const shared = either("one after the other", { A: words(8), B: words(12) });
    const { at, size } = layout("L", { S: shared, END: words(4) });
    assert.deepEqual([at.A, at.B, at.END, size], [0, 0, 12, 16]);
  });
});

describe("layouts: what there is", () => {
  it("every one holds together, looked at again", () => {
    for (const { name, places } of LAYOUTS) check(name, places);
  });
  it("the arena's neighbours touch or leave less than an alignment between them", () => {
    const top = ARENA.places.filter(({ inside }) => inside === undefined);
    for (const [index, { at, size, name }] of top.entries()) {
      const next = top[index + 1]?.at ?? ARENA.size;
      assert.ok(next - (at + size) >= 0 && next - (at + size) < 4, `after ${name}`);
    }
  });
  it("one more label fits: it and all others lie in RAM whole, and nothing over them", () => {
    const more = { ...LABELS, VAULT: "kincard/vault/1" };
    const labels = more as unknown as Labels;
    const arena = arenaOf(labels);
    const block = labelBytes(labels);
    assert.equal(arena.sizes.LABELS, labelBlock(labels).size);
    assert.equal(arena.at.TAG, arena.at.LABELS + block.length);
    assert.ok(arena.sizes.LABELS >= ARENA.sizes.LABELS + more.VAULT.length + 1);
    for (const [name, label] of Object.entries(more)) {
      const at = (labelBlock(labels).at as Record<string, number>)[name]!;
      const stored = block.slice(at, at + label.length + 1);
      assert.equal(stored, String.fromCharCode(label.length) + label, name);
    }
  });
  it("labels of random bytes must end where the samples begin", () => {
    const labels = { ...LABELS, RNG_STATE: "kincard/rng/1" } as unknown as Labels;
    assert.throws(() => arenaOf(labels), refused('"kincard/rng/1" does not end'));
  });
  it("the record is that of format 4, byte for byte: a change raises FORMAT and this list", () => {
    const { CRC, SEQ, FORMAT, STATE, N, K, DROPS, MISSES, HAS_KCARD, PROVED, ...rest } = RECORD.at;
    assert.deepEqual(
      [CRC, SEQ, FORMAT, STATE, N, K, DROPS, MISSES, HAS_KCARD, PROVED],
      [0, 4, 8, 9, 10, 11, 12, 13, 14, 15],
    );
    assert.equal(rest.COUNTER, 16);
    const { ID, KCARD_PUB, CERT, URL_LENGTH, URL_TEXT, SET_ID, SOURCE_ID, H_TRANSFER } = rest;
    assert.deepEqual(
      [ID, KCARD_PUB, CERT, URL_LENGTH, URL_TEXT, SET_ID, SOURCE_ID, H_TRANSFER],
      [20, 36, 100, 204, 205, 252, 268, 284],
    );
    const { RECEIPT, OFFER, SLOTS, KCARD, WRAPPED, SALT, COST, KLINK, KRECEIPTS, COMMIT } = rest;
    assert.deepEqual(
      [RECEIPT, OFFER, SLOTS, KCARD, WRAPPED, SALT, COST, KLINK, KRECEIPTS, COMMIT],
      [316, 348, 588, 1536, 1568, 1648, 1664, 1668, 1700, 1764],
    );
  });
});

describe("layouts: an overlap planted in the sources", function () {
  this.timeout(60_000);
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "kincard-layout-"));
    symlinkSync(fromRoot("node_modules"), join(folder, "node_modules"));
    cpSync(fromRoot("package.json"), join(folder, "package.json"));
    for (const part of ["firmware/wire", "firmware/kernel", "firmware/build"])
      cpSync(fromRoot(part), join(folder, part), { recursive: true });
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  function generated(
    file: string,
    from: string,
    to: string,
  ): { status: number | null; says: string } {
    const path = join(folder, file);
    const source = readFileSync(path, "utf8");
    assert.equal(source.split(from).length, 2, `${file} has "${from}" once`);
    writeFileSync(path, source.replace(from, to));
    const arguments_ = [
      "--import",
      fromRoot("host/tools/build/typescript.mjs"),
      "firmware/wire/generate.ts",
    ];
    const { status, stderr } = spawnSync(process.execPath, arguments_, {
      cwd: folder,
      encoding: "utf8",
    });
    writeFileSync(path, source);
    return { status, says: stderr };
  }
  it("of the arena: the tag's pages over the labels", () => {
    const { status, says } = generated(
      "firmware/wire/layout/arena.ts",
      "    TAG: room(TAG_MEMORY),",
      `    TAG: pinned(${ARENA.at.TAG - 16}, room(TAG_MEMORY)),`,
    );
    assert.notEqual(status, 0);
    const [from, to] = [ARENA.at.LABELS, ARENA.at.LABELS + ARENA.sizes.LABELS - 1];
    assert.match(
      says,
      new RegExp(`BuildRefused.*LABELS \\(${from}\\.\\.${to}\\) and TAG .*overlap`),
    );
  });
  it("of the tag's pages: an NDEF message of one page more", () => {
    const { status, says } = generated(
      "firmware/wire/mailbox.ts",
      "page(MAILBOX.NDEF_PAGE, words(64))",
      "page(MAILBOX.NDEF_PAGE, words(68))",
    );
    assert.notEqual(status, 0);
    assert.match(says, /BuildRefused.*NDEF \(16\.\.83\) and STATUS \(80\.\.95\) overlap/);
  });
  it("of the vault: a record that grows into its log's blocks moves that, not the commit's rules", () => {
    const { status, says } = generated(
      "firmware/wire/layout/record.ts",
      "KRECEIPTS: words(SLOT_COUNT * UNITS.KEY)",
      "KRECEIPTS: words(SLOT_COUNT * UNITS.KEY + 512)",
    );
    assert.notEqual(status, 0);
    assert.match(says, /BuildRefused.*the secrets and both commit words lie in one block/);
  });
  it("and what was not planted in passes", () => {
    assert.deepEqual(generated("firmware/wire/mailbox.ts", "words(64)", "words(64)"), {
      status: 0,
      says: "",
    });
  });
});
