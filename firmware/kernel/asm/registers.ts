/**
 * Operands of the assembler: registers, shifted registers, conditions.
 *
 * Source: ARM DDI 0403 (ARMv7-M Architecture Reference Manual), A5.1 (registers), A7.3
 * (conditions), A7.4 (shifts applied to a register). Registers are objects, not numbers, so that a
 * register can never be taken for an immediate: the type checker sees it, and so does the
 * assembler.
 */

declare const registerBrand: unique symbol;

export interface Register {
  readonly [registerBrand]: true;
  readonly index: number;
  readonly name: string;
}

function register(index: number, name: string): Register {
  return Object.freeze({ index, name }) as Register;
}

export const r0 = register(0, "r0");
export const r1 = register(1, "r1");
export const r2 = register(2, "r2");
export const r3 = register(3, "r3");
export const r4 = register(4, "r4");
export const r5 = register(5, "r5");
export const r6 = register(6, "r6");
export const r7 = register(7, "r7");
export const r8 = register(8, "r8");
export const r9 = register(9, "r9");
export const r10 = register(10, "r10");
export const r11 = register(11, "r11");
export const r12 = register(12, "r12");
export const sp = register(13, "sp");
export const lr = register(14, "lr");
export const pc = register(15, "pc");

const all = [r0, r1, r2, r3, r4, r5, r6, r7, r8, r9, r10, r11, r12, sp, lr, pc] as const;

/** `registers(4, 11)` = r4 .. r11. */
export function registers(first: number, last: number): Register[] {
  return all.slice(first, last + 1);
}

export const isLow = (register: Register): boolean => register.index < 8;

export type ShiftKind = "lsl" | "lsr" | "asr" | "ror";

/** A register shifted by a constant: the flexible second operand. */
export interface Shifted {
  readonly register: Register;
  readonly shift: ShiftKind;
  readonly amount: number;
}

const shifted =
  (shift: ShiftKind) =>
  (register: Register, amount: number): Shifted => ({ register, shift, amount });

export const LSL = shifted("lsl");
export const LSR = shifted("lsr");
export const ASR = shifted("asr");
export const ROR = shifted("ror");

export type Operand = Register | Shifted | number;

export const isRegister = (operand: Operand): operand is Register =>
  typeof operand === "object" && "index" in operand;

export const CONDITIONS = [
  "eq",
  "ne",
  "cs",
  "cc",
  "mi",
  "pl",
  "vs",
  "vc",
  "hi",
  "ls",
  "ge",
  "lt",
  "gt",
  "le",
] as const;

export type Condition = (typeof CONDITIONS)[number];

/** Bit mask of a register list. */
export function listMask(list: readonly Register[]): number {
  return list.reduce((mask, register) => mask | (1 << register.index), 0);
}

export function listText(list: readonly Register[]): string {
  const sorted = [...list].sort((a, b) => a.index - b.index);
  return `{${sorted.map((register) => register.name).join(", ")}}`;
}
