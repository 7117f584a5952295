/**
 * The Thumb-2 (ARMv7E-M) assembler: exactly the instructions the kernel uses. This layer: branches.
 *
 * Source: ARM DDI 0403, chapter A7.7 (encodings named in the code: T1, T2, ...). Operands are
 * checked; an error names the instruction. No IT blocks: code that handles secrets uses masks, code
 * that doesn't can branch.
 */

import { halfwords, type Context } from "./items.js";
import { MemoryAccess } from "./memory-access.js";
import { CONDITIONS, isLow, lr, type Condition, type Register } from "./registers.js";

export class Assembler extends MemoryAccess {
  /** Branch inside the routine, or (with `tail`) a tail call of another routine. */
  b(label: string): void {
    this.growing("b", label, 2048, 0xe000, 0x7ff);
  }

  bWide(label: string): void {
    const text = `b.w ${label}`;
    this.push(
      4,
      () => text,
      (context) => wideBranch(context, label, 0x9000),
    );
  }

  tail(label: string): void {
    this.checkExit(`tail call of ${label}`);
    this.recordCall(label);
    this.b(label);
  }

  bl(label: string): void {
    this.recordCall(label);
    this.push(
      4,
      () => `bl ${label}`,
      (context) => wideBranch(context, label, 0xd000),
    );
  }

  bc(condition: Condition, label: string): void {
    const code = CONDITIONS.indexOf(condition);
    this.growing(`b${condition}`, label, 256, 0xd000 | (code << 8), 0xff);
  }

  private growing(name: string, label: string, reach: number, narrow: number, mask: number): void {
    const distance = (context: Context) => context.resolve(label) - context.address - 4;
    const item = this.push(
      2,
      () => `${name}.${item.size === 2 ? "n" : "w"} ${label}`,
      (context) => {
        if (item.size === 2) return halfwords(narrow | ((distance(context) >> 1) & mask));
        if (name === "b") return wideBranch(context, label, 0x9000);
        return wideConditional(context, label, (narrow >> 8) & 15);
      },
      (context) => {
        const d = distance(context);
        if (item.size === 4 || (d >= -reach && d < reach)) return false;
        item.size = 4;
        return true;
      },
    );
  }

  /** Branches on (non-)zero of a low register, forwards by at most 126 bytes; flags untouched. */
  cbz = (n: Register, label: string) => this.compareBranch("cbz", 0xb100, n, label);
  cbnz = (n: Register, label: string) => this.compareBranch("cbnz", 0xb900, n, label);

  private compareBranch(name: string, base: number, n: Register, label: string): void {
    const text = `${name} ${n.name}, ${label}`;
    if (!isLow(n)) this.fail(text, "low registers only");
    this.push(
      2,
      () => text,
      (context) => {
        const distance = context.resolve(label) - context.address - 4;
        if (distance < 0 || distance > 126) this.fail(text, `${distance} bytes away`);
        const bits = ((distance >> 6) << 9) | (((distance >> 1) & 31) << 3);
        return halfwords(base | bits | n.index);
      },
    );
  }

  bx(m: Register): void {
    if (m === lr) this.checkExit("bx lr");
    this.code(`bx ${m.name}`, 0x4700 | (m.index << 3));
  }

  /** Calls through a register; `callees` are all it may hold (for the stack analysis). */
  blx(m: Register, callees: readonly string[]): void {
    callees.forEach((callee) => this.recordCall(callee));
    this.code(`blx ${m.name}`, 0x4780 | (m.index << 3));
  }

  /**
   * Jumps to a place inside another routine, which takes over what is on the stack: it must stand
   * there at the same depth as we do here.
   */
  join(label: string, routine: string): void {
    this.recordCall(routine);
    this.b(label);
    this.exitDepth = this.depth;
  }

  nop(): void {
    this.code("nop", 0xbf00);
  }
}

/** B T4 and BL T1: +-16 MB. */
function wideBranch(context: Context, label: string, low: number): Uint8Array {
  const distance = context.resolve(label) - context.address - 4;
  const sign = distance < 0 ? 1 : 0;
  const j1 = ((distance >> 23) & 1) ^ sign ^ 1;
  const j2 = ((distance >> 22) & 1) ^ sign ^ 1;
  const first = 0xf000 | (sign << 10) | ((distance >> 12) & 0x3ff);
  return halfwords(first, low | (j1 << 13) | (j2 << 11) | ((distance >> 1) & 0x7ff));
}

/** B T3: +-1 MB. */
function wideConditional(context: Context, label: string, condition: number): Uint8Array {
  const distance = context.resolve(label) - context.address - 4;
  const sign = distance < 0 ? 1 : 0;
  const first = 0xf000 | (sign << 10) | (condition << 6) | ((distance >> 12) & 0x3f);
  const bits = (((distance >> 18) & 1) << 13) | (((distance >> 19) & 1) << 11);
  return halfwords(first, 0x8000 | bits | ((distance >> 1) & 0x7ff));
}
