/** The processor and the scheduler: when events come, what sleep costs, what a stall is. */

import assert from "node:assert/strict";
import type { Peripheral } from "../../../host/emulator/chip/bus.js";
import { Scheduler } from "../../../host/emulator/chip/scheduler.js";
import { DEVICE, machine } from "./machine.js";

/** adds r0, #1; b back to it */
const COUNT = "3001 e7fd";
/** wfe; adds r0, #1; b back */
const WFE = "bf20 3001 e7fc";
/** A handler: adds r4, #1; bx lr */
const HANDLER = { 0x200: "3401 4770" };

describe("scheduler", () => {
  it("runs events in order, equal ones as they were made, each at its own time", () => {
    const scheduler = new Scheduler();
    const seen: string[] = [];
    const note = (name: string) => () => void seen.push(`${name}@${scheduler.now}`);
    scheduler.at(20, note("b"));
    scheduler.at(10, note("a"));
    scheduler.at(20, note("c"));
    scheduler.after(5, () => void scheduler.at(7, note("inner")));
    scheduler.advance(30);
    assert.deepEqual(seen, ["inner@7", "a@10", "b@20", "c@20"]);
    assert.equal(scheduler.now, 30);
  });

  it("forgets what is cancelled", () => {
    const scheduler = new Scheduler();
    const handle = scheduler.at(10, () => assert.fail("ran"));
    scheduler.cancel(handle);
    scheduler.cancel(handle);
    scheduler.cancel(undefined);
    assert.equal(handle.cycle, Infinity);
    assert.equal(scheduler.next, Infinity);
    scheduler.advance(20);
  });
});

describe("processor: time", () => {
  it("takes the cycles an instruction that it is told", () => {
    for (const cyclesPerInstruction of [1, 1.3, 4]) {
      const { cpu, scheduler } = machine(COUNT, { cyclesPerInstruction });
      assert.equal(cpu.run(100_000), "time");
      const wanted = Math.ceil(100_000 / cyclesPerInstruction);
      assert.ok(cpu.instructions - wanted >= 0 && cpu.instructions - wanted < 64);
      const model = cpu.instructions * cyclesPerInstruction;
      assert.ok(Math.abs(scheduler.now - model) < 1e-6);
    }
  });

  it("is where the time says when an event comes, and stops for events made meanwhile", () => {
    const { cpu, scheduler } = machine(COUNT);
    let at = 0;
    scheduler.at(5000, () => scheduler.at(5003, () => (at = cpu.instructions)));
    cpu.run(10_000);
    assert.ok(at >= 5003 && at < 5003 + 64, `after ${at} instructions`);
  });

  it("shows a peripheral the exact cycle of its access", () => {
    const seen: number[] = [];
    const device: Peripheral = {
      name: "device",
      read: () => seen.push(scheduler.now),
      write: () => void seen.push(scheduler.now),
    };
    // movs r1, #1; lsls r1, #30; nop; ldr r0, [r1]; str r0, [r1]; b .
    const { cpu, scheduler } = machine("2101 0789 bf00 6808 6008 e7fe", { device });
    cpu.run(50);
    assert.deepEqual(seen, [3, 4]);
    assert.equal(DEVICE, 1 << 30);
  });

  it("stands still for a stall: time passes, instructions do not", () => {
    const { cpu, scheduler } = machine("df05 e7fe", {
      onSvc: (number, core) => {
        core.stall(number * 1000);
        return true;
      },
    });
    let early = -1;
    scheduler.at(3000, () => (early = cpu.instructions));
    cpu.run(5000);
    assert.ok(scheduler.now >= 5000);
    assert.ok(cpu.instructions < 64, String(cpu.instructions));
    assert.equal(early, 1);
  });

  it("counts the same however the run is cut up", () => {
    const whole = machine(COUNT);
    whole.cpu.run(9999);
    const cut = machine(COUNT);
    for (let until = 33; until < 9999; until += 33) cut.cpu.run(until);
    cut.cpu.run(9999);
    assert.equal(cut.cpu.r[0], whole.cpu.r[0]);
    assert.equal(cut.cpu.instructions, whole.cpu.instructions);
  });
});

describe("processor: sleep", () => {
  it("jumps to the next event without instructions, and to the end of the run", () => {
    const { cpu, scheduler } = machine(WFE, { vectors: { 16: 0x200 }, more: HANDLER });
    cpu.nvic.enable(0, true);
    scheduler.at(1_000_000, () => cpu.nvic.setPending(0));
    assert.equal(cpu.run(2_000_000), "asleep");
    assert.equal(scheduler.now, 2_000_000);
    assert.equal(cpu.r[4], 1);
    assert.ok(cpu.instructions < 20, String(cpu.instructions));
    assert.equal(cpu.asleep, true);
  });

  it("says so at once when nothing is due and no end is given", () => {
    const { cpu, scheduler } = machine(WFE);
    assert.equal(cpu.run(Infinity), "asleep");
    assert.ok(scheduler.now < 100);
    cpu.sendEvent();
    assert.equal(cpu.run(Infinity), "asleep");
    assert.equal(cpu.r[0], 1);
  });

  it("does not sleep when an interrupt came since the last time", () => {
    const { cpu } = machine(WFE, { vectors: { 16: 0x200 }, more: HANDLER });
    cpu.nvic.enable(0, true);
    cpu.nvic.setPending(0);
    cpu.run(Infinity);
    assert.deepEqual([cpu.r[0], cpu.r[4]], [1, 1]);
  });

  it("wakes WFI for a masked interrupt, which is not taken", () => {
    // cpsid i; wfi; adds r0, #1; b .
    const { cpu, scheduler } = machine("b672 bf30 3001 e7fe", {
      vectors: { 16: 0x200 },
      more: HANDLER,
    });
    cpu.nvic.enable(0, true);
    scheduler.at(500, () => cpu.nvic.setPending(0));
    cpu.run(1000);
    assert.deepEqual([cpu.r[0], cpu.r[4]], [1, 0]);
  });
});
