/**
 * One page that shows a recording and opens from a file, without a network: dist/web/viewer.html
 * (made by the build) with the recording in it. Node only.
 */

import { readFileSync } from "node:fs";
import { toHex } from "../../sdk/crypto/bytes.js";
import { DIST } from "../../emulator/espruino/bundle.js";
import { VIEWER_FILE } from "../page/config.js";
import { DATA_ID, DATA_MARK, MAKERS_ATTRIBUTE } from "./mark.js";

/** A `<` would end the element; JSON has another way to write it, and only inside strings. */
const escaped = (text: string) => text.replaceAll("<", "\\u003c");

/** `text`: a recording; `makers`: Kmakers [33] whose chains are called genuine. */
export function viewerPage(text: string, makers: readonly Uint8Array[]): string {
  const page = readFileSync(new URL(`web/${VIEWER_FILE}`, DIST), "utf8");
  const keys = `${MAKERS_ATTRIBUTE}="${makers.map(toHex).join(" ")}"`;
  const begin = `<script type="application/jsonl" id="${DATA_ID}" ${keys}>`;
  const data = `${begin}${escaped(text)}</script>`;
  // A function: a recording may hold what replace() takes for a pattern.
  return page.replace(DATA_MARK, () => data);
}
