/** The recording that a page was made with, or one that its reader opens. Browser-safe. */

import { fromHex } from "../../../sdk/crypto/bytes.js";
import { DEMO_MAKER } from "../../../sdk/maker/demo.js";
import { readRecording } from "../../../sdk/recording/index.js";
import type { Run } from "../../../sdk/recording/index.js";
import { DATA_ID, MAKERS_ATTRIBUTE } from "../mark.js";

export interface Loaded {
  readonly runs: readonly Run[];
  /** Kmakers whose chains are genuine. */
  readonly makers: readonly Uint8Array[];
}

/** What is in the page; undefined when it came without a recording. */
export function embedded(document: Document): Loaded | undefined {
  const element = document.getElementById(DATA_ID);
  if (!element?.textContent) return undefined;
  const keys = element.getAttribute(MAKERS_ATTRIBUTE)?.split(" ") ?? [];
  const makers = keys.filter((key) => key !== "").map((key) => fromHex(key));
  return load(element.textContent, makers);
}

/** Throws a Failure (input/recording). */
export const load = (text: string, makers: readonly Uint8Array[] = []): Loaded => ({
  runs: readRecording(text),
  makers: [...makers, DEMO_MAKER],
});
