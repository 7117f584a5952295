import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";
import {
  FirmwareError,
  parseFirmware,
  readFirmware,
} from "../../../host/emulator/chip/firmware.js";
import { chipFlash, programFirmware } from "../../../host/emulator/chip/chip.js";
import { HexError, readIntelHex } from "../../../hw/images/read-intel-hex.js";
import { intelHex } from "../../../hw/images/intel-hex.js";

/** An application: stack, entry, and some bytes. */
function application(): Uint8Array {
  const bytes = new Uint8Array(64).fill(7);
  new DataView(bytes.buffer).setUint32(0, 0x2000fff0, true);
  new DataView(bytes.buffer).setUint32(4, 0x1f031, true);
  return bytes;
}

/** A zip archive of one file, packed or not. Written from the format, not from the reader. */
function zip(files: Record<string, Uint8Array>, pack: boolean): Buffer {
  const parts: Buffer[] = [];
  const list: Buffer[] = [];
  let at = 0;
  for (const [name, bytes] of Object.entries(files)) {
    const data = pack ? deflateRawSync(bytes) : Buffer.from(bytes);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(pack ? 8 : 0, 8);
    local.writeUInt16LE(name.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(pack ? 8 : 0, 10);
    entry.writeUInt32LE(data.length, 20);
    entry.writeUInt32LE(bytes.length, 24);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(at, 42);
    parts.push(local, Buffer.from(name), data);
    list.push(entry, Buffer.from(name));
    at += 30 + name.length + data.length;
  }
  const directory = Buffer.concat(list);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Object.keys(files).length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, directory, end]);
}

describe("Intel HEX, read", () => {
  it("gives back what the writer wrote", () => {
    const bytes = Uint8Array.from({ length: 100_000 }, (_, i) => i * 31);
    const [segment, ...more] = readIntelHex(intelHex(0x5e000, bytes));
    assert.deepEqual([segment!.address, more.length], [0x5e000, 0]);
    assert.deepEqual(new Uint8Array(segment!.bytes), bytes);
  });
  it("knows segment addresses, and skips entry points", () => {
    const text = ":020000021000EC\n:02F00000AA5510\n:040000031000F0E118\n:00000001FF\n";
    const wrong = text.replace("AA5510", "AA550F");
    assert.deepEqual(
      readIntelHex(wrong).map(({ address, bytes }) => [address, ...bytes]),
      [[0x1f000, 0xaa, 0x55]],
    );
    assert.throws(() => readIntelHex(text), /line 2: its checksum is wrong/);
  });
  it("refuses what is damaged, doubled, cut short or no HEX at all, by line", () => {
    const bad: [string, RegExp][] = [
      [":00000001FF\n:00000001FF", /line 2: a record after the end/],
      ["hello", /line 1: no Intel HEX record/],
      [":0100000055AA\n", /it ends without an end record/],
      [":0100000055AA\n:0100000055AA\n:00000001FF", /two records for 0/],
      [":0500000055A6\n:00000001FF", /line 1: its length is not what it says/],
    ];
    for (const [text, why] of bad) assert.throws(() => readIntelHex(text), why, text);
    assert.throws(() => readIntelHex(""), HexError);
  });
});

describe("a firmware file", () => {
  let folder = "";
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "kincard-firmware-"))));
  afterEach(() => rmSync(folder, { recursive: true }));
  const put = (name: string, bytes: Uint8Array | string) => {
    writeFileSync(join(folder, name), bytes);
    return join(folder, name);
  };

  it("is a .hex with an application at 0x1f000", () => {
    const { end, segments } = parseFirmware(intelHex(0x1f000, application()));
    assert.deepEqual([end, segments.length], [0x1f040, 1]);
  });
  it("is a zip with a .hex, or with the binary that its manifest names", () => {
    const hex = Buffer.from(intelHex(0x1f000, application()));
    const manifest = Buffer.from('{"manifest":{"application":{"bin_file":"app.bin"}}}');
    for (const pack of [false, true]) {
      const kinds: Record<string, Uint8Array>[] = [
        { "x.hex": hex },
        { "manifest.json": manifest, "app.bin": application() },
      ];
      for (const files of kinds) {
        const { end } = readFirmware(put("f.zip", zip(files, pack)));
        assert.equal(end, 0x1f040);
      }
    }
  });
  it("is refused, with its name, when it can't be one", () => {
    const elsewhere = put("a.hex", intelHex(0x20000, application()));
    assert.throws(() => readFirmware(elsewhere), /a\.hex: nothing at 0x1f000/);
    const other = put("b.hex", intelHex(0x1f000, new Uint8Array(64)));
    assert.throws(() => readFirmware(other), /does not begin as an application/);
    const empty = put("c.zip", zip({ "readme.txt": Buffer.from("hello") }, true));
    assert.throws(() => readFirmware(empty), FirmwareError);
  });
  it("is programmed without wear, and gets the SoftDevice's words if it lacks them", () => {
    const flash = chipFlash();
    programFirmware(flash, parseFirmware(intelHex(0x1f000, application())));
    const view = new DataView(flash.bytes.buffer);
    assert.equal(view.getUint32(0x1f000, true), 0x2000fff0);
    assert.deepEqual(
      [view.getUint32(0x3004, true), view.getUint32(0x3008, true), view.getUint32(0x3010, true)],
      [0x51b1e5db, 0x1f000, 132],
    );
    assert.deepEqual([flash.operations, Math.max(...flash.erases)], [0, 0]);
  });
});
