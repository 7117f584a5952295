/** A QR code (ISO/IEC 18004) for a terminal: half blocks, light modules drawn, dark ones left out. */

import { encodeQR } from "qr";

/** On a terminal in fixed colours, so that it is not inverted on a light one. */
export function qrLines(text: string, terminal = process.stdout.isTTY === true): string[] {
  const lines = encodeQR(text, "ascii", { border: 2 }).trimEnd().split("\n");
  return terminal ? lines.map((line) => `\u001b[97;40m${line}\u001b[0m`) : lines;
}
