/** The recording that a page was made with, or one that its reader opens. Browser-safe. */

import { fromHex } from "../../../sdk/crypto/bytes.js";
import { DEMO_MAKER } from "../../../sdk/maker/demo.js";
import { readRecording } from "../../../sdk/recording/index.js";
import type { Run } from "../../../sdk/recording/index.js";
import { DATA_ID, isHandedOver, MAKERS_ATTRIBUTE, meeting, READY } from "../mark.js";

export interface Loaded {
  /** As it is saved. */
  readonly text: string;
  readonly runs: readonly Run[];
  /** Kmakers whose chains are genuine. */
  readonly makers: readonly Uint8Array[];
}

/** What is in the page; undefined when it came without a recording. */
export function embedded(document: Document): Loaded | undefined {
  const element = document.getElementById(DATA_ID);
  if (!element?.textContent) return undefined;
  const keys = element.getAttribute(MAKERS_ATTRIBUTE)?.split(" ") ?? [];
  return load(element.textContent, keys);
}

/** `makers` in hex. Throws a Failure (input/...). */
export const load = (text: string, makers: readonly string[] = []): Loaded => ({
  ...{ text, runs: readRecording(text) },
  makers: [...makers.filter((key) => key !== "").map((key) => fromHex(key)), DEMO_MAKER],
});

/** What the page that opened this one hands over; nobody else is heard. */
export function handedOver(take: (loaded: Loaded) => void): void {
  const opener = window.opener as Window | null;
  if (!opener) return;
  const { heard, target } = meeting(location);
  window.addEventListener("message", (event) => {
    if (event.source !== opener || event.origin !== heard) return;
    if (isHandedOver(event.data)) take(load(event.data.text, event.data.makers));
  });
  opener.postMessage(READY, target);
}
