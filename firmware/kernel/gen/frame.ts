/**
 * How generated routines share memory: the stack frame of an entry, its slots, calls with slots as
 * operands, and what every entry does on the way in and out.
 *
 * An entry makes one frame. Routines that work on it (`Code.onFrame`) are told how far below the
 * frame's base the stack pointer stands when they start; every call checks that it does.
 *
 * Convention inside: arguments in r0 .. r3, result in r0, everything else is clobbered (r4 .. r11
 * and lr too). So a value that must live across a call lives in the frame.
 */

import { Assembler } from "../asm/assembler.js";
import { AssemblerError } from "../asm/program.js";
import { lr, pc, r0, r1, r2, r3, r4, r5, r6, r7, r12, registers, sp } from "../asm/registers.js";
import type { Register } from "../asm/registers.js";

/** A place: an offset in the frame, or the label of a constant. */
export type Place = number | string;

/** Bytes of saved r4 .. r11 and lr. */
const SAVED = 36;

export class Code extends Assembler {
  private frameDepth = 0;
  private frameSize = 0;
  private readonly displacements = new Map<string, number>();
  private readonly wiped = new Map<string, () => number>();
  private readonly expectations: (readonly [string, number, string])[] = [];

  /** How far the stack pointer is below the frame's base. */
  private get displacement(): number {
    return this.depth - this.frameDepth;
  }

  /** A routine on its caller's frame, entered `displacement` bytes below the frame's base. */
  onFrame(name: string, about: string, displacement: number, body: () => void): void {
    this.displacements.set(name, displacement);
    this.frameDepth = -displacement;
    this.routine(name, about, body);
  }

  /** Address of a frame slot or a constant. */
  at(register: Register, place: Place): void {
    if (typeof place === "string") this.adr(register, place);
    else this.add(register, sp, place + this.displacement);
  }

  load(register: Register, offset: number): void {
    this.ldr(register, sp, offset + this.displacement);
  }

  store(register: Register, offset: number): void {
    this.str(register, sp, offset + this.displacement);
  }

  /** Argument `index` (0 .. 3) of the entry. */
  argument(register: Register, index: number): void {
    this.load(register, this.frameSize + 4 * index);
  }

  /** Calls `routine` with the addresses of up to four places. */
  on(routine: string, ...places: Place[]): void {
    const seen: Place[] = [];
    places.forEach((place, index) => {
      const target = [r0, r1, r2, r3][index];
      if (!target) throw new AssemblerError(`${routine}: more than four places`);
      const before = seen.indexOf(place);
      if (before >= 0) this.mov(target, [r0, r1, r2, r3][before] as Register);
      else this.at(target, place);
      seen.push(place);
    });
    this.bl(routine);
  }

  /** Calls a routine that works on the frame. */
  onSame(routine: string): void {
    this.expectations.push([routine, this.displacement, this.local("call")]);
    this.bl(routine);
  }

  /** For when all is emitted. */
  checkFrames(): void {
    for (const [routine, displacement, from] of this.expectations) {
      const declared = this.displacements.get(routine);
      if (declared !== displacement) {
        throw new AssemblerError(`${from}: ${routine} at ${displacement}, not ${declared}`);
      }
    }
  }

  /**
   * An entry with a frame of `size` bytes. `aligned` = how many of the first arguments must be word
   * aligned (mask over r0 .. r3). The body leaves its result in r0 and ends, or branches to `out`.
   */
  entry(
    name: string,
    aligned: readonly Register[],
    size: number,
    body: (out: string, refuse: string) => void,
  ): void {
    const frame = (size + 7) & ~7;
    this.routine(`entry_${name}`, `the entry ${name}`, () => {
      this.refuseUnaligned(aligned);
      this.pushRegisters(...registers(0, 11), lr);
      this.sub(sp, sp, frame);
      this.frameDepth = this.depth;
      this.frameSize = frame;
      const out = this.local("out");
      const refuse = this.local("refuse");
      const base = this.depth;
      body(out, refuse);
      if (this.depth !== base) throw new AssemblerError(`entry ${name}: stack not balanced`);
      const above = frame + 16;
      const below = () => {
        const deep = this.stackDepth(`entry_${name}`) - base;
        return deep + (-(deep + above) & 15);
      };
      this.wiped.set(name, () => base + below());
      this.label(out);
      this.movw(r1, below);
      this.movw(r2, above);
      this.join("leave.body", "leave");
      this.label(refuse);
      this.movs(r0, 0);
      this.b(out);
      this.exitDepth = this.depth;
    });
  }

  /** Return 0 when one of the registers isn't a multiple of 4. */
  refuseUnaligned(aligned: readonly Register[]): void {
    const [first, ...rest] = aligned;
    if (!first) return;
    let all = first;
    for (const register of rest) {
      this.orr(r12, all, register);
      all = r12;
    }
    this.tst(all, 3);
    this.bc("ne", "refuse");
  }

  /** Bytes of stack that an entry uses, what it wipes included. For when all is emitted. */
  entryStack(name: string): number {
    const wiped = this.wiped.get(name);
    return wiped ? wiped() : this.stackDepth(`entry_${name}`);
  }

  /** Shared ends of all entries. */
  ends(): void {
    this.routine("refuse", "returns 0; nothing was touched", () => {
      this.movs(r0, 0);
      this.bx(lr);
    });
    this.routine("leave", "wipes r1 bytes below sp and r2 above, then returns r0", () => {
      this.label("leave.body");
      this.sub(sp, sp, r1);
      this.add(r1, r1, r2);
      this.mov(r3, r1);
      this.mov(r12, sp);
      for (const register of [r4, r5, r6, r7]) this.movs(register, 0);
      const loop = this.local("wipe");
      this.label(loop);
      this.stm(r12, [r4, r5, r6, r7], true);
      this.subs(r3, r3, 16);
      this.bc("ne", loop);
      this.add(sp, sp, r1);
      this.movs(r1, 0);
      this.movs(r2, 0);
      this.mov(r12, r4);
      this.depth += SAVED;
      this.popRegisters(...registers(4, 11), pc);
    });
  }
}
