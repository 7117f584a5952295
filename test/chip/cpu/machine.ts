/** A processor with a few instructions of code, for specs of single rules. */

import { Bus } from "../../../host/emulator/chip/bus.js";
import type { Peripheral } from "../../../host/emulator/chip/bus.js";
import type { CpuOptions } from "../../../host/emulator/chip/cpu/core.js";
import { Cpu } from "../../../host/emulator/chip/cpu/cpu.js";
import { Scheduler } from "../../../host/emulator/chip/scheduler.js";

export const CODE = 0x100;
/** Where all exceptions lead unless told otherwise: `b .`. */
export const TRAP = 0x80;
export const STACK = 0x20001000;
export const DEVICE = 0x40000000;

export function units(hex: string): Uint8Array {
  return new Uint8Array(Uint16Array.from(hex.split(/\s+/), (u) => Number.parseInt(u, 16)).buffer);
}

export interface MachineOptions extends Partial<CpuOptions> {
  /** By exception number: where its handler lies. */
  readonly vectors?: Readonly<Record<number, number>>;
  /** Code at other addresses. */
  readonly more?: Readonly<Record<number, string>>;
  readonly device?: Peripheral;
}

/** Code by its halfwords in hexadecimal, as GNU as encodes it, at CODE after a reset. */
export function machine(code: string, options: MachineOptions = {}) {
  const bus = new Bus();
  const view = new DataView(new ArrayBuffer(0x80));
  for (let n = 0; n < 32; n++) view.setUint32(4 * n, (options.vectors?.[n] ?? TRAP) | 1, true);
  view.setUint32(0, STACK, true);
  view.setUint32(4, CODE | 1, true);
  bus.writeFlash(0, new Uint8Array(view.buffer));
  bus.writeFlash(TRAP, units("e7fe"));
  bus.writeFlash(CODE, units(code));
  for (const [address, text] of Object.entries(options.more ?? {})) {
    bus.writeFlash(Number(address), units(text));
  }
  if (options.device) bus.attach(DEVICE, 0x1000, options.device);
  const scheduler = new Scheduler();
  const cpu = new Cpu({ bus, scheduler, cyclesPerInstruction: 1, ...options });
  cpu.reset(0);
  return { bus, scheduler, cpu };
}
