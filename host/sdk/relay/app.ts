/**
 * The trusted half of a ceremony: the app that holds the access code, checks each card's identity
 * and compares what the cards show. It reaches the cards through the relay's links, but only
 * inside their authenticated channels. Browser-safe.
 */

import type { AccessCode } from "../crypto/code.js";
import { equal } from "../crypto/bytes.js";
import type { CardGuard, Presented } from "../book/guard.js";
import type { Channel } from "../card/channel.js";
import { describeExpected, matchesId } from "../card/identity.js";
import type { ExpectedId } from "../card/identity.js";
import { formatLabel } from "../card/label.js";
import { compareLedgers } from "../card/ledger.js";
import type { Ledger } from "../card/ledger.js";
import type { CardSession } from "../card/session.js";
import type { CopyFault } from "../failures/facts.js";
import { VerifyError } from "../failures/failure.js";
import type { SourceIdentity } from "./run/run.js";

export interface WalletAppOptions {
  readonly maker: Uint8Array;
  readonly code: AccessCode;
  /** 0..1 while the code is stretched. */
  readonly onStretch?: (done: number) => void;
  readonly signal?: AbortSignal;
  /** Which cards may take part, and get the code (default: every genuine one). */
  readonly guard?: CardGuard;
}

export class WalletApp {
  readonly #options: WalletAppOptions;
  constructor(options: WalletAppOptions) {
    this.#options = options;
  }

  /** The channel to a genuine card; the one that is open stays when it is still good. */
  async meet(session: CardSession, expectId?: ExpectedId): Promise<Channel> {
    const { channel } = session;
    if (!channel?.isFresh) return this.#open(session, expectId);
    if (expectId !== undefined && !matchesId(expectId, channel.cardId)) {
      const expected = describeExpected(expectId);
      throw new VerifyError("verify/other-card", { label: formatLabel(channel.cardId), expected });
    }
    return channel;
  }

  /**
   * Gives the code unless it still holds, and reads the card's ledger. `setId`: the set that the
   * code is for, where it is known.
   */
  async unlock(session: CardSession, setId?: Uint8Array): Promise<Ledger> {
    const { code, onStretch, signal, guard } = this.#options;
    const presented = session.channel && this.#presented(session.channel);
    if (!session.unlocked) {
      if (presented) await guard?.mayStretch(presented, setId);
      await session.enterCode(code, { onProgress: onStretch, signal });
    }
    const ledger = await session.ledger();
    const { setId: own, state } = ledger;
    if (presented) await guard?.learned(presented, { setId: own, state });
    return ledger;
  }

  async nameSource(session: CardSession, source: SourceIdentity): Promise<void> {
    await session.nameSource({ id: source.id, setId: source.setId });
  }
  async nameDestinations(
    session: CardSession,
    setSize: number,
    ids: readonly Uint8Array[],
  ): Promise<void> {
    await session.nameDestinations({ setSize, ids });
  }
  /** The TRANSFER that the source sealed to this card, once more. */
  async resend(session: CardSession, source: Ledger, id: Uint8Array): Promise<Uint8Array> {
    return session.resend(source.slots.findIndex((slot) => equal(slot.id, id)));
  }

  /**
   * The last word on a copy: it took the user's code, and shows the set and key of the source.
   * `source` is the source's own ledger, or, before it was read, what was noted earlier.
   */
  async check(session: CardSession, source: SourceIdentity | Ledger): Promise<Ledger> {
    const copy = await this.unlock(session, source.setId);
    const faults = copyFaults(source, copy);
    if (faults.length === 0) return copy;
    throw new VerifyError("verify/copy", { faults });
  }

  async #open(session: CardSession, expectId?: ExpectedId): Promise<Channel> {
    const { maker, signal, guard } = this.#options;
    const channel = await session.openChannel({ maker, expectId, signal });
    if (!guard) return channel;
    await guard.admit(this.#presented(channel));
    // The user may have taken time to answer; it must be the card that was asked about.
    if (channel.isFresh) return channel;
    return session.openChannel({ maker, expectId: channel.cardId, signal });
  }
  #presented({ cardId, salt, cost }: Channel): Presented {
    return { id: cardId, maker: this.#options.maker, salt, cost };
  }
}

/** Why a card's ledger is not that of a copy of this source. */
export function copyFaults(source: SourceIdentity | Ledger, copy: Ledger): CopyFault[] {
  if ("ownId" in source) return compareLedgers(source, copy);
  const faults: CopyFault[] = [];
  if (!equal(source.publicKey, copy.publicKey)) faults.push("key");
  if (!equal(source.setId, copy.setId)) faults.push("set");
  if (!equal(source.id, copy.sourceId)) faults.push("source");
  if (copy.state !== "COPY") faults.push("state");
  return faults;
}
