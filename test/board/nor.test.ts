/** NOR flash: what cells do, what the chip forbids, what a cut leaves. */

import { strict as assert } from "node:assert";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BoardTrap, PowerCut } from "../../host/emulator/faults.js";
import { NorFlash, type CutMode } from "../../host/emulator/flash/nor.js";

const SMALL = { address: 0x5e000, size: 3 * 4096 };
const AT = SMALL.address;
const word = (flash: NorFlash, at: number) => Buffer.from(flash.read(at, 4)).readUInt32LE();
const bytes = (...words: number[]) => new Uint8Array(Uint32Array.from(words).buffer);
const zeros = (count: number) => new Uint8Array(4 * count);

function cutWrite(seed: number, mode: CutMode, data: Uint8Array): NorFlash {
  const flash = new NorFlash(SMALL);
  flash.cutAfter(1, mode, { seed });
  assert.throws(() => flash.write(AT, data), PowerCut);
  return flash;
}

describe("NOR flash", () => {
  it("starts erased, and reads what was written at any address and length", () => {
    const flash = new NorFlash(SMALL);
    assert.ok(flash.bytes.every((byte) => byte === 255));
    flash.write(AT + 8, bytes(0x04030201, 0x08070605));
    assert.deepEqual([...flash.read(AT + 9, 5)], [2, 3, 4, 5, 6]);
  });

  it("only lets bits fall, and counts words that wanted one to rise", () => {
    const flash = new NorFlash(SMALL);
    flash.write(AT, bytes(0xff00ff00));
    flash.write(AT, bytes(0x0ff0fff0));
    assert.equal(word(flash, AT), 0x0f00ff00);
    assert.equal(flash.raised, 1);
  });

  it("erases the whole page that holds the address, and no other", () => {
    const flash = new NorFlash(SMALL);
    for (const page of [0, 1, 2]) flash.write(AT + 4096 * page + 4092, zeros(1));
    flash.erase(AT + 4096 + 17);
    assert.deepEqual(
      [0, 1, 2].map((page) => word(flash, AT + 4096 * page + 4092)),
      [0, 0xffffffff, 0],
    );
    assert.deepEqual([...flash.erases], [0, 1, 0]);
  });

  it("traps on what is not aligned and what lies outside", () => {
    const flash = new NorFlash(SMALL);
    for (const wrong of [
      () => flash.write(AT + 2, zeros(1)),
      () => flash.write(AT, new Uint8Array(6)),
      () => flash.write(AT + SMALL.size - 4, zeros(2)),
      () => flash.write(AT - 4, zeros(1)),
      () => flash.read(AT + SMALL.size - 1, 2),
      () => flash.erase(AT + SMALL.size),
    ]) {
      assert.throws(wrong, BoardTrap);
    }
    assert.ok(flash.bytes.every((byte) => byte === 255));
  });

  it("traps on the 182nd word write of a 512-byte block (nRF52832)", () => {
    const flash = new NorFlash(SMALL);
    flash.write(AT, zeros(128));
    flash.write(AT, zeros(53));
    flash.write(AT + 512, zeros(1));
    assert.throws(() => flash.write(AT + 508, zeros(1)), /more than 181 word writes/);
    flash.erase(AT);
    flash.write(AT, zeros(1));
  });

  it("traps on the third write of a word (nRF52840)", () => {
    const flash = new NorFlash({ ...SMALL, chip: "nRF52840" });
    flash.write(AT, zeros(128));
    flash.write(AT, zeros(128));
    assert.throws(() => flash.write(AT + 4, zeros(1)), /more than 2 times/);
  });

  it("counts one operation for an erase or a write call", () => {
    const flash = new NorFlash(SMALL);
    flash.write(AT, zeros(100));
    flash.erase(AT);
    flash.read(AT, 4096);
    assert.equal(flash.operations, 2);
  });

  it("cuts at the operation it was told, before or after it, and then no more", () => {
    for (const [mode, left] of [
      ["before", 0xffffffff],
      ["after", 0x12345678],
    ] as const) {
      const flash = new NorFlash(SMALL);
      flash.cutAfter(2, mode);
      flash.write(AT, bytes(1));
      assert.throws(() => flash.write(AT + 4, bytes(0x12345678)), PowerCut);
      assert.deepEqual([word(flash, AT), word(flash, AT + 4)], [1, left]);
      flash.write(AT + 8, bytes(2));
      assert.equal(word(flash, AT + 8), 2);
    }
  });

  it("tears a write inside a word: whole words, then some bits, then nothing", () => {
    const lengths = new Set<number>();
    let partial = 0;
    let weak = 0;
    for (let seed = 0; seed < 200; seed++) {
      const flash = cutWrite(seed, "inside", zeros(8));
      const words = [...new Uint32Array(flash.read(AT, 32).buffer)];
      const whole = words.findIndex((value) => value !== 0);
      if (whole >= 0) {
        assert.ok(
          words.slice(whole + 1).every((value) => value === 0xffffffff),
          `seed ${seed}`,
        );
        lengths.add(whole);
        if (words[whole] !== 0xffffffff) partial++;
      }
      weak += flash.weakWords;
    }
    assert.ok(lengths.size === 8, `${lengths.size} lengths of 8`);
    assert.ok(partial > 100, `${partial} of 200 torn words hold a mix`);
    assert.ok(weak > 100, `${weak} of 200 have weak bits`);
  });

  it("leaves the same tear for the same seed", () => {
    const tear = (seed: number) => cutWrite(seed, "inside", zeros(8)).snapshot();
    assert.deepEqual(tear(3), tear(3));
    assert.notDeepEqual(tear(3).cells, tear(4).cells);
  });

  it("tears after as many whole words as it is told", () => {
    const flash = new NorFlash(SMALL);
    flash.cutAfter(1, "inside", { words: 5 });
    assert.throws(() => flash.write(AT, zeros(8)), PowerCut);
    const words = [...new Uint32Array(flash.read(AT, 32).buffer)];
    assert.deepEqual(
      [words.slice(0, 5), words.slice(6)],
      [
        [0, 0, 0, 0, 0],
        [2 ** 32 - 1, 2 ** 32 - 1],
      ],
    );
  });

  describe("weak bits", () => {
    /** A torn word that reads differently at least once in 50 reads. */
    function weakWord(): { flash: NorFlash; readings: Set<number> } {
      for (let seed = 0; ; seed++) {
        const flash = new NorFlash(SMALL);
        flash.cutAfter(1, "inside", { seed, words: 0 });
        assert.throws(() => flash.write(AT, zeros(1)), PowerCut);
        const readings = new Set(Array.from({ length: 50 }, () => word(flash, AT)));
        if (readings.size > 1) return { flash, readings };
        assert.ok(seed < 100, "no torn word is ever weak");
      }
    }

    it("read differently until programmed to 0", () => {
      const { flash } = weakWord();
      flash.write(AT, zeros(1));
      assert.deepEqual([flash.weakWords, word(flash, AT)], [0, 0]);
    });

    it("stay weak under a 1", () => {
      const { flash } = weakWord();
      flash.write(AT, bytes(0xffffffff));
      const again = new Set(Array.from({ length: 50 }, () => word(flash, AT)));
      assert.ok(again.size > 1);
    });

    it("are gone after an erase", () => {
      const { flash } = weakWord();
      flash.erase(AT);
      assert.deepEqual([flash.weakWords, word(flash, AT)], [0, 0xffffffff]);
    });
  });

  it("tears an erase into old, erased and mixed words", () => {
    const seen = { old: 0, erased: 0, mixed: 0 };
    for (let seed = 0; seed < 20; seed++) {
      const flash = new NorFlash(SMALL);
      flash.write(AT, Buffer.alloc(512, 0x35));
      flash.cutAfter(1, "inside", { seed });
      assert.throws(() => flash.erase(AT), PowerCut);
      for (const value of new Uint32Array(flash.read(AT, 512).buffer)) {
        assert.equal(value & 0x35353535, 0x35353535, "no bit falls in an erase");
        if (value === 0x35353535) seen.old++;
        else if (value === 0xffffffff) seen.erased++;
        else seen.mixed++;
      }
    }
    for (const [kind, count] of Object.entries(seen)) assert.ok(count > 100, `${kind}: ${count}`);
  });

  it("goes back to a snapshot, weak bits and write counts included", () => {
    const flash = new NorFlash(SMALL);
    flash.write(AT, zeros(128));
    flash.write(AT, zeros(53));
    const before = flash.snapshot();
    flash.erase(AT);
    flash.restore(before);
    assert.equal(word(flash, AT), 0);
    assert.throws(() => flash.write(AT, zeros(1)), /181/);
  });

  describe("in a file", () => {
    let folder: string;
    beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "kincard-nor-"))));
    afterEach(() => rmSync(folder, { recursive: true }));

    it("holds each operation as soon as it returns, cells first in the file", () => {
      const path = join(folder, "flash");
      const flash = new NorFlash({ ...SMALL, path });
      flash.write(AT + 4096, bytes(0x64636261));
      assert.equal(readFileSync(path).toString("latin1", 4096, 4100), "abcd");
      flash.erase(AT + 4096);
      assert.equal(readFileSync(path).readUInt32LE(4096), 0xffffffff);
    });

    it("is opened again with everything as it was", () => {
      const path = join(folder, "flash");
      const flash = new NorFlash({ ...SMALL, path });
      flash.erase(AT);
      flash.write(AT + 4096, zeros(128));
      flash.write(AT + 8192 - 512, zeros(8));
      flash.cutAfter(1, "inside", { seed: 1, words: 3 });
      assert.throws(() => flash.write(AT + 8192, zeros(8)), PowerCut);
      const again = new NorFlash({ ...SMALL, path });
      assert.deepEqual(again.snapshot(), flash.snapshot());
      assert.equal(again.weakWords, flash.weakWords);
    });

    it("is refused when it is something else, and left alone", () => {
      const path = join(folder, "letter.txt");
      writeFileSync(path, "dear all");
      assert.throws(() => new NorFlash({ ...SMALL, path }), /not the flash of such a board/);
      assert.equal(readFileSync(path, "utf8"), "dear all");
    });
  });
});
