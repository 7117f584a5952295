/** Looking for bytes in bytes. */
export function contains(where: Uint8Array, what: Uint8Array): boolean {
  const buffer = Buffer.from(where.buffer, where.byteOffset, where.length);
  return buffer.includes(Buffer.from(what.buffer, what.byteOffset, what.length));
}
