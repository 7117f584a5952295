/**
 * A Thumb-2 (ARMv7E-M) machine: translates basic blocks into JavaScript as it meets them and runs
 * them over a board's memory. Fast runs only count instructions; measured runs also count cycles,
 * stack, and hash what was executed and accessed.
 *
 * Limits: the integer instructions of instruction.ts, no exceptions or interrupts, little-endian
 * host, code that doesn't change while it is known (forget() drops what was translated).
 */

import type { Memory, Region } from "./memory.js";
import { UndefinedInstruction } from "./decode/instruction.js";
import { memoryPort } from "./port.js";
import { Tracer } from "./tracer.js";
import type { Measurement } from "./tracer.js";
import { translated } from "./translated.js";
import { ThumbTrap } from "./trap.js";

/** Where a call returns to: an address that nothing else has. */
export const RETURN_ADDRESS = 0xeffffffe;
const DEFAULT_LIMIT = 200_000_000;

interface Block {
  readonly run: () => number;
  readonly size: number;
}

/** Calls that go to the measured run under way, if any. */
interface Hooks {
  tracer: Tracer | undefined;
}

export interface MachineOptions {
  /** The stack; inside a region of `memory`, or else a region of its own is added. */
  readonly stackAddress?: number;
  readonly stackSize?: number;
  /** Instructions one run may take. */
  readonly limit?: number;
  /** Told the start of every block of a measured run, and RETURN_ADDRESS at its end. */
  readonly onBlock?: (start: number) => void;
}

function stackRegion(memory: Memory, address: number, length: number): Region {
  const holder = memory.find(address);
  if (!holder) {
    const bytes = new Uint8Array(length);
    const own: Region = { name: "stack", address, bytes, writable: true, executable: false };
    memory.add(own);
    return own;
  }
  const { bytes, offset } = memory.resolve(address, length, true);
  const part = bytes.subarray(offset, offset + length);
  return { name: "stack", address, bytes: part, writable: true, executable: false };
}

export class ThumbMachine {
  /** r0..r14, then q (N and Z), C, V: see emit/alu.ts. */
  readonly registers = new Int32Array(18);
  readonly stack: Region;
  /** Executed since the start, in both modes. */
  instructions = 0;
  readonly #memory: Memory;
  readonly #limit: number;
  readonly #onBlock: ((start: number) => void) | undefined;
  readonly #hooks: Hooks = { tracer: undefined };
  readonly #scope: Readonly<Record<string, unknown>>;
  readonly #names: readonly string[];
  #fast: Block[] = [];
  #measured: Block[] = [];
  #code: Region | undefined;

  constructor(memory: Memory, options: MachineOptions = {}) {
    const { stackAddress = 0x2000e000, stackSize = 0x1000, limit = DEFAULT_LIMIT } = options;
    if (stackAddress & 7 || stackSize & 7) throw new RangeError("stack not aligned to 8 bytes");
    this.#memory = memory;
    this.#limit = limit;
    this.#onBlock = options.onBlock;
    this.stack = stackRegion(memory, stackAddress, stackSize);
    this.#scope = this.#inScope();
    this.#names = Object.keys(this.#scope);
  }

  /** Drops translated code: call after the code's bytes changed. */
  forget(): void {
    this.#fast = [];
    this.#measured = [];
    this.#code = undefined;
  }

  /** Runs from `address` until it returns; registers are the caller's business. */
  run(address: number): void {
    this.#loop(address >>> 0, false);
  }

  measure(address: number): Measurement {
    const top = (this.registers[13] as number) >>> 0;
    const tracer = new Tracer(this.stack.address, top);
    this.#hooks.tracer = tracer;
    try {
      this.#loop(address >>> 0, true);
    } finally {
      this.#hooks.tracer = undefined;
    }
    return tracer.finish((this.registers[0] as number) >>> 0);
  }

  #loop(start: number, measured: boolean): void {
    const base = this.#enter(start).address;
    const known = measured ? this.#measured : this.#fast;
    const onBlock = measured ? this.#onBlock : undefined;
    let left = this.#limit;
    let pc = start;
    try {
      while (pc !== RETURN_ADDRESS) {
        const index = (pc - base) >>> 1;
        const block = known[index] ?? (known[index] = this.#translate(pc, measured));
        left -= block.size;
        if (left < 0) throw new ThumbTrap("runaway", pc);
        if (onBlock) onBlock(pc);
        pc = block.run();
      }
      onBlock?.(pc);
    } finally {
      this.instructions += this.#limit - left;
    }
  }

  /** Code is one region at a time: going to another forgets the first one's blocks. */
  #enter(pc: number): Region {
    const region = this.#memory.find(pc);
    if (!region?.executable) throw new ThumbTrap("not code", pc, pc);
    if (region !== this.#code) {
      this.forget();
      this.#code = region;
    }
    return region;
  }

  #translate(pc: number, measured: boolean): Block {
    const code = this.#code as Region;
    const view = new DataView(code.bytes.buffer, code.bytes.byteOffset, code.bytes.length);
    let at = pc;
    const fetch = (address: number): number => {
      at = address;
      const offset = address - code.address;
      if (offset < 0 || offset + 2 > code.bytes.length)
        throw new ThumbTrap("not code", pc, address);
      return view.getUint16(offset, true);
    };
    try {
      const offset = pc - code.address;
      const block = translated(pc, code.bytes, offset, fetch, measured, this.#names);
      return { run: block.bind(this.#scope), size: block.size };
    } catch (error) {
      if (!(error instanceof UndefinedInstruction)) throw error;
      throw new ThumbTrap("undefined", at, error.message);
    }
  }

  /** Everything that the blocks' bodies name. */
  #inScope(): Record<string, unknown> {
    const { bytes, address } = this.stack;
    const aligned = bytes.byteOffset % 4 === 0;
    const words = aligned ? new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4) : [];
    const halves = aligned ? new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2) : [];
    const hooks = this.#hooks;
    return {
      R: this.registers,
      B: address | 0,
      N1: bytes.length,
      N2: halves.length,
      N4: words.length,
      M1: bytes,
      M2: halves,
      M4: words,
      ...memoryPort(this.#memory),
      J: (target: number, pc: number) => {
        if (!(target & 1)) throw new ThumbTrap("arm state", pc, target >>> 0);
        return (target & ~1) >>> 0;
      },
      A: (at: number, sp: number, pc: number) => hooks.tracer?.access(at, sp, pc),
      P: (sp: number) => hooks.tracer?.moved(sp),
      Y: (start: number, count: number, cycles: number) =>
        hooks.tracer?.block(start, count, cycles),
    };
  }
}
