/** QR codes (ISO/IEC 18004) in half blocks for a terminal or a text file, and for a printer. */

import { encodeQR } from "qr";
import { visible } from "../../sdk/crypto/text.js";

const DARK_IS_INK: Readonly<Record<string, string>> = { "█": " ", " ": "█", "▀": "▄", "▄": "▀" };

/**
 * On a terminal light modules are drawn, in fixed colours, so that a light terminal does not invert
 * it; in a file dark ones are, for paper.
 */
export function qrLines(text: string, terminal = process.stdout.isTTY === true): string[] {
  const lines = encodeQR(text, "ascii", { border: 2 }).trimEnd().split("\n");
  if (terminal) return lines.map((line) => `\u001b[97;40m${line}\u001b[0m`);
  return lines.map((line) => Array.from(line, (block) => DARK_IS_INK[block] ?? block).join(""));
}

/** Side of a card's sticker and its text, in millimetres. */
const CODE = 20;
const LINE = 3.4;

/** A sticker as SVG: the QR code of the first line at the left, all lines beside it. */
export function stickerSvg(code: string, lines: readonly string[]): string {
  const modules = encodeQR(code, "raw", { border: 4 });
  const size = modules.length;
  const dark = modules.flatMap((row, y) =>
    row.flatMap((on, x) => (on ? [`M${x} ${y}h1v1h-1z`] : [])),
  );
  const escape = (text: string) =>
    visible(text).replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  const text = lines.map((line, at) => {
    const y = CODE / 2 + LINE * (at + 1 - lines.length / 2) - 0.9;
    return `<text x="${CODE + 1}" y="${y.toFixed(2)}">${escape(line)}</text>`;
  });
  const width = 58;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}mm" height="${CODE}mm" viewBox="0 0 ${width} ${CODE}">`,
    `<rect width="${width}" height="${CODE}" fill="#fff"/>`,
    `<path transform="scale(${CODE / size})" d="${dark.join("")}" fill="#000"/>`,
    `<g font-family="monospace" font-size="2.5" fill="#000">${text.join("")}</g>`,
    "</svg>",
    "",
  ].join("\n");
}
