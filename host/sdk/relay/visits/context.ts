/**
 * What the visits of one ceremony share: the options, what was learned from the cards in this very
 * process (and only that counts as truth), and how steps are told. Browser-safe.
 */

import { equal } from "../../crypto/bytes.js";
import type { CardGuard } from "../../book/guard.js";
import type { AccessCode } from "../../crypto/code.js";
import type { Certificate } from "../../card/certificate.js";
import type { CodeCost } from "../../card/channel.js";
import type { ExpectedId } from "../../card/identity.js";
import { formatLabel } from "../../card/label.js";
import { slotOf } from "../../card/ledger.js";
import type { Ledger } from "../../card/ledger.js";
import { CardSession } from "../../card/session.js";
import { cardName } from "../../failures/text.js";
import { now } from "../../links/clock.js";
import type { Transport } from "../../links/link.js";
import { WalletApp } from "../app.js";
import { alignExpected } from "./expected.js";
import { HOLD_MS, STEP_TEXT } from "../events.js";
import type { CardState } from "../errors.js";
import type { BackupEvent, Present, StepName } from "../events.js";
import { Relay } from "../relay.js";
import { copyRole, SOURCE } from "./role.js";
import type { CardRef, Role } from "./role.js";
import type { RunCopy, RunStore, SourceIdentity } from "../run/run.js";
import type { StateName } from "../../wire/generated.js";
import type { SourceProgress } from "../state/next-visit.js";
import { MILESTONES, milestones, progressOf } from "../state/progress.js";
import type { CopyKnowledge, Progress } from "../state/progress.js";
import { vouchedPart } from "../state/vouching.js";

export interface BackupOptions {
  /** Kmaker: whose cards are genuine. */
  readonly maker: Uint8Array;
  /** The source's access code; its copies take the same. Not wiped here. */
  readonly code: AccessCode;
  /** Cards in the set, the source included: 2 or 3. Fixed by the first copy. */
  readonly setSize: number;
  /** Copies to make now, 1..setSize-1 (default: all). */
  readonly copies?: number;
  readonly present: Present;
  /** Where progress is kept (default: in memory). */
  readonly store?: RunStore;
  /** The wallet as ACTIVATE or an earlier ledger showed it: saves the source's first tap. */
  readonly source?: SourceIdentity;
  /** Cards that the user named by their labels or ids. */
  readonly expectSource?: ExpectedId;
  readonly expectCopies?: readonly (ExpectedId | undefined)[];
  /** Asked before the source is told its destinations: does the user know these cards? */
  readonly approve?: (cards: { source: Uint8Array; copies: Uint8Array[] }) => Promise<boolean>;
  /** Which cards may take part, and get the code: those that the user named or this host knows. */
  readonly guard?: CardGuard;
  readonly onEvent?: (event: BackupEvent) => void;
  /** The time of day, for the age of offers. */
  readonly now?: () => Date;
  /** Lets so many seconds pass (default: waits for them). */
  readonly wait?: (seconds: number) => Promise<void>;
  readonly signal?: AbortSignal;
}

/** One destination: what is carried for it, and what is known of it. */
export interface Carried {
  readonly copy: RunCopy;
  readonly known: CopyKnowledge;
}

export class Context {
  readonly app: WalletApp;
  readonly copies: CopyKnowledge[];
  /** What the user named each destination by. */
  readonly expected: readonly (ExpectedId | undefined)[];
  sourceLedger: Ledger | undefined;
  /** The source has sealed since it said so: of its slots the copies' own knowledge is newer. */
  sourceIsOld = false;
  sourceSession: CardSession | undefined;
  sourceCertificate: Certificate | undefined;
  /** How the source's code is stretched, as its own channel said in this process. */
  sourceCode: CodeCost | undefined;
  /** By role, for errors. */
  readonly states = new Map<string, CardState>();
  private readonly sessions = new WeakMap<Transport, CardSession>();
  readonly open = new Set<CardSession>();

  constructor(
    readonly options: BackupOptions,
    readonly relay: Relay,
    /** Destinations in the run that this host knows: more than the run file's word. */
    private readonly known: readonly Uint8Array[] = [],
  ) {
    const count = options.copies ?? options.setSize - 1;
    this.copies = Array.from({ length: count }, () => ({}));
    this.expected = alignExpected(options.expectCopies, relay.run, count);
    const onStretch = (progress: number) => this.emit({ type: "stretch", progress });
    this.app = new WalletApp({ ...options, onStretch });
  }

  session(transport: Transport): CardSession {
    let session = this.sessions.get(transport);
    if (!session) {
      session = new CardSession(transport);
      this.sessions.set(transport, session);
      this.open.add(session);
    }
    return session;
  }
  /** A link was lost: what was open on it is gone. */
  drop(transport: Transport): void {
    const session = this.sessions.get(transport);
    session?.closeChannel();
    this.sessions.delete(transport);
    if (session) this.open.delete(session);
  }
  closeChannels(): void {
    for (const session of this.open) session.closeChannel();
  }

  /** The source as the app knows it for sure: its own ledger, or what the caller vouches for. */
  get trustedSource(): SourceIdentity | Ledger | undefined {
    if (!this.sourceLedger || !this.sourceIsOld) return this.sourceLedger ?? this.options.source;
    const { ownId: id, setId, publicKey } = this.sourceLedger;
    return { id, setId, publicKey };
  }
  get sourceState(): StateName | undefined {
    return this.sourceIsOld ? "SHARING" : this.sourceLedger?.state;
  }

  get sourceProgress(): SourceProgress {
    if (this.sourceLedger) return "read";
    if (!this.relay.run.source) return "unknown";
    return this.options.source ? "vouched" : "noted";
  }

  /** By position: how far each destination is. */
  get progress(): Progress[] {
    return this.copies.map((known, index) => {
      const copy = this.relay.run.copies[index];
      const met = known.certificate !== undefined;
      const named = this.expected[index] !== undefined;
      const asked = this.options.approve !== undefined;
      const isKnown = copy !== undefined && this.known.some((id) => equal(id, copy.id));
      // An offer that is too old waits for nobody: its card drops it and makes another.
      const carried = copy && this.relay.isStale(copy) ? { id: copy.id } : copy;
      const part = carried && vouchedPart(carried, { met, named, asked, known: isKnown });
      return progressOf(part, known);
    });
  }
  /** The destinations that are there, with what the relay carries for them. */
  copiesAt(at: Progress["at"]): Carried[] {
    const { copies } = this.relay.run;
    return this.progress.flatMap((progress, index) => {
      const copy = copies[index];
      const known = this.copies[index];
      return progress.at === at && copy && known ? [{ copy, known }] : [];
    });
  }

  /** "the source card (9Q3K-…)" */
  name(role: Role): string {
    return cardName(this.card(role));
  }
  card(role: Role): CardRef {
    const id = this.idOf(role);
    return id ? { role, label: formatLabel(id) } : { role };
  }
  idOf(role: Role): Uint8Array | undefined {
    const { run } = this.relay;
    return role.kind === "source" ? run.source?.id : run.copies[role.index]?.id;
  }
  /** The role that this card already has in the ceremony. */
  roleOf(id: Uint8Array): Role | undefined {
    const { source, copies } = this.relay.run;
    if (source && equal(source.id, id)) return SOURCE;
    const index = copies.findIndex((copy) => copy && equal(copy.id, id));
    return index < 0 ? undefined : copyRole(index);
  }

  /** The source's ledger is the truth about the slots. */
  learnSource(ledger: Ledger): void {
    this.sourceLedger = ledger;
    this.sourceIsOld = false;
    this.copies.forEach((_, index) => this.learnSlot(index));
  }
  /** What the source said of this destination, unless something newer is known. */
  learnSlot(index: number): void {
    const copy = this.copies[index];
    const id = this.relay.run.copies[index]?.id;
    if (!this.sourceLedger || !copy || !id || (this.sourceIsOld && copy.slot)) return;
    copy.slot = slotOf(this.sourceLedger, id)?.state ?? "NONE";
  }

  emit(event: BackupEvent): void {
    this.options.onEvent?.(event);
  }
  /** Tells of a step before and after it. */
  async step<T>(role: Role, step: StepName, act: () => Promise<T>): Promise<T> {
    this.options.signal?.throwIfAborted();
    const [doing, did] = STEP_TEXT[step];
    const name = this.name(role);
    const start = now();
    const text = `${name} ${doing}`;
    this.emit({ type: "step", role, step, text, holdMs: HOLD_MS[step], ...this.milestones() });
    const result = await act();
    const ms = Math.round(now() - start);
    const done = `${this.name(role)} ${did}`;
    this.emit({ type: "done", role, step, text: done, ms, ...this.milestones() });
    return result;
  }

  private milestones(): { done: number; total: number } {
    const done = this.progress.reduce((sum, progress) => sum + milestones(progress), 0);
    return { done, total: MILESTONES * this.copies.length };
  }
}
