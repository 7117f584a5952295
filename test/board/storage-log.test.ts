/** The Storage log, byte for byte in flash. Figures marked * were read off the interpreter. */

import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NorFlash } from "../../host/emulator/flash/nor.js";
import { PowerCut } from "../../host/emulator/faults.js";
import { Seeded } from "../../host/emulator/seeded.js";
import { StorageLog } from "../../host/emulator/espruino/storage/storage-log.js";

const text = (value: string) => new Uint8Array(Buffer.from(value, "latin1"));
const AT = 0x5e000;

function fresh(pages = 24): StorageLog {
  return new StorageLog(new NorFlash({ size: pages * 4096 }));
}
interface Step {
  does: "write" | "erase" | "compact";
  args: (string | number)[];
}
const quote = (value: string | number) => JSON.stringify(value);

/** Files of all sizes written, replaced, allocated, filled, erased; some 300 KB in all. */
function randomSteps(random: Seeded): Step[] {
  const steps: Step[] = [];
  const fillable = new Map<string, number>();
  for (let i = 0; i < 150; i++) {
    const name = "file" + random.below(12);
    const kind = random.below(20);
    const letter = String.fromCharCode(97 + random.below(26));
    const at = fillable.get(name);
    if (kind === 0) steps.push({ does: "compact", args: [] });
    else if (kind < 3) {
      steps.push({ does: "erase", args: [name] });
      fillable.delete(name);
    } else if (kind < 8 && at !== undefined && at < 3000) {
      const part = letter.repeat(1 + random.below(90));
      steps.push({ does: "write", args: [name, part, at, 0] });
      fillable.set(name, at + part.length);
    } else if (kind < 10) {
      const size = 4000 + random.below(2000);
      steps.push({ does: "write", args: [name, letter, 0, size] });
      fillable.set(name, 1);
    } else {
      steps.push({ does: "write", args: [name, letter.repeat(1 + random.below(5000)), 0, 0] });
      fillable.delete(name);
    }
  }
  // Whatever was drawn: something was erased, and some files are left.
  for (const [at, size] of [5000, 5000, 10, 20, 30].entries())
    steps.push({ does: "write", args: [`last${at}`, "z".repeat(size), 0, 0] });
  steps.push({ does: "erase", args: ["last0"] }, { does: "compact", args: [] });
  return steps;
}

function content(log: StorageLog, name: string): string | undefined {
  const found = log.read(name);
  return found && Buffer.from(found.bytes).toString("latin1");
}

describe("Storage log", () => {
  it("writes a 32-byte header, then the data padded to 4", () => {
    const log = fresh();
    log.write("a", text("hello"));
    const raw = Buffer.from(log.flash.read(AT, 44));
    assert.equal(raw.readUInt32LE(0), 5);
    assert.equal(raw.toString("latin1", 4, 32), "a".padEnd(28, "\0"));
    assert.equal(raw.toString("latin1", 32), "hello\xff\xff\xff\xff\xff\xff\xff");
    assert.equal(log.getFree(), 24 * 4096 - 40); // *
  });

  it("reads with offset and length clipped, and undefined for no file", () => {
    const log = fresh();
    log.write("a", text("hello"));
    assert.deepEqual([...(log.read("a", 3, 9)?.bytes ?? [])], [...text("lo")]);
    assert.equal(log.read("a", 9)?.bytes.length, 0);
    assert.equal(log.read("b"), undefined);
  });

  it("allocates, and fills parts that are still erased", () => {
    const log = fresh();
    log.write("a", text("Hello"), 0, 14);
    log.write("a", text(" "), 5);
    log.write("a", text("World!!!"), 6);
    assert.equal(content(log, "a"), "Hello World!!!");
    assert.throws(() => log.write("a", text("x"), 3), /already written/);
    assert.throws(() => log.write("a", text("xy"), 13), /Too much data/);
  });

  it("replaces a file by deleting the old header first; the old data stay in flash", () => {
    const log = fresh();
    log.write("key", text("old secret"));
    log.write("key", text("new secret"));
    assert.equal(content(log, "key"), "new secret");
    assert.equal(Buffer.from(log.flash.read(AT + 4, 4)).readUInt32LE(), 0);
    assert.ok(Buffer.from(log.flash.bytes).includes("old secret"));
  });

  it("does not touch flash for the same content again", () => {
    const log = fresh();
    log.write("a", text("same"));
    const before = log.flash.operations;
    log.write("a", text("same"));
    assert.equal(log.flash.operations, before);
  });

  it("cuts names at 28 characters", () => {
    const log = fresh();
    log.write("x".repeat(30), text("1"));
    assert.deepEqual(log.list(), ["x".repeat(28)]);
    assert.equal(content(log, "x".repeat(30)), "1");
  });

  it("erases one file by its name's first word, and all by page", () => {
    const log = fresh();
    log.write("a", text("1"));
    log.write("b", text("2"));
    log.erase("a");
    assert.deepEqual(log.list(), ["b"]);
    log.eraseAll();
    assert.deepEqual([log.list(), log.flash.bytes.every((byte) => byte === 255)], [[], true]);
  });

  it("refuses an empty file, and one that does not fit", () => {
    const log = fresh(2);
    assert.throws(() => log.write("a", text("")), /zero length/);
    assert.throws(() => log.write("a", new Uint8Array(8192 - 28)), /Unable to find or create/);
    log.write("a", new Uint8Array(8192 - 32));
    assert.equal(log.getFree(), 0);
  });

  it("finds files that older firmware put at the next page's start", () => {
    const log = fresh(4);
    log.write("a", text("1"));
    const page = AT + 4096;
    const header = Buffer.alloc(36, 0);
    header.writeUInt32LE(4, 0);
    header.write("b", 4);
    header.write("data", 32);
    log.flash.write(page, header);
    assert.deepEqual([log.list(), content(log, "b"), log.isValid()], [["a", "b"], "data", true]);
    log.write("c", new Uint8Array(5000));
    assert.equal(log.find("c")?.address, page + 36);
    log.write("d", new Uint8Array(100));
    assert.equal(log.find("d")?.address, AT + 36, "the gap before it is still free");
  });

  describe("compaction", () => {
    function used(): StorageLog {
      const log = fresh(8);
      log.write("vault", Buffer.alloc(16352, 0x11));
      for (let i = 0; i < 5; i++) log.write(`f${i}`, Buffer.alloc(2000, 0x30 + i));
      log.erase("f1");
      log.erase("f3");
      return log;
    }

    it("wins the space of deleted files and keeps the others", () => {
      const log = used();
      const free = log.getFree();
      assert.equal(log.compact(), true);
      assert.equal(log.getFree(), free + 2 * 2032);
      assert.deepEqual(log.list(), ["vault", "f0", "f2", "f4"]);
      for (const i of [0, 2, 4]) assert.equal(content(log, `f${i}`), String(i).repeat(2000));
      assert.ok(!Buffer.from(log.flash.bytes).includes("1111"), "deleted data are gone");
      assert.equal(log.compact(), false);
    });

    it("leaves whole pages before the first deleted file alone", () => {
      const log = used();
      log.compact();
      assert.deepEqual([...log.flash.erases].slice(0, 5), [0, 0, 0, 0, 1]);
    });

    it("erases the page after what ends at a page's end", () => {
      const log = fresh(4);
      log.write("a", Buffer.alloc(1000, 0x31));
      log.write("b", Buffer.alloc(4096 - 32, 0x32));
      log.erase("a");
      log.compact();
      assert.equal(log.getFree(), 3 * 4096);
      assert.ok(log.flash.bytes.subarray(4096).every((byte) => byte === 255));
      assert.equal(log.isValid(), true);
    });

    it("happens by itself when a write needs the room", () => {
      const log = used();
      log.write("big", Buffer.alloc(8000, 0x39));
      assert.equal(content(log, "big"), "9".repeat(8000));
      assert.equal(content(log, "f4"), "4".repeat(2000));
    });

    it("loses files when the power goes, as the real one does", () => {
      const log = used();
      log.flash.cutAfter(2, "before");
      assert.throws(() => log.compact(), PowerCut);
      assert.equal(log.read("f0"), undefined);
    });
  });

  it("leaves the same bytes in flash as the real interpreter", function () {
    const interpreter = process.env.ESPRUINO_BIN;
    if (!interpreter) {
      console.log("      skipped: ESPRUINO_BIN does not name an interpreter");
      this.skip();
    }
    const seed = Date.now();
    const folder = mkdtempSync(join(tmpdir(), "kincard-log-"));
    try {
      const steps = randomSteps(new Seeded(seed));
      const script = steps.map((step) => `s.${step.does}(${step.args.map(quote).join()});`);
      const lines = ['var s = require("Storage");', ...script];
      writeFileSync(join(folder, "steps.js"), lines.join("\n"));
      execFileSync(interpreter as string, ["steps.js"], { cwd: folder, timeout: 20000 });
      const flash = new NorFlash({ address: 0x10000000, size: 256 * 1024, page: 1024 });
      const log = new StorageLog(flash);
      for (const { does, args } of steps) {
        if (does === "compact") log.compact();
        else if (does === "erase") log.erase(String(args[0]));
        else log.write(String(args[0]), text(String(args[1])), Number(args[2]), Number(args[3]));
      }
      const real = readFileSync(join(folder, "espruino.flash"));
      const at = real.findIndex((byte, i) => byte !== flash.bytes[i]);
      assert.equal(at, -1, `seed ${seed}: first difference at ${at}`);
      assert.ok(flash.erases.some((count) => count > 0) && log.list().length > 3, `seed ${seed}`);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  describe("the check at boot", () => {
    it("accepts an empty, a used, a full log, and trash", () => {
      const log = fresh(2);
      assert.equal(log.isValid(), true);
      log.write("a", text("1"));
      log.write("a", text("2"));
      assert.equal(log.isValid(), true);
      log.write("b", new Uint8Array(log.getFree() - 32));
      assert.equal(log.isValid(), true);
    });

    it("refuses raw data in an empty log", () => {
      const log = fresh();
      log.flash.write(AT + 0x9000, new Uint8Array(4));
      assert.equal(log.isValid(), false);
    });

    it("refuses a header that reaches beyond the end", () => {
      const log = fresh();
      log.flash.write(AT, Uint8Array.of(0xff, 0xff, 0xff, 0, 65, 0, 0, 0));
      assert.equal(log.isValid(), false);
    });

    it("accepts raw data behind a first file's page", () => {
      const log = fresh();
      log.write("a", text("1"), 0, 16352);
      log.flash.write(AT + 4096, new Uint8Array(4));
      assert.equal(log.isValid(), true);
    });
  });
});
