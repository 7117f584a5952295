/**
 * L(x) of docs/protocol.md 1: the label's length in one byte, then its ASCII. Browser-safe.
 */

import { LABELS } from "../wire/generated.js";
import type { LabelName } from "../wire/generated.js";

export function label(name: LabelName): Uint8Array {
  const text = LABELS[name];
  return Uint8Array.of(text.length, ...Array.from(text, (c) => c.charCodeAt(0)));
}

/**
 * Labels of the host's own files. No card knows them, so they stand outside the wire table; a
 * card's labels begin with their length, these are written in JSON, so neither can pass for the
 * other.
 */
export const FILE_LABELS = { MAKER: "kincard/maker-file/1" } as const;
