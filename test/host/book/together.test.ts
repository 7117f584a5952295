/** Several programs, and several tasks of one, change the book of known cards at once. */
import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fromRoot } from "../../../firmware/build/paths.js";
import { bookFile } from "../../../host/sdk/book/book-file.js";
import { withCard } from "../../../host/sdk/book/book.js";
import { compiled } from "../../support/compiled.js";

const PROGRAMS = 3;
const CARDS = 12;

describe("the book of known cards", function () {
  this.timeout(60_000);
  let folder = "";
  let path = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "kincard-book-"));
    path = join(folder, "kincard", "cards.json");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it(`loses no card of ${PROGRAMS} programs that each add ${CARDS} at once`, async () => {
    const program = await compiled(fromRoot("test/host/book/adder.ts"));
    const programs = Array.from({ length: PROGRAMS }, (_, at) =>
      fork(program, [path, String(at + 1), String(CARDS)], { execArgv: [] }),
    );
    await Promise.all(programs.map((program) => once(program, "message")));
    const ends = programs.map((program) => once(program, "exit"));
    for (const program of programs) program.send("go");
    for (const end of ends) assert.deepEqual(await end, [0, null]);
    assert.equal((await bookFile(path).load()).length, PROGRAMS * CARDS);
    assert.deepEqual(readdirSync(join(folder, "kincard")), ["cards.json"], "locks are left");
  });

  it("loses none of two tasks of one program", async () => {
    const store = bookFile(path);
    const add = (fill: number) =>
      store.change((book) => {
        const card = { id: new Uint8Array(16).fill(fill), maker: new Uint8Array(33).fill(2) };
        return withCard(book, card, {}, new Date(0));
      });
    await Promise.all([1, 2, 3, 4].map(add));
    assert.equal((await store.load()).length, 4);
  });

  it("is changed although a program died while it had it", async () => {
    await bookFile(path).change((book) => book);
    writeFileSync(`${path}.lock`, "2147483646\n");
    await bookFile(path).change((book) => book);
    assert.equal(existsSync(`${path}.lock`), false);
  });
});
