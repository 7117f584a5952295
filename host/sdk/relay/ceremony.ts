/**
 * The backup ceremony over any set of links, docs/protocol.md 6: destinations' OFFERs, the source
 * SEALs, destinations ACCEPT and are checked, the source CONFIRMs. Browser-safe.
 *
 * One loop: look at what is known, visit the next card, do what its own state asks for. Every
 * step may be repeated, so a lost link or a killed program costs nothing: the next run takes up
 * where the cards stand. With all cards connected `present` answers at once; held to a reader one
 * at a time the order is the same: D, S, D (two cards), D1, D2, S, D1, D2 (three), then S once
 * more to bring it the receipts.
 */

import { equal } from "../crypto/bytes.js";
import type { Certificate } from "../card/certificate.js";
import type { Status } from "../card/commands/index.js";
import type { Ledger } from "../card/ledger.js";
import type { CardSession } from "../card/session.js";
import { isCardError } from "../card/words.js";
import type { AnyFailure } from "../failures/facts.js";
import { failureIn, isLost, VerifyError } from "../failures/failure.js";
import type { Transport } from "../links/link.js";
import { copyFaults } from "./app.js";
import { Context } from "./visits/context.js";
import type { BackupOptions } from "./visits/context.js";
import { BackupError, stopped } from "./errors.js";
import type { PresentRequest, Role } from "./events.js";
import { nextVisit } from "./state/next-visit.js";
import type { Visit } from "./state/next-visit.js";
import { roleKey } from "./visits/role.js";
import { Relay } from "./relay.js";
import { memoryRun } from "./run/run.js";
import type { Run } from "./run/run.js";
import { visitCopy } from "./visits/copy.js";
import { visitSource } from "./visits/source.js";

export interface BackupResult {
  readonly setId: Uint8Array;
  /** The wallet's master public key. */
  readonly publicKey: Uint8Array;
  readonly setSize: number;
  readonly source: { readonly ledger: Ledger; readonly certificate: Certificate } | undefined;
  readonly copies: readonly {
    readonly id: Uint8Array;
    readonly ledger: Ledger;
    readonly certificate: Certificate;
    /** The source knows that this copy arrived. */
    readonly confirmed: boolean;
  }[];
  /** All copies checked and confirmed. Otherwise the source still waits for receipts. */
  readonly complete: boolean;
}

/** No ceremony of three cards needs as many, whatever is lost on the way. */
const VISITS_MOST = 40;
const ATTEMPTS_MOST = 6;

/** Runs the ceremony to its end, or throws BackupError; call it again to go on. */
export async function backup(options: BackupOptions): Promise<BackupResult> {
  const store = options.store ?? memoryRun();
  const run = await startRun(options, await store.load());
  const noted = run.copies.flatMap((copy) => (copy ? [copy.id] : []));
  const known = await options.guard?.knows(noted);
  const context = new Context(options, new Relay(run, store, options.now), known);
  try {
    for (let visits = 0; ; visits++) {
      const visit = nextVisit(context.progress, context.sourceProgress);
      if (!visit) break;
      if (visits === VISITS_MOST) throw goesInCircles();
      if (!(await perform(context, visit))) break;
    }
    await refreshSource(context);
    const result = outcome(context);
    if (result.complete) await context.relay.done();
    return result;
  } catch (error) {
    throw stopped(error, { cards: statesOf(context) });
  } finally {
    context.closeChannels();
  }
}

async function startRun(options: BackupOptions, old: Run | undefined): Promise<Run> {
  const { maker, setSize, copies = setSize - 1, source } = options;
  if ((setSize !== 2 && setSize !== 3) || copies < 1 || copies > setSize - 1) {
    throw new RangeError("a set has 2 or 3 cards, and at most one copy less");
  }
  if (!old) return { maker, setSize, copies: [], ...(source ? { source } : {}) };
  const same = equal(old.maker, maker) && old.setSize === setSize && old.copies.length <= copies;
  if (same) return old;
  throw new BackupError("backup/other-run", {});
}

/** One card: present, do, and again when the link or the card was the wrong one. */
async function perform(context: Context, visit: Visit): Promise<boolean> {
  const wrong: Transport[] = [];
  const card = context.card(visit.role);
  let problem: AnyFailure | undefined;
  for (let attempt = 1; ; attempt++) {
    context.options.signal?.throwIfAborted();
    const request = requestFor(context, visit, attempt, problem, wrong);
    context.emit({ type: "present", role: visit.role, text: request.purpose, attempt });
    let transport: Transport | undefined;
    try {
      transport = await context.options.present(request);
      if (!transport && visit.optional) return false;
      if (!transport) throw new BackupError("backup/not-presented", {}, { card });
      await visitCard(context, visit.role, transport);
      return true;
    } catch (error) {
      const again = attempt < ATTEMPTS_MOST && retryable(error);
      if (again === false) throw stopped(error, { card, cards: statesOf(context) });
      problem = failureIn(error);
      if (transport && again === "wrong") wrong.push(transport);
      if (transport) context.drop(transport);
      context.emit({ type: "lost", role: visit.role, problem, attempt });
      // A board that starts anew, or a cable that is being plugged in, needs a moment.
      if (!transport) await new Promise((resolve) => setTimeout(resolve, 300 * attempt));
    }
  }
}

function requestFor(
  context: Context,
  { role, purpose, optional }: Visit,
  attempt: number,
  problem: AnyFailure | undefined,
  wrong: readonly Transport[],
): PresentRequest {
  const id = context.idOf(role);
  const text = `${context.name(role)} is needed: it will ${purpose}`;
  return {
    ...{ role, purpose: text, attempt, wrong, optional },
    ...(id ? { id } : {}),
    ...(problem ? { problem } : {}),
  };
}

/** A lost link is worth another try, and so is another card than the one that was held there. */
function retryable(error: unknown): "again" | "wrong" | false {
  if (error instanceof VerifyError && error.reason === "identity") return "wrong";
  if (isLost(error)) return "again";
  return isCardError(error, "CHANNEL", "CODE") ? "again" : false;
}

async function visitCard(context: Context, role: Role, transport: Transport): Promise<void> {
  const session = context.session(transport);
  const said = saidBefore(context, role, session);
  if (!said) context.emit({ type: "greet", role });
  const { state: before } = said ?? (await session.greet());
  context.states.set(roleKey(role), { card: context.card(role), state: before });
  if (role.kind === "source") await visitSource(context, session, before);
  else await visitCopy(context, role.index, session, { state: before });
  const after = role.kind === "source" ? context.sourceState : undefined;
  const checked = role.kind === "copy" && context.copies[role.index]?.checked !== undefined;
  const state = after ?? (checked || before === "COPY" ? "COPY" : "OFFERED");
  context.states.set(roleKey(role), { card: context.card(role), state, checked });
}

/** While its channel holds a card heard nobody else: what it said last is still so. */
function saidBefore(
  context: Context,
  role: Role,
  session: CardSession,
): Pick<Status, "state"> | undefined {
  const state = context.sourceState;
  if (role.kind === "source") return session.unlocked && state ? { state } : undefined;
  const offered = context.copies[role.index]?.offerIsCurrent && session.channel?.isFresh;
  const { transfer, receipt } = context.relay.run.copies[role.index] ?? {};
  return offered && transfer && !receipt ? { state: "OFFERED" } : undefined;
}

const statesOf = (context: Context) => [...context.states.values()];

/** The ceremony ended before the receipts: the source says what it holds, if it still listens. */
async function refreshSource(context: Context): Promise<void> {
  const { sourceIsOld, sourceSession, app } = context;
  if (sourceIsOld && sourceSession?.unlocked) context.learnSource(await app.unlock(sourceSession));
}

function outcome(context: Context): BackupResult {
  const { relay, sourceCertificate, sourceIsOld } = context;
  const sourceLedger = sourceIsOld ? undefined : context.sourceLedger;
  const { source, copies } = relay.run;
  if (!source) throw new RangeError("the ceremony ended without a source");
  const done = context.copies.map((known, index) => {
    const id = copies[index]?.id;
    if (!known.checked || !known.certificate || !id) throw goesInCircles();
    // Once the source's own words are known, every copy is measured against those.
    const faults = copyFaults(context.trustedSource ?? source, known.checked);
    if (faults.length > 0) throw new VerifyError("verify/copy", { faults });
    const confirmed = known.slot === "CONFIRMED";
    return { id, ledger: known.checked, certificate: known.certificate, confirmed };
  });
  const settled = context.progress.every(({ at }) => at === "settled");
  return {
    setId: source.setId,
    publicKey: source.publicKey,
    setSize: context.options.setSize,
    source:
      sourceLedger && sourceCertificate
        ? { ledger: sourceLedger, certificate: sourceCertificate }
        : undefined,
    copies: done,
    complete: sourceLedger !== undefined && settled,
  };
}

const goesInCircles = () => new BackupError("backup/endless", {});
