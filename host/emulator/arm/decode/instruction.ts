/**
 * What a decoded ARMv7E-M instruction is: the form between the decoder and the code generator.
 * Source: ARMv7-M Architecture Reference Manual (DDI 0403E), chapter A7.
 *
 * What only a whole processor has (division, DSP, system, floating point) is in extended.ts.
 */

import type { ExtendedBody } from "./extended.js";
import type { Operand, Shift, Width } from "./operand.js";

export type { Operand, Shift, Width };

export type AluOp =
  "and" | "bic" | "orr" | "orn" | "eor" | "mov" | "mvn" | "add" | "adc" | "sbc" | "sub" | "rsb";

export type LongOp = "umull" | "umlal" | "umaal" | "smull" | "smlal";
export type UnaryOp =
  "rev" | "rev16" | "revsh" | "rbit" | "clz" | "sxtb" | "sxth" | "uxtb" | "uxth";
export type FieldOp = "ubfx" | "sbfx" | "bfi" | "bfc";

/** Address = rn +/- offset (index) or rn; writeback puts the sum in rn. */
interface Single<Op extends "load" | "store"> {
  op: Op;
  width: Width;
  signed: boolean;
  rt: number;
  rn: number;
  offset: Operand;
  add: boolean;
  index: boolean;
  writeback: boolean;
}

export type Body = KernelBody | ExtendedBody;

export type KernelBody =
  /** rd < 0: a comparison, only its flags count. */
  | { op: "alu"; fn: AluOp; rd: number; rn: number; b: Operand; flags: boolean }
  | { op: "shift"; fn: Shift; rd: number; rn: number; rm: number; flags: boolean }
  | { op: "mul"; rd: number; rn: number; rm: number; flags: boolean }
  /** rd = ra + rn * rm, or ra - rn * rm. */
  | { op: "mla"; rd: number; rn: number; rm: number; ra: number; subtract: boolean }
  | { op: "long"; fn: LongOp; lo: number; hi: number; rn: number; rm: number }
  /** rotate: the bits rm is rotated right first; rn >= 0: added to the result (UXTAB and such). */
  | { op: "unary"; fn: UnaryOp; rd: number; rm: number; rotate: number; rn: number }
  | { op: "field"; fn: FieldOp; rd: number; rn: number; lsb: number; width: number }
  | { op: "movt"; rd: number; imm: number }
  | { op: "adr"; rd: number; value: number }
  | Single<"load">
  | Single<"store">
  | { op: "literal"; width: Width; signed: boolean; rt: number; from: number }
  | {
      op: "dual";
      load: boolean;
      rt: number;
      rt2: number;
      rn: number;
      offset: number;
      index: boolean;
      writeback: boolean;
    }
  /** before: decrement before (PUSH); else increment after (POP). */
  | {
      op: "multiple";
      load: boolean;
      rn: number;
      list: readonly number[];
      before: boolean;
      writeback: boolean;
    }
  | { op: "b"; target: number }
  | { op: "bl"; target: number }
  | { op: "bx"; rm: number; link: boolean }
  | { op: "cbz"; rn: number; nonzero: boolean; target: number }
  | { op: "tb"; rn: number; rm: number; half: boolean }
  /** The conditions of the one to four instructions that follow. */
  | { op: "it"; conditions: readonly number[] }
  | { op: "nop" };

/** Condition 14 = always. */
export const ALWAYS = 14;

export type Instruction = Body & {
  readonly address: number;
  readonly size: 2 | 4;
  /** For conditional branches from the encoding; for all else from the IT block around it. */
  condition: number;
};

/** Not an instruction this machine has, or one whose outcome the manual leaves open. */
export class UndefinedInstruction extends Error {
  override readonly name: string = "UndefinedInstruction";
}

/** An instruction for a coprocessor that isn't there: another fault. */
export class NoCoprocessor extends UndefinedInstruction {
  override readonly name = "NoCoprocessor";
}

/** r15 as an operand: the instruction's address + 4. */
export const PC = 15;
export const SP = 13;
export const LR = 14;

/** One kind of instruction. */
export type Of<T extends Instruction["op"]> = Extract<Instruction, { op: T }>;
