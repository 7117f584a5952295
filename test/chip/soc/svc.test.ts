/**
 * A supervisor call that is the last instruction of the time given is answered once, and the
 * program goes on.
 */
import assert from "node:assert/strict";
import { Bus, RAM_BASE } from "../../../host/emulator/chip/bus.js";
import { Cpu } from "../../../host/emulator/chip/cpu/cpu.js";
import { Scheduler } from "../../../host/emulator/chip/scheduler.js";

/** adds r1, #1; svc 7; b back */
const PROGRAM = [0x3101, 0xdf07, 0xe7fc];

describe("a supervisor call at the end of a grant", () => {
  it("is made once for each time round the loop, however short the runs", () => {
    const bus = new Bus();
    const view = new DataView(bus.flash.buffer, bus.flash.byteOffset);
    view.setUint32(0, RAM_BASE + 0x1000, true);
    view.setUint32(4, 0x101, true);
    PROGRAM.forEach((half, i) => view.setUint16(0x100 + 2 * i, half, true));
    const scheduler = new Scheduler();
    let calls = 0;
    const cpu = new Cpu({
      bus,
      scheduler,
      cyclesPerInstruction: 1,
      onSvc: (number) => {
        assert.equal(number, 7);
        if (++calls > 1000) throw new Error("called again and again");
        return true;
      },
    });
    cpu.reset();
    for (let until = 1; until <= 300; until++) cpu.run(until);
    const loops = cpu.r[1]!;
    assert.ok(loops >= 99 && loops <= 101, `${loops} loops in 300 cycles`);
    assert.ok(calls === loops || calls === loops - 1, `${calls} calls in ${loops} loops`);
  });
});
