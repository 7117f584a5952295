/**
 * Opens a link by its URI. Which schemes there are depends on the platform: Node registers tcp and
 * serial (node.ts), a browser its own. Browser-safe.
 */

import type { LineOptions } from "./line-transport.js";
import { LinkError } from "./link.js";
import type { Transport } from "./link.js";
import { parseLinkUri } from "./uri.js";
import type { LinkScheme, LinkUri } from "./uri.js";

export type OpenOptions = Omit<LineOptions, "name">;
type Opener<S extends LinkScheme> = (
  uri: Extract<LinkUri, { scheme: S }>,
  options: OpenOptions & { name: string },
) => Promise<Transport>;

const openers = new Map<LinkScheme, Opener<LinkScheme>>();

export function registerLink<S extends LinkScheme>(scheme: S, opener: Opener<S>): void {
  openers.set(scheme, opener as unknown as Opener<LinkScheme>);
}

/** Throws LinkUriError for a malformed URI and LinkError when nothing answers. */
export async function openLink(uri: string, options: OpenOptions = {}): Promise<Transport> {
  const parsed = parseLinkUri(uri);
  const opener = openers.get(parsed.scheme);
  if (!opener) throw new LinkError("open", `${parsed.scheme}: links are not available here`);
  return opener(parsed as never, { ...options, name: uri.trim() });
}
