/**
 * Notices a card that is at work and does not answer: one without power is silent, and its link
 * gives up only much later. Browser-safe.
 *
 * Limit: a card that is only slower than expected is called silent until it answers.
 */

import type { BackupEvent, Role } from "./events.js";

/** With the longest step's time less than two seconds. */
export const GRACE_MS = 1000;
/** The first words with a card are short. */
const GREETING_MS = 500;

export interface SilenceWatch {
  /** Takes every event of a ceremony. */
  readonly onEvent: (event: BackupEvent) => void;
  /** The ceremony is over. */
  readonly end: () => void;
}

export function watchSilence(tell: (role: Role) => void): SilenceWatch {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let waiting: { readonly role: Role; readonly ms: number } | undefined;
  const end = () => clearTimeout(timer);
  const onEvent = (event: BackupEvent) => {
    end();
    if (event.type === "step") waiting = { role: event.role, ms: event.holdMs + GRACE_MS };
    else if (event.type === "greet") waiting = { role: event.role, ms: GREETING_MS + GRACE_MS };
    // The host stretches a code meanwhile, and the card's turn comes after that.
    else if (event.type !== "stretch") waiting = undefined;
    if (!waiting) return;
    const { role, ms } = waiting;
    timer = setTimeout(() => tell(role), ms);
  };
  return { onEvent, end };
}
