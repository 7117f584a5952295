/** What decoders of 32-bit instructions share. */

import { PC, SP, UndefinedInstruction } from "./instruction.js";

/** Most 32-bit instructions leave SP and PC as operands unpredictable. */
export function plain(...registers: number[]): void {
  if (registers.some((r) => r === SP || r === PC)) {
    throw new UndefinedInstruction("SP or PC as an operand");
  }
}
