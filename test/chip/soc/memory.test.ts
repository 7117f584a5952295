import assert from "node:assert/strict";
import { debugIds, ficr, identity, uicr } from "../../../host/emulator/chip/soc/memory/ficr.js";
import { Nvmc } from "../../../host/emulator/chip/soc/memory/nvmc.js";
import { Bench } from "./support.js";

describe("FICR, UICR and the debug IDs", () => {
  const words = ficr(identity("a chip"));
  const at = (offset: number) => words.read(offset, 4);
  it("say what chip it is", () => {
    assert.deepEqual(
      [at(0x10), at(0x14), at(0x100), at(0x10c), at(0x110)],
      [4096, 128, 0x52832, 64, 512],
    );
    assert.deepEqual([debugIds().read(0, 4), debugIds().read(8, 4)], [6, 0x50]);
    assert.deepEqual([uicr().read(0x14, 4), uicr().read(0x18, 4)], [0x78000, 0x7e000]);
    assert.equal(uicr().read(0x20c, 4), 0xffffffff);
  });
  it("differ from chip to chip, and not from run to run", () => {
    assert.deepEqual(identity("a chip"), identity("a chip"));
    assert.notDeepEqual(identity("a chip").address, identity("another").address);
    assert.equal(identity("a chip").uid[0], 0x5f);
    assert.equal(identity("a chip").uid.length, 7);
  });
  it("can't be written", () => {
    assert.throws(() => words.write(0x60, 0, 4), /FICR can't be written/);
    assert.throws(() => uicr().write(0x200, 21, 4), /UICR can't be written/);
  });
  it("but UICR while NVMC says so, in whole words whose bits only fall", () => {
    const configuration = uicr();
    configuration.writable = () => true;
    configuration.write(0x200, 0x15, 4);
    configuration.write(0x200, 0xf4, 4);
    assert.equal(configuration.read(0x200, 4), 0x14);
    assert.throws(() => configuration.write(0x204, 0, 1), /UICR can't be written/);
  });
});

describe("NVMC", () => {
  function made() {
    const done: string[] = [];

    const nvmc = new Nvmc(new Bench(), {
      erase: (address) => done.push(`erase ${address.toString(16)}`),
      write: (address, bytes) => done.push(`write ${address.toString(16)} ${[...bytes]}`),
    });
    return { nvmc, done };
  }
  it("writes words while writing is enabled, and erases while erasing is", () => {
    const { nvmc, done } = made();
    nvmc.block.write(0x504, 1);
    nvmc.store(0x70000, 0x04030201, 4);
    nvmc.block.write(0x504, 2);
    nvmc.block.write(0x508, 0x70000);
    assert.deepEqual(done, ["write 70000 1,2,3,4", "erase 70000"]);
  });
  it("refuses what the hardware forbids", () => {
    const { nvmc, done } = made();
    assert.throws(() => nvmc.store(0x70000, 1, 4), /store of 4 bytes to flash/);
    assert.throws(() => nvmc.block.write(0x508, 0x70000), /not EEN/);
    nvmc.block.write(0x504, 1);
    assert.throws(() => nvmc.store(0x70000, 1, 1), /store of 1 bytes to flash/);
    assert.deepEqual(done, []);
  });
});
