import { strict as assert } from "node:assert";
import { VAULT_FILE, VAULT_SIZE, writeVault } from "../../host/emulator/board/fresh.js";
import { formatBook, parseBook } from "../../host/sdk/book/book.js";
import { duplexPair } from "../../host/sdk/links/line/pair.js";
import { PUCKJS } from "../../hw/boards/puckjs.js";
import { makeImage } from "../../host/tools/image/image.js";
import { gatherImage } from "../../host/apps/flasher/image/image.js";
import { readUploadScript } from "../../host/apps/flasher/image/upload-script.js";
import { until } from "../support/until.js";
import { smallParts } from "./parts.js";
import { ReplBoard, type ReplOptions } from "./repl.js";

const image = makeImage(PUCKJS, smallParts());
const script = Buffer.from(image.output.get("upload.js")!).toString();
const LINES = script.split("\n").filter(Boolean).length;

/** Types the script at a board's prompt; what the board said. */
async function typed(options: ReplOptions = {}, prepare = (_: ReplBoard): void => undefined) {
  const [host, end] = duplexPair();
  const board = new ReplBoard(PUCKJS, end, options);
  prepare(board);
  const { operations } = board.flash;
  let text = "";
  host.onData((bytes) => (text += Buffer.from(bytes).toString("latin1")));
  for (const line of script.split("\n")) await host.write(Buffer.from(`\x10${line}\n`));
  await until("the board did not take every line", 20_000, () => board.lines === LINES);
  return { board, text, written: board.flash.operations - operations };
}

describe("the upload script", () => {
  it("leaves exactly the image", async () => {
    const { board, text } = await typed();
    assert.match(text, /Kincard is on this board: switch it off and on/);
    assert.ok(Buffer.from(image.layout.bytes).equals(board.flash.bytes));
  });

  it("keeps every line below the interpreter's buffer", () => {
    const longest = Math.max(...script.split("\n").map((line) => line.length));
    assert.ok(longest < 1000, `${longest} characters`);
  });

  it("touches nothing of a board that holds a card", async () => {
    const { text, written } = await typed({}, ({ log, flash }) => {
      writeVault(log);
      flash.write(PUCKJS.storage.address + 4096, Uint8Array.of(1, 2, 3, 4));
    });
    assert.match(text, /HOLDS A CARD/);
    assert.match(text, /Kincard is NOT on this board/);
    assert.equal(written, 0);
  });

  it("touches nothing of a board that holds a vault of another size", async () => {
    const { text, written } = await typed({}, ({ log }) => {
      log.write(VAULT_FILE, Uint8Array.of(1, 2, 3), 0, VAULT_SIZE / 2);
    });
    assert.match(text, /HOLDS A CARD/);
    assert.equal(written, 0);
  });

  const wrong: [string, ReplOptions["environment"], RegExp][] = [
    ["another board", { BOARD: "PIXLJS" }, /this is a PIXLJS, not a PUCKJS/],
    ["an unknown Espruino", { VERSION: "2v30" }, /Espruino 2v30 is not known/],
    ["another build", { STORAGE: 40960 }, /Storage is 40960 bytes/],
  ];
  for (const [name, environment, words] of wrong)
    it(`touches nothing of ${name}`, async () => {
      const { text, written } = await typed({ environment });
      assert.match(text, words);
      assert.equal(written, 0);
    });

  it("says so when a byte went wrong on the way", async () => {
    let flipped = false;
    const onLine = (line: string, board: ReplBoard) => {
      if (flipped || !line.startsWith("kc=kc&&E.CRC32")) return;
      flipped = true;
      const { address } = image.manifest.files[2]!;
      board.flash.write(address, Uint8Array.of(0, 0, 0, 0));
    };
    const { text } = await typed({ onLine });
    assert.match(text, /Kincard is NOT on this board/);
  });

  it("is marked when it is a DEMO", () => {
    const demo = makeImage(PUCKJS, smallParts({ demo: true })).output;
    assert.match(Buffer.from(demo.get("DEMO-upload.js")!).toString(), /^\/\/.*DEMO/);
    assert.equal(demo.get("upload.js"), undefined);
  });
});

describe("reading the upload script", () => {
  it("gives the image's manifest and files back", () => {
    const files = readUploadScript(script);
    for (const name of ["manifest.json", "first.bin", "kernel.bin", "boot0.bin"]) {
      const wanted = image.output.get(name) as Uint8Array;
      const found = files?.get(name) as Uint8Array;
      if (name === "manifest.json") assert.deepEqual(json(found), json(wanted));
      else assert.ok(Buffer.from(wanted).equals(found), name);
    }
  });
  it("reads what an editor put a byte order mark before: script, manifest, book", () => {
    assert.ok(readUploadScript(`\ufeff${script.slice(script.indexOf("// manifest "))}`));
    const files = new Map(image.output);
    const manifest = files.get("manifest.json") as Uint8Array;
    files.set("manifest.json", Buffer.concat([Buffer.from("\ufeff"), manifest]));
    const read = (name: string) => files.get(name) as Uint8Array;
    assert.equal(gatherImage("here", read).manifest.board, PUCKJS.id);
    assert.deepEqual(parseBook(`\ufeff${formatBook([])}`), []);
  });
  it("says no to what is none", () => {
    for (const text of ["", "print(1)", script.replace("// manifest ", "// ")])
      assert.equal(readUploadScript(text), undefined);
  });
});
const json = (bytes: Uint8Array): unknown => JSON.parse(Buffer.from(bytes).toString());
