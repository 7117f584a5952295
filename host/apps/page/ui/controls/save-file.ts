/** A file that was made here, saved by the browser; nothing is sent anywhere. */

import { h } from "./dom.js";

/** The browser has long begun to save it by then. */
const KEPT_MS = 60_000;

export function saveFile(name: string, content: string | Uint8Array<ArrayBuffer>): void {
  const href = URL.createObjectURL(new Blob([content], { type: "application/octet-stream" }));
  h("a", { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), KEPT_MS);
}
