/**
 * The book of known cards and the guard over it: who is asked about, what is silent, what is
 * refused before a code is stretched. No card is needed.
 */

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  BookGuard,
  cardNamed,
  formatBook,
  formatLabel,
  isFailure,
  memoryBook,
  parseBook,
  renamed,
  toHex,
} from "../../../host/sdk/core.js";
import type { BookStore, FailureCode, GuardOptions, Presented } from "../../../host/sdk/core.js";
import { bookFile, bookPath } from "../../../host/sdk/book/book-file.js";

const bytes = (size: number, value: number) => new Uint8Array(size).fill(value);
const MAKER = bytes(33, 2);
const DEMO = bytes(33, 3);
const card = (value: number, salt = 0, cost = salt ? 15 : 0, maker = MAKER): Presented => ({
  ...{ id: bytes(16, value), maker, salt: bytes(16, salt), cost },
});
const guard = (store: BookStore, options: Partial<GuardOptions> = {}) =>
  new BookGuard({ store, now: () => new Date(0), ...options });
const failsWith = (code: FailureCode) => (error: unknown) => {
  assert.ok(isFailure(error, code), String(error));
  return true;
};
/** A store that knows these, each named. */
async function knowing(...cards: Presented[]): Promise<BookStore> {
  const store = memoryBook();
  for (const one of cards) {
    const own = guard(store, { named: [one.id] });
    await own.admit(one);
    await own.learned(one);
  }
  return store;
}

describe("a card that this host does not know", () => {
  it("is refused where nobody can be asked, and stays unknown", async () => {
    const store = memoryBook();
    await assert.rejects(guard(store).admit(card(1)), failsWith("book/unknown-card"));
    assert.deepEqual(await store.load(), []);
  });
  it("is admitted by the label that the user types, and silently from then on", async () => {
    const store = memoryBook();
    let asked = 0;
    const askLabel = async () => (asked++, formatLabel(card(1).id));
    for (let met = 0; met < 2; met++) await guard(store, { askLabel }).admit(card(1));
    assert.equal(asked, 1);
    await guard(store).admit(card(1));
  });
  it("is refused with both labels when the user reads another one", async () => {
    const store = memoryBook();
    const said = formatLabel(card(2).id);
    const refusal = guard(store, { askLabel: async () => said }).admit(card(1));
    await assert.rejects(refusal, (error) => {
      assert.ok(isFailure(error, "verify/other-card"));
      assert.deepEqual(error.facts, { label: formatLabel(card(1).id), expected: said });
      return true;
    });
    assert.deepEqual(await store.load(), []);
  });
  it("is admitted without a label only from a maker that prints none, and not known by that", async () => {
    const store = memoryBook();
    const demo = card(1, 0, 0, DEMO);
    await guard(store, { unlabelled: DEMO }).admit(demo);
    assert.equal((await store.load())[0]?.named, false);
    await assert.rejects(guard(store).admit(demo), failsWith("book/unknown-card"));
    await assert.rejects(
      guard(store, { unlabelled: DEMO }).admit(card(2)),
      failsWith("book/unknown-card"),
    );
  });
});

describe("how a code is stretched", () => {
  it("is noted at first, and a salt that is not the one noted is refused", async () => {
    const store = await knowing(card(1, 7));
    await guard(store).mayStretch(card(1, 7));
    await assert.rejects(guard(store).mayStretch(card(1, 8)), failsWith("book/salt"));
  });
  it("may be the set's salt for a new copy, and no other", async () => {
    const store = await knowing(card(1, 7));
    await guard(store).learned(card(1, 7), { setId: bytes(16, 9) });
    await guard(store).mayStretch(card(2, 7), bytes(16, 9));
    const other = guard(store).mayStretch(card(2, 8), bytes(16, 9));
    await assert.rejects(other, failsWith("book/salt"));
  });
  it("may change when the user says so, for that card alone", async () => {
    const store = await knowing(card(1, 7), card(2, 6));
    const newCode = formatLabel(card(1).id);
    await guard(store, { newCode }).mayStretch(card(1, 8));
    const asked = guard(store, { askNewCode: async () => formatLabel(card(2).id) });
    await assert.rejects(asked.mayStretch(card(1, 8)), failsWith("book/salt"));
    await assert.rejects(guard(store, { newCode }).mayStretch(card(2, 8)), failsWith("book/salt"));
  });
  it("is never with a new salt that another card has", async () => {
    const store = await knowing(card(1, 7));
    await guard(store).mayTakeSalt(bytes(16, 8));
    await assert.rejects(guard(store).mayTakeSalt(bytes(16, 7)), failsWith("book/salt-again"));
  });
  for (const cost of [10, 14, 18, 20])
    it(`is refused with cost ${cost}, unless the user accepts it or it was so before`, async () => {
      const odd = card(1, 7, cost);
      const store = memoryBook();
      await assert.rejects(guard(store).mayStretch(odd), failsWith("book/cost"));
      await guard(store, { cost }).mayStretch(odd);
      await guard(store).learned(odd);
      await guard(store).mayStretch(odd);
    });
  it("is asked about when it takes long, never when it is cheap", async () => {
    const asking = guard(memoryBook(), { askCost: async () => true });
    await asking.mayStretch(card(1, 7, 18));
    await assert.rejects(asking.mayStretch(card(1, 7, 14)), failsWith("book/cost"));
  });
  it("is forgotten with the wallet of a card that was erased", async () => {
    const store = await knowing(card(1, 7));
    await guard(store).emptied(card(1).id, "EMPTY");
    await guard(store).mayStretch(card(1, 8));
    await guard(store).admit(card(1));
  });
});

describe("the book", () => {
  it("is read back as it was written, and nothing else is a book", async () => {
    const book = await (await knowing(card(1, 7), card(2))).load();
    assert.deepEqual(parseBook(formatBook(book)), book);
    const whole = formatBook(book);
    for (const bad of ["", "{", "[]", "null", whole.replace('"cards",', '"run",')])
      assert.throws(() => parseBook(bad), failsWith("book/content"));
    for (const field of ["id", "maker", "firstSeen", "named"]) {
      const text = whole.replaceAll(`"${field}"`, '"other"');
      assert.throws(() => parseBook(text), failsWith("book/content"), field);
    }
  });
  it("finds a card by label, id and own name; a name is one card's and no label", async () => {
    const book = await (await knowing(card(1), card(2))).load();
    const { id } = card(1);
    const called = renamed(book, id, "savings");
    for (const text of ["savings", formatLabel(id), toHex(id)])
      assert.deepEqual(cardNamed(called, text)?.id, id, text);
    assert.throws(() => renamed(called, card(2).id, "savings"), failsWith("book/name-taken"));
    for (const name of ["", " a", "a\n", "\u202ea", "-x", formatLabel(id), "x".repeat(41)])
      assert.throws(() => renamed(called, id, name), failsWith("book/name"), JSON.stringify(name));
  });
  it("lies in a file of the user's own, for nobody else to read, and a damaged one is no empty one", async () => {
    const folder = mkdtempSync(join(tmpdir(), "kincard-book-"));
    try {
      const path = bookPath({ XDG_CONFIG_HOME: folder });
      assert.equal(path, join(folder, "kincard", "cards.json"));
      const store = bookFile(path);
      assert.deepEqual(await store.load(), []);
      await guard(store, { named: [card(1).id] }).admit(card(1));
      assert.equal(statSync(path).mode & 0o777, 0o600);
      assert.match(readFileSync(path, "utf8"), /"kincard": "cards"/);
      writeFileSync(path, "{");
      await assert.rejects(store.load(), failsWith("book/damaged"));
      await assert.rejects(guard(store).admit(card(1)), failsWith("book/damaged"));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
