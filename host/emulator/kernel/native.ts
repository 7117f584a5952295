/**
 * The kernel's bytes as a KernelRunner: what `E.nativeCall` does on a board (AAPCS call with up to
 * four integers), with the calling convention checked after each call.
 */

import type { KernelRunner, Memory, Region } from "../arm/memory.js";
import { RETURN_ADDRESS, ThumbMachine } from "../arm/machine.js";
import type { MachineOptions } from "../arm/machine.js";
import type { Measurement } from "../arm/tracer.js";
import { ThumbTrap } from "../arm/trap.js";

export interface ThumbKernelOptions extends MachineOptions {
  /** Where the blob lies in `memory`, 4-byte aligned, in an executable region. */
  readonly codeAddress: number;
}

export interface ThumbKernel extends KernelRunner {
  readonly stack: Region;
  /** r0..r14 as the last call left them. */
  readonly registers: Int32Array;
  /** Instructions of all calls so far. */
  readonly instructions: number;
  /** The same call, slower, with everything counted. */
  measure(entry: number, args: readonly number[]): Measurement;
  /** Drops translated code: call after the code's bytes changed. */
  forget(): void;
}

/** Junk in every register that isn't an argument: code that reads one is found out. */
const JUNK = 0xc0de0000;

export function thumbKernel(memory: Memory, options: ThumbKernelOptions): ThumbKernel {
  if (options.codeAddress & 3) throw new RangeError("code not 4-byte aligned");
  const machine = new ThumbMachine(memory, options);
  const { registers, stack } = machine;
  const top = stack.address + stack.bytes.length;

  function enter(entry: number, args: readonly number[]): number {
    if (args.length > 4) throw new RangeError("at most four arguments");
    for (let r = 0; r < registers.length; r++) registers[r] = JUNK + r;
    args.forEach((value, r) => (registers[r] = value));
    registers[13] = top;
    registers[14] = RETURN_ADDRESS | 1;
    registers[16] = registers[17] = 1;
    return options.codeAddress + 4 * entry;
  }

  function leave(address: number): number {
    for (let r = 4; r <= 11; r++) {
      if (registers[r] !== ((JUNK + r) | 0)) throw new ThumbTrap("registers", address, String(r));
    }
    if ((registers[13] as number) >>> 0 !== top) throw new ThumbTrap("registers", address, "13");
    return (registers[0] as number) >>> 0;
  }

  return {
    stack,
    registers,
    get instructions() {
      return machine.instructions;
    },
    call(entry, args) {
      const address = enter(entry, args);
      machine.run(address);
      return leave(address);
    },
    measure(entry, args) {
      const address = enter(entry, args);
      const measurement = machine.measure(address);
      leave(address);
      return measurement;
    },
    forget: () => machine.forget(),
  };
}
