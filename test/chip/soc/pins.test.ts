import assert from "node:assert/strict";
import { Block } from "../../../host/emulator/chip/soc/base/block.js";
import { Gpio } from "../../../host/emulator/chip/soc/pins/gpio.js";
import { Gpiote } from "../../../host/emulator/chip/soc/pins/gpiote.js";
import { Ppi } from "../../../host/emulator/chip/soc/pins/ppi.js";
import { Bench } from "./support.js";

const CNF = (pin: number): number => 0x700 + 4 * pin;
const INPUT = 0;
const UP = 3 << 2;
const DOWN = 1 << 2;

describe("GPIO", () => {
  function made() {
    const gpio = new Gpio(new Bench());
    const level = (pin: number) => (gpio.block.read(0x510) >>> pin) & 1;
    return { gpio, block: gpio.block, level };
  }
  it("reads pulls, what the world drives, and its own outputs", () => {
    const { gpio, block, level } = made();
    block.write(CNF(4), INPUT | UP);
    block.write(CNF(5), INPUT | DOWN);
    block.write(CNF(6), INPUT);
    assert.deepEqual([level(4), level(5), level(6)], [1, 0, 0]);
    gpio.drive(4, 0);
    gpio.drive(5, 1);
    assert.deepEqual([level(4), level(5)], [0, 1]);
    gpio.drive(4, undefined);
    assert.equal(level(4), 1);
    block.write(CNF(7), 1);
    block.write(0x508, 1 << 7);
    assert.equal(level(7), 1);
    block.write(0x50c, 1 << 7);
    assert.equal(level(7), 0);
  });
  it("reads a disconnected input as 0, whatever drives it", () => {
    const { gpio, level } = made();
    gpio.drive(9, 1);
    assert.equal(level(9), 0);
    gpio.block.write(CNF(9), INPUT);
    assert.equal(level(9), 1);
  });
  it("keeps DIR and PIN_CNF one thing", () => {
    const { block } = made();
    block.write(0x518, 0x81);
    assert.equal(block.read(CNF(7)) & 1, 1);
    block.write(CNF(0), 2);
    assert.equal(block.read(0x514), 0x80);
    block.write(0x51c, 0x80);
    assert.equal(block.read(0x514), 0);
  });
});

describe("GPIOTE", () => {
  function made() {
    const bench = new Bench();
    const gpio = new Gpio(bench);
    const { block } = new Gpiote(bench, gpio);
    return { bench, gpio, block };
  }
  it("turns edges of its polarity into events", () => {
    const { gpio, block } = made();
    block.write(0x510, 1 | (3 << 8) | (1 << 16));
    gpio.drive(3, 1);
    assert.equal(block.read(0x100), 1);
    block.write(0x100, 0);
    gpio.drive(3, 0);
    assert.equal(block.read(0x100), 0, "falling");
  });
  it("fires PORT once for a pin whose SENSE is met, and latches it", () => {
    const { bench, gpio, block } = made();
    block.write(0x304, 0x80000000);
    gpio.block.write(CNF(2), INPUT | DOWN | (2 << 16));
    assert.equal(block.read(0x17c), 0);
    gpio.drive(2, 1);
    assert.deepEqual([block.read(0x17c), gpio.block.read(0x520)], [1, 4]);
    assert.equal(bench.lines.get(6), true);
    block.write(0x17c, 0);
    gpio.drive(2, 0);
    assert.equal(block.read(0x17c), 0);
    gpio.drive(2, 1);
    assert.equal(block.read(0x17c), 1);
  });
  it("drives a pin by its tasks", () => {
    const { gpio, block } = made();
    gpio.block.write(CNF(1), 1);
    block.write(0x514, 3 | (1 << 8) | (3 << 16));
    block.write(0x034, 1);
    assert.equal(gpio.level(1), 1);
    block.write(0x004, 1);
    assert.equal(gpio.level(1), 0, "toggled");
  });
});

describe("PPI", () => {
  it("passes an event to a task while its channel is on", () => {
    const bench = new Bench();
    const tasks: number[] = [];
    const ppi = new Ppi(bench, (task) => tasks.push(task));
    const source = new Block(
      {
        ...bench,
        scheduler: bench.scheduler,
        irq: () => undefined,
        ram: () => new Uint8Array(0),
        published: (at) => ppi.published(at),
      },
      "SOURCE",
      0x40008000,
    );
    const event = source.event(0x140, "EVENTS_COMPARE[0]");
    ppi.block.write(0x520, 0x40008140);
    ppi.block.write(0x524, 0x4000900c);
    ppi.block.write(0x918, 0x40007004);
    event.fire();
    assert.deepEqual(tasks, []);
    ppi.block.write(0x504, 4);
    event.fire();
    assert.deepEqual(tasks, [0x4000900c, 0x40007004]);
    ppi.block.write(0x808, 4);
    ppi.block.write(0x014, 1);
    event.fire();
    assert.equal(tasks.length, 2, "its group was switched off");
    assert.equal(ppi.block.read(0x500), 0);
  });
});
