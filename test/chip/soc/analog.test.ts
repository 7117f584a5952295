import assert from "node:assert/strict";
import { Rng } from "../../../host/emulator/chip/soc/analog/rng.js";
import { Saadc } from "../../../host/emulator/chip/soc/analog/saadc.js";
import { Temp } from "../../../host/emulator/chip/soc/analog/temp.js";
import { Bench } from "./support.js";

describe("TEMP", () => {
  it("measures quarter degrees, in its time", () => {
    const bench = new Bench();
    const { block } = new Temp(bench, () => 21.25);
    block.write(0, 1);
    bench.pass(35);
    assert.equal(block.read(0x100), 0);
    bench.pass(1);
    assert.deepEqual([block.read(0x100), block.read(0x508)], [1, 85]);
  });
  it("goes below zero", () => {
    const bench = new Bench();
    const { block } = new Temp(bench, () => -5);
    block.write(0, 1);
    bench.pass(36);
    assert.equal(block.read(0x508) | 0, -20);
  });
});

describe("RNG", () => {
  const [START, STOP, READY, SHORTS, INTENSET, CONFIG, VALUE] = [
    0, 4, 0x100, 0x200, 0x304, 0x504, 0x508,
  ];
  const made = () => {
    const bench = new Bench();
    let n = 0x100;
    return { bench, block: new Rng(bench, { next32: () => n++ }).block };
  };
  it("makes a byte each 30 us, 120 with bias correction, until it is stopped", () => {
    const { bench, block } = made();
    block.write(START, 1);
    bench.pass(157);
    assert.equal(block.read(READY), 0);
    bench.pass(1);
    assert.deepEqual([block.read(READY), block.read(VALUE)], [1, 0]);
    bench.pass(30);
    assert.equal(block.read(VALUE), 1);
    block.write(CONFIG, 1);
    bench.pass(30 + 119);
    assert.equal(block.read(VALUE), 2);
    bench.pass(1);
    assert.equal(block.read(VALUE), 3);
    block.write(STOP, 1);
    bench.pass(1000);
    assert.equal(block.read(VALUE), 3);
  });
  it("stops by its shortcut, and asks for its interrupt", () => {
    const { bench, block } = made();
    block.write(SHORTS, 1);
    block.write(INTENSET, 1);
    block.write(START, 1);
    bench.pass(2000);
    assert.deepEqual([block.read(VALUE), bench.lines.get(13)], [0, true]);
  });
});

describe("SAADC", () => {
  function sample(volts: number, select: number, config: number, supply = 3): number {
    const bench = new Bench();
    const { block } = new Saadc(bench, { supply, input: () => volts });
    block.write(0x500, 1);
    block.write(0x5f0, 3);
    block.write(0x510, select);
    block.write(0x518, config);
    block.write(0x62c, 0x20000100);
    block.write(0x630, 1);
    block.write(0x000, 1);
    block.write(0x004, 1);
    bench.pass(100);
    assert.equal(block.read(0x104), 1, "END");
    assert.equal(block.read(0x634), 1);
    return new DataView(bench.memory.buffer).getInt16(0x100, true);
  }
  const QUARTER = 2 << 8;
  const SIXTH = 0;
  const VDD4 = 1 << 12;
  it("measures a pin against the supply: half of it is half of 14 bits", () => {
    assert.equal(sample(1.5, 3, QUARTER | VDD4), 8192);
    assert.equal(sample(3, 3, QUARTER | VDD4), 16383);
  });
  it("measures the supply against its own reference", () => {
    assert.equal(sample(0, 9, SIXTH, 3), Math.round((3 / 6 / 0.6) * 16384));
  });
});
