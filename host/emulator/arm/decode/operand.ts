/** The parts that instructions of all kinds are made of (DDI 0403E, A7.4). */

export type Shift = "lsl" | "lsr" | "asr" | "ror" | "rrx";

/** The flexible second operand. `carry`: what a rotated immediate puts in C, if it does. */
export type Operand =
  | { readonly kind: "imm"; readonly value: number; readonly carry?: 0 | 1 }
  | { readonly kind: "reg"; readonly reg: number; readonly shift: Shift; readonly by: number };

/** Bytes of a memory access. */
export type Width = 1 | 2 | 4;
