/**
 * ThumbExpandImm backwards: which 32-bit constants fit an instruction's 12-bit field.
 * Source: ARM DDI 0403, A5.3.2 "Modified immediate constants in Thumb instructions".
 */

/** The 12-bit field `i:imm3:imm8` for `value`, or undefined when there is none. */
export function modifiedImmediate(value: number): number | undefined {
  const word = value >>> 0;
  if (word <= 0xff) return word;
  const low = word & 0xff;
  const second = (word >>> 8) & 0xff;
  if (word === ((low << 16) | low) >>> 0) return 0x100 | low;
  if (word === ((second << 24) | (second << 8)) >>> 0) return 0x200 | second;
  if (word === ((low << 24) | (low << 16) | (low << 8) | low) >>> 0) return 0x300 | low;
  for (let rotation = 8; rotation < 32; rotation++) {
    const back = ((word << rotation) | (word >>> (32 - rotation))) >>> 0;
    if (back >= 0x80 && back <= 0xff) return (rotation << 7) | (back & 0x7f);
  }
  return undefined;
}

/** Puts a 12-bit immediate `i:imm3:imm8` into the two halfwords of a 32-bit encoding. */
export function placeImmediate(field: number): readonly [number, number] {
  return [((field >> 11) & 1) << 10, (((field >> 8) & 7) << 12) | (field & 0xff)];
}
