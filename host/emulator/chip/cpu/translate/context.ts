/**
 * What the parts of the code generator share while they write one region's function: the locals
 * for registers, where an instruction stands, and how control leaves.
 *
 * Names in scope of generated code: R = the state (state.ts), V and M = RAM as DataView and bytes,
 * W = 16 words that pass lists of registers, F = floating point, D = the DSP functions, and the
 * functions of port.ts. Locals: r0..r14, q, c, v = flags; n = where to go, e = how many
 * instructions that took, d = how many a branch inside skipped; x, y, t, a, k, f = scratch.
 */

import type { Registers } from "../../../arm/emit/alu.js";
import { PC } from "../../../arm/decode/instruction.js";
import { CODE, EVENT, IT, LEFT } from "../state.js";
import { advanceIt } from "./region.js";
import type { Placed, Region } from "./region.js";

export class Context implements Registers {
  readonly used = new Set<number>();
  readonly written = new Set<number>();
  readonly region: Region;
  /** Bytes of RAM. */
  readonly ram: number;
  /** CCR.UNALIGN_TRP: no unaligned access at all. */
  readonly strict: boolean;
  readonly #order: ReadonlyMap<number, number>;
  i: Placed;
  index = 0;
  /** True once something may throw: the registers must be saved then. */
  throws = false;

  constructor(region: Region, ram: number, strict: boolean) {
    this.region = region;
    this.ram = ram;
    this.strict = strict;
    this.i = region.code[0] as Placed;
    this.#order = new Map(region.code.map((i, at) => [i.address, at]));
  }

  /** Reads as a register does as an operand: PC is the instruction's address + 4. */
  get(register: number): string {
    if (register === PC) return String((this.i.address + 4) | 0);
    this.used.add(register);
    return `r${register}`;
  }

  /** An assignment's left side; PC is n. */
  set(register: number): string {
    if (register === PC) return "n";
    this.used.add(register);
    this.written.add(register);
    return `r${register}`;
  }

  get next(): number {
    return this.i.address + this.i.size;
  }

  /** The arguments that tell a function of the port where it was called: place and count. */
  get here(): string {
    this.throws = true;
    const place = this.i.it ? this.i.it * 2 ** 32 + this.i.address : this.i.address;
    return `${place},${this.count(0)}`;
  }

  /** How many instructions of the region ran before this one, plus `more`. */
  count(more: number): string {
    return `${this.index + more}${this.region.targets.size ? "-d" : ""}`;
  }

  /** Leaves the region behind this instruction. */
  leave(next: number | string): string {
    return `n=${next};e=${this.count(1)};break X;`;
  }

  /** Leaves for the run loop: see state.ts's Event. */
  event(code: number): string {
    const it = advanceIt(this.i.it);
    return `R[${PC}]=${this.next};R[${IT}]=${it};R[${CODE}]=${code};${this.leave(EVENT | 0)}`;
  }

  /** A branch to a fixed address. */
  branch(target: number): string {
    const { region } = this;
    if (region.loops && target === region.start) {
      const again = `R[${LEFT}]-=${this.count(1)};if(R[${LEFT}]>0){d=0;continue L;}`;
      return `${again}n=${target};e=0;break X;`;
    }
    if (!region.targets.has(target) || target <= this.i.address) return this.leave(target);
    const skipped = (this.#order.get(target) as number) - this.index - 1;
    return `${skipped ? `d+=${skipped};` : ""}break T${target};`;
  }

  /** A jump to what `a` holds, bit 0 saying Thumb. */
  jump(): string {
    this.throws = true;
    return `if(!(a&1))J(a,${this.count(1)});${this.leave("a&-2")}`;
  }
}
