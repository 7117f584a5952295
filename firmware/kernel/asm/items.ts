/**
 * What an assembled program is made of before it has addresses: items of known or growing size.
 * A branch starts narrow and grows until it reaches its label; sizes never shrink, so this ends.
 */

export interface Context {
  /** Address of the item itself. */
  readonly address: number;
  /** Address of a label. */
  readonly resolve: (label: string) => number;
}

export interface Item {
  size: number;
  /** GNU syntax, for the listing (and for comparing with another assembler). */
  text: (context: Context) => string;
  comment: string;
  /** Halfwords or bytes, `size` bytes in all. */
  encode: (context: Context) => Uint8Array;
  /** For growing items: true when the present size doesn't reach and it has been enlarged. */
  grow?: (context: Context) => boolean;
  /** Address must be a multiple of this. */
  align?: number;
}

/** Little-endian bytes of halfwords. */
export function halfwords(...values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 2);
  values.forEach((value, index) => {
    bytes[2 * index] = value & 0xff;
    bytes[2 * index + 1] = (value >>> 8) & 0xff;
  });
  return bytes;
}
