/** Single rules of the processor that no program can show: interrupts' lines, errors, the host. */

import assert from "node:assert/strict";
import { UnknownRegister } from "../../../host/emulator/chip/bus.js";
import type { Peripheral } from "../../../host/emulator/chip/bus.js";
import { Lockup } from "../../../host/emulator/chip/cpu/exceptions/faults.js";
import { CODE, DEVICE, STACK, machine, units } from "./machine.js";

/** A handler: adds r4, #1; bx lr */
const HANDLER = { 0x200: "3401 4770" };
const INTERRUPT = { vectors: { 16: 0x200, 17: 0x200 }, more: HANDLER };

describe("processor: interrupts", () => {
  it("comes again for as long as the line is up", () => {
    const { cpu } = machine("e7fe", INTERRUPT);
    cpu.nvic.enable(0, true);
    cpu.nvic.level(0, true);
    cpu.run(200);
    const many = cpu.r[4] as number;
    assert.ok(many > 3, String(many));
    cpu.nvic.level(0, false);
    cpu.run(400);
    assert.ok((cpu.r[4] as number) <= many + 1);
  });

  it("comes once for an event, and not at all when it was cleared", () => {
    const { cpu } = machine("e7fe", INTERRUPT);
    cpu.nvic.enable(0, true);
    cpu.nvic.enable(1, true);
    cpu.nvic.setPending(0);
    cpu.nvic.setPending(1);
    cpu.nvic.clearPending(1);
    cpu.run(500);
    assert.equal(cpu.r[4], 1);
  });

  it("is taken right behind the instruction that made it pending", () => {
    const device: Peripheral = {
      name: "device",
      read: () => 0,
      write: () => cpu.nvic.setPending(0),
    };
    // movs r4, #7; movs r2, #1; lsls r2, #30; str r2, [r2]; adds r1, #16; b .
    const more = { 0x200: "460c 4770" }; // mov r4, r1; bx lr
    const { cpu } = machine("2407 2201 0792 6012 3110 e7fe", {
      device,
      vectors: { 16: 0x200 },
      more,
    });
    cpu.nvic.enable(0, true);
    cpu.run(100);
    assert.deepEqual([cpu.r[1], cpu.r[4]], [16, 0]);
  });

  it("stacks once for interrupts that follow each other (tail-chaining)", () => {
    const stack = new Uint32Array(0x400);
    let writes = 0;
    const device: Peripheral = {
      name: "stack",
      read: (offset) => stack[offset >> 2] as number,
      write: (offset, value) => void (writes++, (stack[offset >> 2] = value)),
    };
    const more = { 0x200: "3401 4770", 0x210: "3410 4770" };
    const { cpu } = machine("e7fe", { device, vectors: { 16: 0x200, 17: 0x210 }, more });
    cpu.r[13] = DEVICE + 0x800;
    for (const irq of [0, 1]) {
      cpu.nvic.enable(irq, true);
      cpu.nvic.setPending(irq);
    }
    cpu.run(100);
    assert.deepEqual([cpu.r[4], writes, cpu.r[13]], [0x11, 8, DEVICE + 0x800]);
  });

  it("has as many bits of priority as it is told", () => {
    const { cpu } = machine("e7fe", { priorityBits: 3 });
    cpu.bus.write(0xe000e400, 0xff, 1);
    assert.equal(cpu.bus.read(0xe000e400, 1), 0xe0);
    assert.equal(cpu.nvic.priority(0), 7);
    cpu.nvic.setPriority(1, 5);
    assert.equal(cpu.bus.read(0xe000e400, 4), 0xa0e0);
  });
});

describe("processor: supervisor calls", () => {
  it("are answered in place: no exception, registers as the answer left them", () => {
    const { cpu } = machine("df2a 3001 e7fe", {
      onSvc: (number, core) => {
        core.r[0] = number;
        assert.equal(core.r[15], CODE + 2);
        assert.equal(core.r[13], STACK);
        return true;
      },
    });
    cpu.run(20);
    assert.equal(cpu.r[0], 43);
  });

  it("take their exception when nobody answers", () => {
    const { cpu } = machine("df2a e7fe", {
      onSvc: () => false,
      vectors: { 11: 0x200 },
      more: HANDLER,
    });
    cpu.run(50);
    assert.equal(cpu.r[4], 1);
  });
});

describe("processor: code that changes", () => {
  it("runs what flash holds now: code, and the constants in it", () => {
    // ldr r0, [pc, #4]; movs r1, #1; b back to the first; pad; the constant
    const { cpu, bus } = machine("4801 2101 e7fc bf00 5678 1234");
    cpu.run(50);
    assert.deepEqual([cpu.r[0], cpu.r[1]], [0x12345678, 1]);
    bus.writeFlash(CODE + 2, units("2102"));
    cpu.run(100);
    assert.deepEqual([cpu.r[0], cpu.r[1]], [0x12345678, 2]);
    bus.writeFlash(CODE + 8, units("1111 2222"));
    cpu.run(150);
    assert.deepEqual([cpu.r[0], cpu.r[1]], [0x22221111, 2]);
  });

  it("keeps its translation when flash was written with the same bytes", () => {
    const { cpu, bus } = machine("3001 e7fd");
    cpu.run(50);
    const before = cpu.code.translated;
    bus.flashChanged(0, bus.flash.length);
    cpu.run(100);
    assert.equal(cpu.code.translated, before);
  });
});

describe("processor: what ends a run", () => {
  it("names a register that is not emulated, and where it was read", () => {
    const device: Peripheral = {
      name: "RADIO",
      read(offset) {
        throw new UnknownRegister("RADIO", offset, false);
      },
      write: () => undefined,
    };
    // movs r1, #1; lsls r1, #30; adds r0, #5; ldr r2, [r1, #16]
    const { cpu } = machine("2101 0789 3005 690a e7fe", { device });
    assert.throws(() => cpu.run(50), /read of RADIO's register 0x10: not emulated/);
    assert.deepEqual([cpu.r[15], cpu.r[0], cpu.instructions], [CODE + 6, 5, 3]);
  });

  it("locks up with all registers told when a fault's handler faults", () => {
    const { cpu } = machine("de00", { vectors: { 3: 0x200 }, more: { 0x200: "de01" } });
    assert.throws(() => cpu.run(100), Lockup);
    const again = machine("de00", { vectors: { 3: 0x200 }, more: { 0x200: "de01" } });
    assert.throws(() => again.cpu.run(100), /locked up.*r15 0x00000200/);
  });

  it("tells of a reset request and stops behind it", () => {
    let resets = 0;
    // ldr r0, [pc, #4]; ldr r1, [pc, #8]; str r1, [r0]; b . ; AIRCR; key and SYSRESETREQ
    const code = "4801 4902 6001 e7fe ed0c e000 0004 05fa";
    const { cpu } = machine(code, { onReset: () => void resets++ });
    assert.equal(cpu.run(1000), "stopped");
    assert.equal(resets, 1);
    assert.equal(cpu.instructions, 3);
  });
});

describe("processor: for a debugger", () => {
  /** movs r0, #1; adds r0, #2; adds r0, #4; b back to the adds */
  const CODE_OF = "2001 3002 3004 e7fc";

  it("stops in front of a breakpoint, also one inside a loop, and goes on from it", () => {
    const { cpu } = machine(CODE_OF);
    cpu.run(10);
    cpu.reset(0);
    cpu.setBreakpoint(CODE + 4, true);
    assert.equal(cpu.run(1000), "breakpoint");
    assert.deepEqual([cpu.r[15], cpu.r[0]], [CODE + 4, 3]);
    assert.equal(cpu.run(1000), "breakpoint");
    assert.deepEqual([cpu.r[15], cpu.r[0]], [CODE + 4, 9]);
    cpu.setBreakpoint(CODE + 4, false);
    assert.equal(cpu.run(1000), "time");
  });

  it("steps by one instruction", () => {
    const { cpu } = machine(CODE_OF);
    const path = [0, 1, 2, 3, 4].map(() => {
      cpu.step();
      return (cpu.r[15] as number) - CODE;
    });
    assert.deepEqual(path, [2, 4, 6, 2, 4]);
    assert.equal(cpu.r[0], 9);
  });

  it("goes on from a snapshot as if nothing had been", () => {
    const { cpu, scheduler, bus } = machine(CODE_OF);
    bus.write(0xe000e014, 99, 4);
    bus.write(0xe000e010, 7, 4);
    cpu.run(1234);
    const state: unknown = JSON.parse(JSON.stringify(cpu.snapshot()));
    const at = scheduler.now;
    cpu.run(5000);
    const [r0, ticks, count] = [cpu.r[0], bus.read(0xe000e018, 4), cpu.instructions];
    scheduler.restart(at);
    cpu.restore(state as ReturnType<typeof cpu.snapshot>);
    cpu.run(5000);
    assert.deepEqual([cpu.r[0], bus.read(0xe000e018, 4), cpu.instructions], [r0, ticks, count]);
  });
});
