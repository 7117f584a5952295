/**
 * On-card consent, docs/protocol.md 14: carries a run between a source that wants it and a
 * destination, so that both boards blink the same, then asks for the TRANSFER until the source's
 * button was held. What is carried is worth nothing to a relay; the user compares the boards, never
 * this host's words. Browser-safe.
 */

import { hash } from "../../crypto/hash.js";
import type { CardSession } from "../../card/session.js";
import { isCardError } from "../../card/words.js";
import { CONSENT } from "../../wire/generated.js";
import type { Context } from "./context.js";
import { nameDestinations } from "./destinations.js";
import { BackupError } from "../errors.js";
import { copyRole, SOURCE } from "./role.js";
import type { Role } from "./role.js";
import type { RunCopy } from "../run/run.js";

/** Runs that are begun again, each after a wait, before the card's own refusal is passed on. */
const RUNS_MOST = 3;

/** Seals to the copy's OFFER. `fresh`: its card has no slot in the source yet. */
export async function sealWithConsent(
  context: Context,
  session: CardSession,
  copy: RunCopy,
  fresh: boolean,
): Promise<void> {
  const seal = () => context.step(SOURCE, "seal", () => context.relay.seal(session, copy));
  if (!fresh || !context.sourceCertificate?.consent) {
    try {
      return await seal();
    } catch (error) {
      // A new TRANSFER in the place of one that was given: that takes consent too.
      if (!isCardError(error, "CONSENT")) throw error;
      await nameDestinations(context, session, [copy.id]);
    }
  }
  const role = copyRole(context.relay.run.copies.indexOf(copy));
  const other = await together(context, session, role, copy);
  await blink(context, session, other, copy);
  session.onGesture = ({ hold, left }) => {
    context.options.signal?.throwIfAborted();
    context.emit({ type: "gesture", role: SOURCE, hold, left, consent: role });
  };
  try {
    await seal();
  } finally {
    session.onGesture = undefined;
  }
}

/** The destination's session, beside the source's: another link, or it can't be. */
async function together(context: Context, source: CardSession, role: Role, copy: RunCopy) {
  const transport = await context.options.present({
    ...{ role, id: copy.id, attempt: 1, wrong: [], optional: false, together: true },
    purpose: `${context.name(role)} is needed together with ${context.name(SOURCE)}`,
  });
  // Whoever has one place for all of them has taken the source away for this.
  const isBeside = transport && transport !== source.transport && source.channel;
  if (isBeside) return context.session(transport);
  throw new BackupError("backup/apart", {}, { card: context.card(role) });
}

/** The four messages. A card that takes no run yet is waited for, and both begin again. */
async function blink(
  context: Context,
  source: CardSession,
  destination: CardSession,
  { id, offer }: RunCopy,
): Promise<void> {
  if (!offer) throw new RangeError("no offer to consent to");
  const role = context.roleOf(id) ?? SOURCE;
  for (let run = 1; ; run++) {
    let asked: Role = SOURCE;
    try {
      return await context.step(SOURCE, "consent", async () => {
        const committed = await source.consent(0, hash(offer));
        asked = role;
        await context.app.meet(destination, id);
        const drawn = await destination.consent(0, committed);
        asked = SOURCE;
        const opened = await source.consent(1, drawn);
        asked = role;
        await destination.consent(1, opened);
      });
    } catch (error) {
      if (run === RUNS_MOST || !isCardError(error, "WAIT")) throw error;
      // The source's own run is spent with the other's refusal.
      const seconds = asked === SOURCE ? (error.facts.seconds ?? CONSENT.RUN_S) : CONSENT.RUN_S;
      context.emit({ type: "wait", role: asked, seconds });
      const { signal, wait = (asked: number) => pause(asked, signal) } = context.options;
      await wait(seconds);
    }
    await nameDestinations(context, source, [id]);
  }
}

async function pause(seconds: number, signal?: AbortSignal): Promise<void> {
  for (let left = seconds * 2; left > 0; left--) {
    signal?.throwIfAborted();
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
