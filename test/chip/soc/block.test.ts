import assert from "node:assert/strict";
import { Block } from "../../../host/emulator/chip/soc/base/block.js";
import { UnknownRegister } from "../../../host/emulator/chip/bus.js";
import { Bench } from "./support.js";

function device(bench = new Bench()) {
  const block = new Block(bench, "DEVICE", 0x40000000, 7);
  const done: string[] = [];
  block.task(0x000, "TASKS_START", () => done.push("start"));
  const ready = block.event(0x108, "EVENTS_READY");
  block.shortcuts([[1, ready, () => done.push("short")]]);
  block.interrupts(true);
  block.cell(0x500, "CONFIG", 0x12, 0xff);
  return { bench, block, ready, done };
}

describe("a peripheral's block of registers", () => {
  it("asks for its interrupt while an event stands and its bit is set", () => {
    const { bench, block, ready } = device();
    ready.fire();
    assert.equal(bench.lines.get(7), undefined, "without its bit");
    block.write(0x304, 1 << 2);
    assert.equal(bench.lines.get(7), true);
    assert.equal(block.read(0x300), 4);
    block.write(0x108, 0);
    assert.equal(bench.lines.get(7), false);
    block.write(0x108, 1);
    assert.equal(bench.lines.get(7), true, "an event written by the program");
    block.write(0x308, 4);
    assert.equal(bench.lines.get(7), false);
  });
  it("publishes its events and runs the shortcuts that are on", () => {
    const { bench, block, ready, done } = device();
    ready.fire();
    assert.deepEqual([done, bench.events], [[], [0x40000108]]);
    block.write(0x200, 2);
    ready.fire();
    assert.deepEqual(done, ["short"]);
    assert.throws(() => block.write(0x200, 4), /DEVICE.SHORTS = 0x4 is not emulated/);
  });
  it("runs tasks on a 1, and reads them as 0", () => {
    const { block, done } = device();
    block.write(0x000, 0);
    block.write(0x000, 1);
    assert.deepEqual([done, block.read(0)], [["start"], 0]);
  });
  it("keeps what a register's mask lets through, and shows its bytes", () => {
    const { block } = device();
    assert.equal(block.read(0x500), 0x12);
    block.write(0x500, 0x1ff);
    assert.equal(block.read(0x500), 0xff);
    block.write(0x500, 0x34);
    assert.deepEqual([block.read(0x500, 1), block.read(0x501, 1)], [0x34, 0]);
    assert.throws(() => block.write(0x500, 1, 1), /a write of 1 bytes to DEVICE.CONFIG/);
  });
  it("traps with its name where nobody wrote a register", () => {
    const { block } = device();
    assert.throws(() => block.read(0x504), UnknownRegister);
    assert.throws(() => block.read(0x504), /DEVICE's register 0x504/);
    assert.throws(() => block.write(0x7fc, 5), /write of 0x00000005 to DEVICE's register 0x7fc/);
  });
});
