/**
 * A visit to the source: its ledger is read; then it seals to every offer, says once more what it
 * sealed where that is lost, and takes every receipt that the relay carries. Browser-safe.
 */

import { equal } from "../../crypto/bytes.js";
import type { CardSession } from "../../card/session.js";
import type { Ledger } from "../../card/ledger.js";
import { isCardError } from "../../card/words.js";
import type { Status } from "../../card/commands/index.js";
import type { Carried, Context } from "./context.js";
import { BackupError } from "../errors.js";
import { sealWithConsent } from "./consent.js";
import { nameDestinations } from "./destinations.js";
import { placesLeft } from "./places.js";
import { SOURCE } from "./role.js";

export async function visitSource(
  context: Context,
  session: CardSession,
  state: Status["state"],
): Promise<void> {
  const { app, relay, options } = context;
  mayGive(context, state);
  const known = relay.run.source;
  const named = options.expectSource ?? options.source?.id;
  const { certificate, salt, cost } = await app.meet(session, named ?? known?.id);
  context.sourceCertificate = certificate;
  context.sourceCode = { salt, cost };
  context.sourceSession = session;
  // While its channel holds it heard nobody else: what it said last is still so, its slots apart.
  const slotsMatter = context.copiesAt("messages lost").length > 0 && context.sourceIsOld;
  const said = session.unlocked && !slotsMatter ? context.sourceLedger : undefined;
  const ledger = said ?? (await context.step(SOURCE, "read", () => app.unlock(session)));
  sameWallet(context, ledger);
  if (!known) {
    const { ownId: id, setId, publicKey } = ledger;
    await relay.setSource({ id, setId, publicKey });
  }
  if (!said || !context.sourceIsOld) {
    context.learnSource(ledger);
    placesLeft(context, ledger);
  }
  const sealed = await sealAll(context, session);
  await resendAll(context, session);
  const confirmed = await confirmAll(context, session);
  // On a link that stays it is asked once, with the receipts: they and the copies' own ledgers are
  // measured against that. Who holds it to a reader may not come back.
  if (sealed && !confirmed && !session.transport.inTurn) context.sourceIsOld = true;
  else if (sealed || confirmed) context.learnSource(await app.unlock(session));
}

function mayGive(context: Context, state: Status["state"]): void {
  if (state === "WALLET" || state === "SHARING" || state === "SHARED") return;
  throw new BackupError("backup/cannot-give", { state }, { card: context.card(SOURCE) });
}

/** What the run or the caller said of the source must be what the source says itself. */
function sameWallet({ relay: { run }, options }: Context, ledger: Ledger): void {
  for (const said of [run.source, options.source]) {
    if (!said) continue;
    const same =
      equal(said.id, ledger.ownId) &&
      equal(said.setId, ledger.setId) &&
      equal(said.publicKey, ledger.publicKey);
    if (same) continue;
    throw new BackupError("backup/other-wallet", {});
  }
  const { setSize } = options;
  if (ledger.setSize <= 1 || ledger.setSize === setSize) return;
  throw new BackupError("backup/set-size", { setSize: ledger.setSize, asked: setSize });
}

async function sealAll(context: Context, session: CardSession): Promise<boolean> {
  const { relay } = context;
  const pending = context.copiesAt("offered");
  if (!pending.length) return false;
  const isNew = ({ known }: Carried) => known.slot === "NONE";
  const again = pending.filter((one) => !isNew(one) && !one.known.offerIsCurrent);
  if (again.length) return sealAgain(context, session, again);
  const fresh = pending.filter(isNew);
  if (fresh.length) {
    const ids = fresh.map(({ copy }) => copy.id);
    await approved(context, ids);
    // The user may have taken time: the channel is opened again if it grew stale.
    await nameDestinations(context, session, ids);
  }
  for (const { copy, known } of pending) {
    try {
      await sealWithConsent(context, session, copy, known.slot === "NONE");
    } catch (error) {
      // Not an offer of that card for this source: the card is asked for a new one.
      if (isCardError(error, "CRYPTO", "NAMES", "DATA")) await relay.forget(copy);
      throw error;
    }
    known.slot = "SEALED";
  }
  return true;
}

/**
 * For offers of an earlier run whose slots are sealed: asks for the stored TRANSFERs in channels
 * without the code. So a source can't put a new TRANSFER in the place of one that a copy has taken already.
 */
async function sealAgain(context: Context, session: CardSession, list: Carried[]) {
  const { app, relay } = context;
  for (const { copy, known } of list) {
    session.closeChannel();
    await app.meet(session, relay.run.source?.id);
    try {
      await context.step(SOURCE, "seal", () => relay.seal(session, copy));
    } catch (error) {
      // Another offer than the slot's: the card has to say what it holds now.
      if (!isCardError(error, "CODE", "CRYPTO", "NAMES", "DATA")) throw error;
      await relay.forget(copy);
      if (known.checked) await relay.noteKey(copy);
    }
  }
  await app.meet(session, relay.run.source?.id);
  return true;
}

async function approved({ options, relay }: Context, copies: Uint8Array[]): Promise<void> {
  const source = relay.run.source?.id;
  if (!options.approve || !source || (await options.approve({ source, copies }))) return;
  throw new BackupError("backup/not-approved", {});
}

/** For copies that took the key in a run that is lost: each gives its receipt for these bytes. */
async function resendAll(context: Context, session: CardSession): Promise<void> {
  const { app, relay, sourceLedger } = context;
  if (!sourceLedger) return;
  for (const { copy } of context.copiesAt("messages lost")) {
    await app.meet(session, relay.run.source?.id);
    if (!session.unlocked) await app.unlock(session);
    await context.step(SOURCE, "resend", async () => {
      await relay.enter(copy, await app.resend(session, sourceLedger, copy.id));
    });
  }
}

async function confirmAll(context: Context, session: CardSession): Promise<boolean> {
  const pending = context.copiesAt("accepted").filter(({ known }) => known.slot === "SEALED");
  for (const { copy, known } of pending) {
    try {
      await context.step(SOURCE, "confirm", async () => {
        await context.relay.confirm(session, copy);
        known.slot = "CONFIRMED";
      });
    } catch (error) {
      // A damaged receipt: the copy gives it again for its TRANSFER.
      if (isCardError(error, "CRYPTO")) await context.relay.forget(copy, "receipt");
      throw error;
    }
  }
  return pending.length > 0;
}
