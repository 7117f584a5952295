/** A program for our guests (guest/) on our processor, with as much semihosting as they use. */

import { Bus } from "../../../host/emulator/chip/bus.js";
import type { Core } from "../../../host/emulator/chip/cpu/core.js";
import { Cpu } from "../../../host/emulator/chip/cpu/cpu.js";
import { Scheduler } from "../../../host/emulator/chip/scheduler.js";

const SYS_WRITE0 = 4;
const SYS_EXIT_EXTENDED = 0x20;
const SEMIHOSTING = 0xab;

export interface Ran {
  readonly output: string;
  readonly status: number | undefined;
  readonly instructions: number;
  readonly cpu: Cpu;
}

export interface RunOptions {
  readonly ram?: number;
  /** Cycles it may take. */
  readonly limit?: number;
}

function text(bus: Bus, address: number): string {
  let out = "";
  for (let at = address; ; at++) {
    const byte = bus.read(at, 1);
    if (!byte) return out;
    out += String.fromCharCode(byte);
  }
}

/** Runs an image from its vector table at 0 until it exits. */
export function runOurs(image: Uint8Array, options: RunOptions = {}): Ran {
  const guest = makeGuest(image, options);
  guest.cpu.run(options.limit ?? 2e9);
  return { ...guest.result, instructions: guest.cpu.instructions, cpu: guest.cpu };
}

/** The same, not run yet. */
export function makeGuest(image: Uint8Array, options: RunOptions = {}) {
  const bus = new Bus({ ram: options.ram ?? 0x10000 });
  bus.writeFlash(0, image);
  const result: { output: string; status: number | undefined } = { output: "", status: undefined };
  const onBkpt = (number: number, core: Core): boolean => {
    if (number !== SEMIHOSTING) return false;
    const [operation = 0, block = 0] = core.r;
    if (operation === SYS_WRITE0) result.output += text(bus, block);
    if (operation === SYS_EXIT_EXTENDED) {
      result.status = bus.read(block + 4, 4);
      core.stop();
    }
    return true;
  };
  const cpu = new Cpu({
    bus,
    scheduler: new Scheduler(),
    onBkpt,
    cyclesPerInstruction: 1,
    priorityBits: 8,
  });
  cpu.reset(0);
  return { cpu, result };
}
