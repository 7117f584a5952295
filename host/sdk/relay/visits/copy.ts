/**
 * A visit to a destination: it is told its source and makes its offer; or takes its TRANSFER; or,
 * when it holds the key, is checked. What to do follows from the card's own state. Browser-safe.
 */

import { equal } from "../../crypto/bytes.js";
import type { CardSession } from "../../card/session.js";
import { isCardError } from "../../card/words.js";
import { formatLabel } from "../../card/label.js";
import type { Status } from "../../card/commands/index.js";
import type { Context } from "./context.js";
import { VerifyError } from "../../failures/failure.js";
import { BackupError } from "../errors.js";
import { copyRole, sameRole } from "./role.js";
import type { Role } from "./role.js";
import { mayJoin } from "./places.js";
import type { CopyKnowledge } from "../state/progress.js";
import type { RunCopy, SourceIdentity } from "../run/run.js";

interface Visit {
  readonly context: Context;
  readonly role: Role & { kind: "copy" };
  readonly session: CardSession;
  readonly source: SourceIdentity;
  readonly known: CopyKnowledge;
  readonly copy: RunCopy;
}

export async function visitCopy(
  context: Context,
  index: number,
  session: CardSession,
  status: Pick<Status, "state">,
): Promise<void> {
  const role = copyRole(index);
  const { app, relay } = context;
  const source = relay.run.source as SourceIdentity;
  if (status.state === "BLANK" || status.state === "DAMAGED") mayTakePart(context, role, status);
  const begun = relay.run.copies[index]?.id;
  const { cardId, certificate } = await app.meet(session, context.expected[index] ?? begun);
  if (begun && !equal(begun, cardId)) {
    throw new VerifyError("verify/changed-card", {});
  }
  const other = context.roleOf(cardId);
  if (other && !sameRole(other, role)) {
    throw new VerifyError("verify/other-role", { is: context.card(other) });
  }
  mayTakePart(context, role, status);
  mayJoin(context, cardId);
  const copy = await relay.addCopy(index, cardId);
  const known = context.copies[index] as CopyKnowledge;
  known.certificate = certificate;
  context.learnSlot(index);
  const visit: Visit = { context, role, session, source, known, copy };
  if (status.state === "COPY") return holdsKey(visit);
  if (isSettled(visit)) throw placeSpent(visit);
  const isStale = context.relay.isStale(copy);
  const has = await hasOffer(visit, status);
  if (!has || isStale) await makeOffer(visit, has);
  if (copy.transfer) await takeKey(visit);
}

const isSettled = ({ context, role }: Visit) => context.progress[role.index]?.at === "settled";

function mayTakePart(context: Context, role: Role, { state }: Pick<Status, "state">): void {
  if (state === "EMPTY" || state === "OFFERED" || state === "COPY") return;
  throw new BackupError("backup/cannot-take", { state }, { card: context.card(role) });
}

/** True when the card's stored offer is the one that the relay carries. */
async function hasOffer(
  { context, session, known, copy }: Visit,
  status: Pick<Status, "state">,
): Promise<boolean> {
  // Asked in this process: a card that changed its mind since refuses the TRANSFER.
  if (status.state === "OFFERED" && copy.transfer && known.offerIsCurrent) return true;
  if (status.state === "OFFERED" && copy.offer) {
    known.offerIsCurrent = (await context.relay.fetchOffer(session, copy)) === "same";
    return known.offerIsCurrent;
  }
  await context.relay.forget(copy);
  return false;
}

/** `anew`: the card would keep its old offer for the same names, and drops it first. */
async function makeOffer(visit: Visit, anew = false): Promise<void> {
  const { context, role, session, source, known, copy } = visit;
  // It may hold an offer to another source, and drops that by its button alone.
  session.onGesture = ({ hold, left }) => context.emit({ type: "gesture", role, hold, left });
  await context.step(role, "name-source", async () => {
    if (anew) await session.cancel();
    await context.app.nameSource(session, source);
  });
  await context.step(role, "offer", () => context.relay.fetchOffer(session, copy));
  known.offerIsCurrent = true;
}

async function takeKey(visit: Visit): Promise<void> {
  const { context, role, session, copy } = visit;
  try {
    await context.step(role, "accept", () => context.relay.accept(session, copy));
  } catch (error) {
    // Not what the source made: it is asked for it again, and gives the same.
    if (isCardError(error, "CRYPTO", "NAMES", "DATA")) await context.relay.forget(copy, "transfer");
    throw error;
  }
  // The channel was opened when the card had no code. It has its source's now; where that is not
  // known here, a new channel brings its salt.
  if (context.sourceCode) session.channel?.tookCode(context.sourceCode);
  else session.closeChannel();
  await check(visit);
}

/**
 * A COPY gives its receipt again for the TRANSFER that it took; without that the source is asked.
 */
async function holdsKey(visit: Visit): Promise<void> {
  const { context, role, session, copy } = visit;
  if (copy.transfer && !copy.receipt && !isSettled(visit)) {
    try {
      await context.step(role, "accept", () => context.relay.accept(session, copy));
    } catch (error) {
      // Not the TRANSFER that it took: the source is asked for it again, if the offer is there.
      if (!isCardError(error, "USED")) throw error;
      await context.relay.forget(copy, "transfer");
    }
  }
  const carried = copy.offer ?? copy.transfer ?? copy.receipt;
  if (!carried && !isSettled(visit)) await context.relay.noteKey(copy);
  await check(visit);
}

async function check({ context, role, session, source, known, copy }: Visit): Promise<void> {
  // A refusal on the way here has ended the channel.
  await context.app.meet(session, copy.id);
  await context.step(role, "check", async () => {
    known.checked = await context.app.check(session, context.trustedSource ?? source);
  });
}

function placeSpent({ context, role, copy, known }: Visit): BackupError {
  const facts = { label: formatLabel(copy.id), certain: known.slot !== "LOST" };
  return new BackupError("backup/place-spent", facts, { card: context.card(role) });
}
