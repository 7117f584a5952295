/** Boards that are plugged in here: every serial port and reader is asked, for a short time. */

import { CardSession } from "../../sdk/card/session.js";
import { openLink } from "../../sdk/links/registry.js";
import { listPorts } from "../flasher/ports.js";

/** A card that runs answers its sync at once; one that boots is found the next time. */
const PATIENCE_MS = 3000;

/** URIs of those that answer as cards. */
export async function findBoards(
  signal: AbortSignal,
  told: (uri: string) => void,
): Promise<string[]> {
  const found: string[] = [];
  for (const { uri } of await listPorts()) {
    told(uri);
    if (await answers(uri, signal)) found.push(uri);
  }
  return found;
}

async function answers(uri: string, signal: AbortSignal): Promise<boolean> {
  const options = { connectMs: PATIENCE_MS, timeoutMs: PATIENCE_MS, signal };
  const transport = await openLink(uri, options).catch(() => undefined);
  if (!transport) return false;
  const session = new CardSession(transport);
  return session
    .status()
    .then(
      () => true,
      () => false,
    )
    .finally(() => session.close().catch(() => undefined));
}
