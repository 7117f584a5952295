/**
 * Tells the source which cards may get its key, in a channel that holds its code. Browser-safe.
 */

import type { CardSession } from "../../card/session.js";
import type { Context } from "./context.js";
import { SOURCE } from "./role.js";

export async function nameDestinations(
  context: Context,
  session: CardSession,
  ids: readonly Uint8Array[],
): Promise<void> {
  const { app, relay, options } = context;
  await app.meet(session, relay.run.source?.id);
  if (!session.unlocked) await app.unlock(session);
  await context.step(SOURCE, "name-destinations", () =>
    app.nameDestinations(session, options.setSize, ids),
  );
}
