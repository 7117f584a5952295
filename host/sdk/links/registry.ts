/**
 * Opens a link by its URI. Which schemes there are depends on the platform: Node registers tcp and
 * serial (node.ts), a browser its own. Browser-safe.
 */

import type { LineOptions } from "./line-transport.js";
import { LinkError } from "./link.js";
import type { Transport } from "./link.js";
import { parseLinkUri } from "./uri.js";
import type { LinkScheme, LinkUri } from "./uri.js";

export interface OpenOptions extends Omit<LineOptions, "name"> {
  /** It was open a moment ago, and may be on its way back: an unplugged cable, a restarted board. */
  again?: boolean;
}
type Opener<S extends LinkScheme> = (
  uri: Extract<LinkUri, { scheme: S }>,
  options: LineOptions & { name: string },
) => Promise<Transport>;

const openers = new Map<LinkScheme, Opener<LinkScheme>>();

export function registerLink<S extends LinkScheme>(scheme: S, opener: Opener<S>): void {
  openers.set(scheme, opener as unknown as Opener<LinkScheme>);
}

/** A cable is plugged in again within so long, or the user is asked. */
const AGAIN_MS = 20_000;
const POLL_MS = 250;

/** Throws LinkUriError for a malformed URI and LinkError when nothing answers. */
export async function openLink(uri: string, options: OpenOptions = {}): Promise<Transport> {
  const parsed = parseLinkUri(uri);
  const opener = openers.get(parsed.scheme);
  if (!opener) throw new LinkError("open", `${parsed.scheme}: links are not available here`);
  const { again, ...rest } = options;
  const end = Date.now() + (again ? AGAIN_MS : 0);
  for (;;) {
    try {
      return await opener(parsed as never, { ...rest, name: uri.trim() });
    } catch (error) {
      const gone = error instanceof LinkError && error.failure === "open";
      if (!gone || Date.now() >= end) throw error;
    }
    await pause(POLL_MS, options.signal);
    if (options.signal?.aborted) throw new LinkError("aborted", `${uri}: stopped on request`);
  }
}

/** Ends early on request. */
function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done(): void {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    }
    signal?.addEventListener("abort", done);
    if (signal?.aborted) done();
  });
}
