import assert from "node:assert/strict";
import { Block } from "../../../host/emulator/chip/soc/base/block.js";
import { Clock } from "../../../host/emulator/chip/soc/clocks/clock.js";
import { fresh, Power } from "../../../host/emulator/chip/soc/clocks/power.js";
import { Rtc } from "../../../host/emulator/chip/soc/clocks/rtc.js";
import { Timer } from "../../../host/emulator/chip/soc/clocks/timer.js";
import { Watchdog } from "../../../host/emulator/chip/soc/clocks/watchdog.js";
import { Bench, US } from "./support.js";

/** Microseconds of so many ticks of 32768 Hz, rounded up. */
const ticks = (n: number): number => Math.ceil((n * 1e6) / 32768);

describe("CLOCK and POWER", () => {
  function made() {
    const bench = new Bench();
    const block = new Block(bench, "POWER and CLOCK", 0x40000000, 0);
    const clock = new Clock(block);
    const retained = { ...fresh(), reasons: 6 };
    new Power(block, retained, () => undefined);
    block.interrupts();
    return { bench, block, clock, retained };
  }
  it("starts the low frequency clock in its time", () => {
    const { bench, block } = made();
    block.write(0x518, 1);
    block.write(0x008, 1);
    assert.equal(block.read(0x104), 0);
    bench.pass(600);
    assert.deepEqual([block.read(0x104), block.read(0x418)], [1, 0x10001]);
  });
  it("starts and stops the crystal", () => {
    const { bench, block, clock } = made();
    block.write(0x000, 1);
    bench.pass(359);
    assert.equal(clock.crystal, false);
    bench.pass(1);
    assert.deepEqual([clock.crystal, block.read(0x100), block.read(0x40c)], [true, 1, 0x10001]);
    block.write(0x004, 1);
    assert.equal(block.read(0x40c), 0x10000);
  });
  it("keeps reset reasons until a 1 clears them, and GPREGRET as bytes", () => {
    const { block, retained } = made();
    assert.equal(block.read(0x400), 6);
    block.write(0x400, 2);
    assert.equal(block.read(0x400), 4);
    block.write(0x51c, 0x1ab);
    assert.deepEqual(retained.registers, [0xab, 0]);
  });
});

describe("RTC", () => {
  function made() {
    const bench = new Bench();
    const rtc = new Rtc(bench, "RTC1", 0x40011000, 17, 4);
    return { bench, rtc, block: rtc.block };
  }
  it("counts 32768 ticks a second, and one of so many with a prescaler", () => {
    const { bench, block } = made();
    block.write(0x000, 1);
    bench.pass(1e6);
    assert.equal(block.read(0x504), 32768);
    block.write(0x004, 1);
    block.write(0x008, 1);
    block.write(0x508, 4095);
    block.write(0x000, 1);
    bench.pass(5.5e6);
    assert.equal(block.read(0x504), 44);
  });
  it("stands still when stopped", () => {
    const { bench, block } = made();
    block.write(0x000, 1);
    bench.pass(ticks(100));
    block.write(0x004, 1);
    bench.pass(1e6);
    assert.equal(block.read(0x504), 100);
  });
  it("fires a compare event that is routed or asked for, and no other", () => {
    const { bench, block } = made();
    block.write(0x540, 10);
    block.write(0x544, 10);
    block.write(0x304, 1 << 16);
    block.write(0x000, 1);
    bench.pass(ticks(9));
    assert.equal(block.read(0x140), 0);
    bench.pass(ticks(1));
    assert.deepEqual([block.read(0x140), block.read(0x144)], [1, 0]);
    assert.equal(bench.lines.get(17), true);
  });
  it("meets a compare value that lies behind only after the counter's wrap", () => {
    const { bench, block } = made();
    block.write(0x340, 1 << 16);
    block.write(0x000, 1);
    bench.pass(ticks(20));
    block.write(0x540, 10);
    bench.pass(1e6);
    assert.equal(block.read(0x140), 0);
    bench.pass(512e6);
    assert.equal(block.read(0x140), 1);
  });
  it("overflows after 512 seconds", () => {
    const { bench, block } = made();
    block.write(0x344, 2);
    block.write(0x00c, 1);
    block.write(0x000, 1);
    assert.equal(block.read(0x504), 0xfffff0);
    bench.pass(ticks(16));
    assert.deepEqual([block.read(0x504), block.read(0x104)], [0, 1]);
  });
});

describe("TIMER", () => {
  function made() {
    const bench = new Bench();
    const timer = new Timer(bench, "TIMER1", 0x40009000, 9, 4);
    return { bench, timer, block: timer.block };
  }
  it("counts microseconds at prescaler 4, and captures them", () => {
    const { bench, block } = made();
    block.write(0x508, 3);
    block.write(0x510, 4);
    block.write(0x000, 1);
    bench.pass(1234);
    block.write(0x044, 1);
    assert.equal(block.read(0x544), 1234);
  });
  it("keeps its period with the compare-clear shortcut", () => {
    const { bench, block } = made();
    block.write(0x540, 100);
    block.write(0x200, 1);
    block.write(0x304, 1 << 16);
    block.write(0x000, 1);
    for (let i = 1; i <= 5; i++) {
      bench.pass(100);
      assert.equal(block.read(0x140), 1, `period ${i}`);
      assert.equal(bench.scheduler.now, i * 100 * US);
      block.write(0x140, 0);
    }
    assert.equal(bench.lines.get(9), false);
  });
  it("wraps at its width and never meets what does not fit", () => {
    const { bench, block } = made();
    block.write(0x508, 1);
    block.write(0x540, 300);
    block.write(0x544, 255);
    block.write(0x000, 1);
    bench.pass(1000);
    assert.deepEqual([block.read(0x140), block.read(0x144)], [0, 1]);
  });
  it("counts in counter mode, and stops at its shortcut", () => {
    const { block } = made();
    block.write(0x504, 1);
    block.write(0x540, 2);
    block.write(0x200, 1 << 8);
    block.write(0x000, 1);
    for (let i = 0; i < 5; i++) block.write(0x008, 1);
    block.write(0x044, 1);
    assert.deepEqual([block.read(0x140), block.read(0x544)], [1, 2]);
  });
});

describe("WDT", () => {
  function made() {
    const bench = new Bench();
    let bites = 0;
    const { block } = new Watchdog(bench, () => bites++);
    return { bench, block, bites: () => bites };
  }
  it("bites when nobody reloads it, and not before", () => {
    const { bench, block, bites } = made();
    block.write(0x504, 32767);
    block.write(0x000, 1);
    bench.pass(0.9e6);
    block.write(0x600, 0x6e524635);
    bench.pass(0.9e6);
    assert.equal(bites(), 0);
    bench.pass(0.2e6);
    assert.equal(bites(), 1);
  });
  it("wants every request that is enabled, and only the right word", () => {
    const { bench, block, bites } = made();
    block.write(0x504, 32767);
    block.write(0x508, 3);
    block.write(0x000, 1);
    bench.pass(0.5e6);
    block.write(0x600, 0x6e524635);
    block.write(0x604, 1);
    assert.equal(block.read(0x404), 2);
    bench.pass(0.6e6);
    assert.equal(bites(), 1);
  });
  it("can't be changed once it runs", () => {
    const { block } = made();
    block.write(0x504, 100);
    block.write(0x000, 1);
    block.write(0x504, 1e6);
    assert.deepEqual([block.read(0x504), block.read(0x400)], [100, 1]);
  });
});
