/**
 * A device address: six bytes as the air has them, least significant first, and as people write it.
 */

export function addressText(bytes: Uint8Array): string {
  const hex = [...bytes].reverse().map((byte) => byte.toString(16).padStart(2, "0"));
  return hex.join(":");
}

/** From "11:22:33:44:55:66", whatever follows. */
export function addressBytes(text: string): number[] {
  const bytes = text.slice(0, 17).split(":");
  return bytes.map((byte) => parseInt(byte, 16)).reverse();
}
