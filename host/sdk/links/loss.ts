/** A link's end: its first reason, and who wants to hear it. Browser-safe. */

import type { LinkError } from "./link.js";

export class Loss {
  /** Why the link is lost; undefined while it is there. */
  reason: LinkError | undefined;
  readonly #listeners = new Set<(reason: LinkError) => void>();

  /** As Transport's: calls back once, at once when the link is lost already. */
  onDisconnect(listener: (reason: LinkError) => void): () => void {
    if (this.reason) listener(this.reason);
    else this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The link's first reason, which is this one unless there was one before. */
  because(reason: LinkError): LinkError {
    if (this.reason) return this.reason;
    this.reason = reason;
    for (const listener of this.#listeners) listener(reason);
    this.#listeners.clear();
    return reason;
  }
}
