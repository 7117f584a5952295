/**
 * What passed on each board's link, a line each way, in a file a board: for whoever looks into a
 * failure. Nothing secret: codes and keys pass under seals alone.
 */

import { appendFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { toHex } from "../../sdk/crypto/bytes.js";
import { now } from "../../sdk/links/clock.js";
import type { LinkObserver } from "../../sdk/links/link.js";

const PRINTABLE = /^[\x20-\x7e]*$/;

/** `folder` is made; the file is called after the board's number. */
export function capture(folder: string, board: number): LinkObserver {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, `board-${board}.log`);
  const began = now();
  return {
    wire(direction, bytes) {
      const text = Buffer.from(bytes).toString("latin1").trimEnd();
      const shown = PRINTABLE.test(text) ? text : `hex ${toHex(bytes)}`;
      const at = ((now() - began) / 1000).toFixed(3).padStart(9);
      appendFileSync(file, `${at} ${direction === "out" ? ">" : "<"} ${shown}\n`, { mode: 0o600 });
    },
  };
}
