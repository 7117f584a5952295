/**
 * L(x) of docs/protocol.md 1: the label's length in one byte, then its ASCII. Browser-safe.
 */

import { LABELS } from "../wire/generated.js";
import type { LabelName } from "../wire/generated.js";

export function label(name: LabelName): Uint8Array {
  const text = LABELS[name];
  return Uint8Array.of(text.length, ...Array.from(text, (c) => c.charCodeAt(0)));
}
