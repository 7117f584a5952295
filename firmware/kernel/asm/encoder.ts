/**
 * What all groups of instructions share: emitting halfwords, checking, GNU text of operands.
 *
 * The assembler is one class in layers, one file each: encoder, data processing, multiplication,
 * memory, branches (assembler.ts).
 */

import { halfwords } from "./items.js";
import { AssemblerError, Program } from "./program.js";
import {
  isRegister,
  type Operand,
  type Register,
  type Shifted,
  type ShiftKind,
} from "./registers.js";

export const SHIFT_TYPE: Record<ShiftKind, number> = { lsl: 0, lsr: 1, asr: 2, ror: 3 };

/** Where a load or store goes: [base, #n], [base, index], [base], #n or [base, #n]!. */
export type Target =
  { readonly post: number } | { readonly pre: number } | number | Register | Shifted;

/** A constant known only when everything is emitted (for example a stack depth). */
export type Late = () => number;

export class Encoder extends Program {
  protected code(text: string, ...values: number[]): void {
    this.push(
      2 * values.length,
      () => text,
      () => halfwords(...values),
    );
  }

  protected fail(text: string, why: string): never {
    throw new AssemblerError(`${text}: ${why}`);
  }

  protected shiftField(text: string, { shift, amount, register }: Shifted): number {
    const most = shift === "lsl" || shift === "ror" ? 31 : 32;
    const least = shift === "lsl" ? 0 : 1;
    if (!Number.isInteger(amount) || amount < least || amount > most) {
      this.fail(text, `shift by ${amount}`);
    }
    const bits = amount & 31;
    return ((bits >> 2) << 12) | ((bits & 3) << 6) | (SHIFT_TYPE[shift] << 4) | register.index;
  }

  /** A list that isn't in ascending order would be stored in another order than written. */
  protected ascending(text: string, list: readonly Register[]): void {
    list.forEach((register, i) => {
      if (i > 0 && register.index <= (list[i - 1] as Register).index) {
        this.fail(text, "registers must ascend");
      }
    });
  }
}

export function operandText(operand: Operand): string {
  if (typeof operand === "number") return `#${operand}`;
  if (isRegister(operand)) return operand.name;
  const { register, shift, amount } = operand;
  return amount === 0 ? register.name : `${register.name}, ${shift} #${amount}`;
}

export function targetText(n: Register, at: Target): string {
  if (typeof at === "number") return at === 0 ? `[${n.name}]` : `[${n.name}, #${at}]`;
  if ("post" in at) return `[${n.name}], #${at.post}`;
  if ("pre" in at) return `[${n.name}, #${at.pre}]!`;
  return `[${n.name}, ${operandText(at)}]`;
}
