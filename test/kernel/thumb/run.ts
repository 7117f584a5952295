/**
 * Runs a few instructions, given as hexadecimal halfwords, on the Thumb-2 machine. The encodings
 * in these specs are GNU as's, not our assembler's.
 */

import { Memory } from "../../../host/emulator/arm/memory.js";
import { RETURN_ADDRESS, ThumbMachine } from "../../../host/emulator/arm/machine.js";
import type { Measurement } from "../../../host/emulator/arm/tracer.js";

export const CODE = 0x1000;
export const DATA = 0x20000000;
export const STACK = 0x20004000;
export const STACK_SIZE = 0x400;
const BX_LR = 0x4770;

export interface Start {
  readonly r?: readonly number[];
  /** N and Z come from the sign and zeroness of this. */
  readonly result?: number;
  readonly c?: number;
  readonly v?: number;
  /** The top of the stack if not given. */
  readonly sp?: number;
  readonly data?: Uint8Array;
  readonly limit?: number;
}

export interface End {
  readonly r: number[];
  /** As in APSR, from the top: "nzcv", a letter in upper case if set. */
  readonly flags: string;
  readonly data: Uint8Array;
}

export function halfwords(hex: string): number[] {
  return hex.split(/\s+/).map((word) => Number.parseInt(word, 16));
}

function prepare(code: string, start: Start) {
  const units = Uint16Array.from([...halfwords(code), BX_LR]);
  const data = start.data ?? new Uint8Array(64);
  const memory = new Memory([
    {
      name: "code",
      address: CODE,
      bytes: new Uint8Array(units.buffer),
      writable: false,
      executable: true,
    },
    { name: "data", address: DATA, bytes: data, writable: true, executable: false },
  ]);
  const stack = { stackAddress: STACK, stackSize: STACK_SIZE };
  const machine = new ThumbMachine(memory, { ...stack, limit: start.limit ?? 1000 });
  const { registers } = machine;
  registers.set(start.r ?? []);
  registers[13] = start.sp ?? STACK + STACK_SIZE;
  registers[14] = RETURN_ADDRESS | 1;
  registers[15] = start.result ?? 1;
  registers[16] = start.c ?? 0;
  registers[17] = start.v ?? 0;
  return { machine, data };
}

function end(machine: ThumbMachine, data: Uint8Array): End {
  const [q = 0, c = 0, v = 0] = machine.registers.slice(15);
  const flags = [q < 0, q === 0, c === 1, v === 1];
  const names = flags.map((set, i) => (set ? "NZCV" : "nzcv").charAt(i)).join("");
  return { r: [...machine.registers.slice(0, 15)].map((x) => x >>> 0), flags: names, data };
}

/** Runs the code once fast and once measured: both must end alike. */
export function run(code: string, start: Start = {}): End {
  const copy = start.data ? { ...start, data: start.data.slice() } : start;
  const slow = prepare(code, copy);
  slow.machine.measure(CODE);
  const fast = prepare(code, start);
  fast.machine.run(CODE);
  const result = end(fast.machine, fast.data);
  if (JSON.stringify(result) !== JSON.stringify(end(slow.machine, slow.data))) {
    throw new Error(`fast and measured runs of ${code} differ`);
  }
  return result;
}

export function measure(code: string, start: Start = {}): Measurement {
  return prepare(code, start).machine.measure(CODE);
}

/** The trap that ends the code, the same in both modes; undefined if it returns. */
export function trapOf(code: string, start: Start = {}): string | undefined {
  const reasons = (["run", "measure"] as const).map((mode) => {
    try {
      prepare(code, start).machine[mode](CODE);
      return undefined;
    } catch (error) {
      return (error as { reason?: string }).reason ?? String(error);
    }
  });
  if (reasons[0] !== reasons[1]) throw new Error(`traps differ: ${reasons.join(" / ")}`);
  return reasons[0];
}
