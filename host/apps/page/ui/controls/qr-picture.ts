/** A QR code (ISO/IEC 18004) as a picture: dark on white in either colour scheme, for cameras. */

import { encodeQR } from "qr";
import { s } from "./dom.js";

/** Modules of white around it, as the standard wants them. */
const QUIET = 4;

export function qrPicture(text: string): SVGElement {
  const rows = encodeQR(text, "raw", { border: QUIET });
  const dark = rows.flatMap((row, y) => row.flatMap((on, x) => (on ? [`M${x} ${y}h1v1h-1z`] : [])));
  const size = rows.length;
  return s(
    "svg",
    { viewBox: `0 0 ${size} ${size}`, class: "qr", "aria-hidden": "true" },
    s("rect", { width: size, height: size, class: "light" }),
    s("path", { d: dark.join(""), class: "dark" }),
  );
}
