/**
 * The generated tables of docs/protocol.md, kernel.md and performance.md are up to date, and what the prose of
 * the first says by hand (sizes, offsets, labels, limits) is what the table says.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { DOCUMENTS, PROTOCOL, fill } from "../../firmware/wire/docs.js";
import * as table from "../../firmware/wire/table.js";
import { PERFORMANCE } from "../../host/tools/bench/tables.js";

const text = readFileSync(PROTOCOL.path, "utf8");
const { SIZES } = table;

/** Sizes of the fields that the document's formulas name without saying `[n]`. */
const FIELD_SIZES: Readonly<Record<string, number>> = {
  version: 1,
  suite: 1,
  "maker id": SIZES.MAKER_ID,
  "set id": SIZES.SET_ID,
  salt: SIZES.SALT,
  cost: 1,
  challenge: SIZES.HASH,
  Kcard: SIZES.POINT,
  Klink_D: SIZES.POINT,
  Klink_S: SIZES.POINT,
  E_h: SIZES.POINT,
  E_c: SIZES.POINT,
  id_S: SIZES.ID,
  Cert_Card: SIZES.CERT,
  Cert_D: SIZES.CERT,
  Cert_S: SIZES.CERT,
  sig: SIZES.SIGNATURE,
  signature: SIZES.SIGNATURE,
  Sign_Attest_D: SIZES.SIGNATURE,
  Sign_Attest_S: SIZES.SIGNATURE,
  "H(OFFER)": SIZES.HASH,
  "header(01)": SIZES.HEADER,
  "header(02)": SIZES.HEADER,
  ENC: SIZES.ENC,
};
/** Bytes of `a [n] ‖ b ‖ ...`, the document's way of writing a message. */
function sizeOf(formula: string): number {
  return formula.split("‖").reduce((sum, term) => {
    const field = term.trim();
    const explicit = /\[(\d+)\]$/.exec(field);
    const size = explicit ? Number(explicit[1]) : FIELD_SIZES[field];
    assert.ok(size !== undefined, `the size of "${field}" is not known`);
    return sum + size;
  }, 0);
}
/** The one match of a pattern in the document, as its groups. */
function find(pattern: RegExp): string[] {
  const all = [...text.matchAll(new RegExp(pattern, "gs"))];
  assert.equal(all.length, 1, `${pattern} must occur once, found ${all.length} times`);
  return (all[0] ?? []).slice(1);
}

for (const document of [...DOCUMENTS, PERFORMANCE])
  describe(`docs/${document.name}: generated tables`, () => {
    const text = readFileSync(document.path, "utf8");
    it("are what is made now", () => {
      assert.equal(text, fill(text, document), "run `npm run docs -- --tables`");
    });
    for (const name of Object.keys(document.tables)) {
      it(`a stale "${name}" table would be noticed`, () => {
        const start = text.indexOf(`<!-- table:${name} -->`);
        const row = text.indexOf("\n| ", start + 40);
        const stale = text.slice(0, row) + "\n| 00 | stale |" + text.slice(row);
        assert.equal(fill(stale, document), text);
      });
    }
    it("a mark without a table, and a table without a mark, are errors", () => {
      const [name = ""] = Object.keys(document.tables);
      const other = text.replaceAll(`table:${name} -->`, "table:lables -->");
      assert.throws(() => fill(other, document), /no table is named "lables"/);
      const none = text.replaceAll(`<!-- table:${name} -->`, "");
      assert.throws(() => fill(none, document), new RegExp(`no place for ${name}`));
    });
  });

describe("docs/protocol.md: sizes and offsets in the prose", () => {
  it("Cert_Card adds up", () => {
    const [fields, total] = find(/Cert_Card = (version ‖ .*?) {2,}\[(\d+)\]/);
    assert.equal(sizeOf(fields ?? ""), SIZES.CERT);
    assert.equal(Number(total), SIZES.CERT);
    const [before] = find(/the (\d+) bytes before it\)\n\s*set id/);
    assert.equal(Number(before), SIZES.CERT - SIZES.SIGNATURE);
  });
  it("STATUS adds up", () => {
    const [total, fields] = find(/### STATUS \(plain\) → \[(\d+)\]\n\n {4}(.*?)\n/);
    const rest = { state: 1, flags: 1, n: 1, k: 1, misses: 1, drops: 1, "kernel ABI": 1 };
    const known = { ...rest, "slot 1": 1, "slot 2": 1, version: 1, suite: 1 };
    const sum = (fields ?? "").split("‖").reduce((bytes, field) => {
      const explicit = /\[(\d+)\]/.exec(field);
      return bytes + (explicit ? Number(explicit[1]) : known[field.trim() as keyof typeof known]);
    }, 0);
    assert.equal(sum, SIZES.STATUS);
    assert.equal(Number(total), SIZES.STATUS);
  });
  it("the hello adds up", () => {
    const [fields, ec, hello, tag] = find(
      /AEAD\(Khello, nonce 0, no aad, (.*?)\) +\[(\d+) \+ (\d+) \+ (\d+)\]/,
    );
    assert.equal(sizeOf(fields ?? ""), SIZES.HELLO);
    assert.deepEqual([ec, hello, tag].map(Number), [SIZES.POINT, SIZES.HELLO, SIZES.TAG]);
  });
  for (const [name, size, signed] of [
    ["OFFER", SIZES.OFFER, SIZES.OFFER - SIZES.SIGNATURE],
    ["TRANSFER", SIZES.TRANSFER, SIZES.TRANSFER_HEAD - SIZES.SIGNATURE],
  ] as const) {
    it(`${name} adds up, and its offsets follow from its fields`, () => {
      const [fields, total] = find(new RegExp(`${name} +(header\\(.*?) {2,}\\[(\\d+)\\]`));
      assert.equal(sizeOf(fields ?? ""), size);
      assert.equal(Number(total), size);
      const [before] = find(new RegExp(`the (\\d+) bytes of ${name} before it`));
      assert.equal(Number(before), signed);
      assert.deepEqual(offsetRows(name), expectedOffsets(name, size));
    });
  }
  it("th covers TRANSFER before ENC", () => {
    const [head] = find(/the (\d+) bytes of TRANSFER before ENC/);
    assert.equal(Number(head), SIZES.TRANSFER_HEAD);
  });
  it("ENC adds up", () => {
    const [fields, total] = find(/AEAD\(Ktrans, nonce 0, th, (.*?)\) +\[(\d+)\]/);
    assert.equal(sizeOf(fields ?? "") + SIZES.TAG, SIZES.ENC);
    assert.equal(Number(total), SIZES.ENC);
  });
  it("wrapped and RECEIPT have the table's size", () => {
    assert.equal(Number(find(/Kpriv ‖ chain code\) +\[(\d+)\]/)[0]), SIZES.WRAPPED);
    assert.equal(Number(find(/H\(TRANSFER\)\) +\[(\d+)\]/)[0]), SIZES.RECEIPT);
    assert.equal(SIZES.NODE + SIZES.TAG, SIZES.WRAPPED);
  });
  it("the ledger's body adds up", () => {
    const [total] = find(/challenge \[32\] → body \[(\d+)\]/);
    const [fields, entry] = find(/body = (version ‖ .*?) ‖ 2 × \( (.*?) \)/);
    assert.equal(sizeOf(fields ?? "") + 2 * sizeOf(entry ?? ""), SIZES.LEDGER);
    assert.equal(Number(total), SIZES.LEDGER);
  });

  /** Rows of the offset table: offset -> the cell of OFFER or TRANSFER. */
  function offsetRows(name: string): [number, string][] {
    const column = name === "OFFER" ? 2 : 3;
    const rows = find(/\| offset \| OFFER \| TRANSFER \|\n\|[-|]+\|\n(.*?)\n\n/)[0] ?? "";
    return rows
      .split("\n")
      .map((row) => row.split("|").map((cell) => cell.trim()))
      .map((cells): [number, string] => [Number(cells[1]), cells[column] ?? ""])
      .filter(([, cell]) => cell !== "");
  }
  function expectedOffsets(name: string, size: number): [number, string][] {
    let offset = 0;
    const rows = offsetRows(name).map(([, cell]): [number, string] => {
      const here = offset;
      const sizes = [...cell.matchAll(/\[(\d+)\]/g)].map((match) => Number(match[1]));
      offset += sizes.length ? sizes.reduce((a, b) => a + b) : cell.split(" ").length;
      return [here, cell];
    });
    assert.equal(offset, size, `the cells of ${name} give another total`);
    return rows;
  }
});

describe("docs/protocol.md: labels and limits in the prose", () => {
  it("every label used is in the table, and every label of the table is used", () => {
    const prose = text.replace(/<!-- table:labels -->.*?<!-- \/table -->/s, "");
    const used = new Set(prose.match(/kincard\/[\w-]+\/\d/g));
    // The random number generator's are the card's own affair.
    const listed = Object.values(table.LABELS).filter((label) => !label.includes("/rng"));
    assert.deepEqual([...used].sort(), [...listed].sort());
  });
  it("every status word that the prose names is in the table", () => {
    const words = new Set<number>(Object.values(table.STATUS_WORDS).map(({ value }) => value));
    const prose = text.replace(/<!-- table:.*?<!-- \/table -->/gs, "");
    for (const [, hex] of prose.matchAll(/\b(6[0-9A-F]{3})\b/g)) {
      assert.ok(words.has(parseInt(hex ?? "", 16)), `${hex} is not in the table`);
    }
  });
  it("every command has its place in the prose", () => {
    const prose = text.replace(/<!-- table:.*?<!-- \/table -->/gs, "");
    for (const { name } of table.COMMANDS) {
      const place = new RegExp(
        `\\*\\*${name}\\*\\* \\(|### ${name} \\(|${name}: E_h|is ${name} \\(`,
      );
      assert.match(prose, place, `${name} is nowhere explained`);
    }
  });
  it("AID, tries, drops, scrypt cost and idle time are the table's", () => {
    assert.ok(text.includes(`00 A4 04 00 09 ${table.AID.toUpperCase()}`));
    const { FREE, FIRST_DELAY_S, CAP_S } = table.TRIES;
    assert.ok(text.includes(`The first ${FREE - 1} misses cost nothing; after the ${FREE}th the`));
    assert.ok(text.includes(`waits ${FIRST_DELAY_S} s, and each further miss doubles`));
    assert.ok(text.includes(`doubles the wait up to ${CAP_S} s`));
    assert.equal(table.DROPS_FREE, 2);
    assert.ok(text.includes("after two the next must wait"));
    assert.ok(text.includes(`${table.SCRYPT.LEAST}..${table.SCRYPT.MOST}`));
    assert.ok(text.includes(`${table.IDLE_S} s without a command`));
    assert.ok(text.includes(`depth 0..${SIZES.PATH_MAX}`));
  });
});
