import { strict as assert } from "node:assert";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { BOARDS, boardById } from "../../hw/boards/index.js";
import { chipPin, isKnownVersion, storageEnd, type Board } from "../../hw/boards/board.js";
import { espruinoJson } from "../../hw/espruino-json.js";

/** The sources' names, where they differ from ours. */
const SOURCES: Readonly<Record<string, string>> = {
  puckjs: "PUCKJS_MINIMAL",
  "puckjs-stock": "PUCKJS",
};
const source = (board: Board) => SOURCES[board.id] ?? board.boardName;
const ids = BOARDS.map(({ id }) => id);

describe("the board files", () => {
  it("have one id each, the minimal Puck.js first", () => {
    assert.equal(new Set(ids).size, ids.length);
    assert.equal(ids[0], "puckjs");
  });
  it("put Storage on whole pages inside the chip's flash", () => {
    for (const board of BOARDS) {
      assert.equal(board.storage.address % board.chip.page, 0, board.id);
      const mapped = !board.unsupported && board.id !== "linux";
      if (mapped) assert.ok(storageEnd(board) <= board.chip.flash, board.id);
    }
  });
  it("end Storage where the boot loader's own pages begin", () => {
    const last: Readonly<Record<string, number>> = { ruuvitag: 115, nrf52840dk: 246, joltjs: 245 };
    for (const board of BOARDS)
      if (!board.unsupported && board.id !== "linux")
        assert.equal(storageEnd(board) / 4096, last[board.id] ?? 118, board.id);
  });
  it("say NFC only of chips whose Espruino build has it: nRF52832", () => {
    for (const { id, nfc, chip } of BOARDS)
      if (nfc.library) assert.equal(chip.part, "NRF52832", id);
  });
  it("name no pin twice", () => {
    for (const { id, leds, buttons, serial } of BOARDS) {
      const pins = [...leds, ...buttons, ...(serial ? [serial.rx, serial.tx] : [])];
      assert.equal(new Set(pins).size, pins.length, id);
    }
  });
  it("make the file that Espruino's tools want, with the same flash map", () => {
    for (const board of BOARDS) {
      const { info, chip } = espruinoJson(board);
      assert.equal(info.boardname, board.boardName);
      assert.equal(chip.saved_code.address, board.storage.address);
      assert.equal(
        chip.saved_code.address + chip.saved_code.pages * chip.saved_code.page_size,
        storageEnd(board),
        board.id,
      );
      assert.ok(info.builtin_modules.includes("Storage"), board.id);
    }
  });
  it("refuse a name that is no board's, and list those there are", () => {
    assert.throws(() => boardById("puck"), /"puck" is not a board.*puckjs, puckjs-stock/);
  });
  it("know 2v29 and its development builds, nothing that looks like it", () => {
    for (const version of ["2v29", "2v29.277"]) assert.ok(isKnownVersion(version), version);
    for (const version of ["2v28", "2v290", "2v2", "", "12v29"])
      assert.ok(!isKnownVersion(version), version);
  });
});

describe("docs/boards.md", () => {
  const docs = readFileSync(
    fileURLToPath(new URL("../../docs/boards.md", import.meta.url)),
    "utf8",
  );
  for (const board of BOARDS)
    it(`has a section on ${board.id} with its firmware, its Storage and how far it was executed`, () => {
      const section = docs.split(/^## /m).find((part) => part.includes(`\`${board.id}\``));
      assert.ok(section, "no section");
      const head = section.split("\n")[0] ?? "";
      assert.ok(head.includes(`\`${board.id}\``), "its heading does not name it");
      assert.ok(section.includes(board.binary.replace("%v", "2v29")), "no firmware file");
      assert.ok(section.includes(`0x${board.storage.address.toString(16)}`), "no Storage address");
      assert.match(section, /executed|emulated chip/i);
    });
});

describe("the board files and Espruino's own", () => {
  const folder = process.env["ESPRUINO_SOURCE"];
  before(function () {
    if (!folder) {
      console.log("    skipped: ESPRUINO_SOURCE does not name a checkout of Espruino 2v29");
      this.skip();
    }
  });
  for (const board of BOARDS)
    it(`agree on ${board.id}`, () => {
      const path = join(folder!, "boards", `${source(board)}.py`);
      assert.ok(existsSync(path), path);
      // comments out, one kind of quotes
      const text = readFileSync(path, "utf8").replace(/#.*$/gm, "").replaceAll('"', "'");
      const value = (key: string) =>
        new RegExp(`'${key}'\\s*:\\s*('?)([^',\\n]*)\\1`).exec(text)?.[2]?.trim();
      const libraries = /'libraries'\s*:\s*\[([^\]]*)\]/.exec(text)?.[1] ?? "";
      assert.equal(value("part"), board.chip.part);
      assert.equal(libraries.includes("'NFC'"), board.nfc.library);
      assert.equal(value("boardname") ?? source(board), board.boardName);
      if (board.id === "linux") return;
      assert.equal(Number(value("variables")), board.jsVars);
      assert.equal(value("binary_name"), board.binary);
      assert.equal(Number(value("ram")) * 1024, board.chip.ram);
      const saved = /'saved_code'\s*:\s*\{([^}]*)\}/.exec(text)?.[1] ?? "";
      const place = /'address'\s*:\s*([^,]*),/.exec(saved)?.[1] ?? "";
      const product = /^\(\((\d+) - (\d+)\) \* 4096\)$/.exec(place.trim());
      const address = product
        ? (Number(product[1]) - Number(product[2])) * 4096
        : Number(place.trim());
      assert.equal(address, board.storage.address);
      assert.equal(Number(/'pages'\s*:\s*(\d+)/.exec(saved)?.[1]), board.storage.pages);
      if (board.serial) {
        assert.equal(value("default_console_rx"), board.serial.rx);
        assert.equal(value("default_console_tx"), board.serial.tx);
        assert.equal(Number(value("default_console_baudrate")), board.serial.baud);
      }
      const pins = (name: string) =>
        [
          ...text.matchAll(new RegExp(`'${name}\\d'\\s*:\\s*\\{\\s*'pin'\\s*:\\s*'(\\w+)'`, "g")),
        ].map((match) => match[1]);
      assert.deepEqual(pins("LED"), board.leds);
      assert.deepEqual(pins("BTN"), board.buttons);
      const { leds, buttons, serial } = board;
      for (const name of [...leds, ...buttons, ...(serial ? [serial.rx, serial.tx] : [])]) {
        const table = new RegExp(`'name'\\s*:\\s*'P${name}'.*?'num'\\s*:\\s*'(\\d+)'`).exec(text);
        if (table) assert.equal(chipPin(board, name), Number(table[1]), `${name} on the chip`);
        const negated = new RegExp(`'P${name}'.*'NEGATED'`).test(text);
        assert.equal(board.activeLow?.includes(name) ?? false, negated, `${name} is active low`);
      }
    });
});
