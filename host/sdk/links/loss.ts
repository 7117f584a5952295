/** A link's end: its first reason, who wants to hear it, and closing in bounded time. Browser-safe. */

import type { LinkError } from "./link.js";

/** Closing takes no longer: what ends a link may itself never answer. */
const CLOSE_MS = 2000;

/** Waits for the end of `work`, however it ends, in good time. */
export async function ended(work: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, CLOSE_MS)));
  await Promise.race([work.catch(() => undefined), late]);
  clearTimeout(timer);
}

export class Loss {
  /** Why the link is lost; undefined while it is there. */
  reason: LinkError | undefined;
  private readonly listeners = new Set<(reason: LinkError) => void>();

  /** As Transport's: calls back once, at once when the link is lost already. */
  onDisconnect(listener: (reason: LinkError) => void): () => void {
    if (this.reason) listener(this.reason);
    else this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** The link's first reason, which is this one unless there was one before. */
  because(reason: LinkError): LinkError {
    if (this.reason) return this.reason;
    this.reason = reason;
    for (const listener of this.listeners) listener(reason);
    this.listeners.clear();
    return reason;
  }
}
