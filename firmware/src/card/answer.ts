/** How a command's handler answers: one number, the length of the data in OUT above the word. */
import { SW } from "../wire/generated.js";

/** `length` bytes of OUT and 9000. */
export function ok(length: number): number {
  return (length << 16) | SW.OK;
}
