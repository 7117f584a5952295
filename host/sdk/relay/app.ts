/**
 * The trusted half of a ceremony: the app that holds the access code, checks each card's identity
 * and compares what the cards show. It reaches the cards through the relay's links, but only
 * inside their authenticated channels. Browser-safe.
 */

import type { AccessCode } from "../crypto/code.js";
import { equal } from "../crypto/bytes.js";
import { VerifyError } from "../card/certificate.js";
import type { Channel } from "../card/channel.js";
import { matchesId } from "../card/identity.js";
import type { ExpectedId } from "../card/identity.js";
import { compareLedgers } from "../card/ledger.js";
import type { Ledger } from "../card/ledger.js";
import type { CardSession } from "../card/session.js";
import type { SourceIdentity } from "./run.js";

export interface WalletAppOptions {
  readonly maker: Uint8Array;
  readonly code: AccessCode;
  /** 0..1 while the code is stretched. */
  readonly onStretch?: (done: number) => void;
  readonly signal?: AbortSignal;
}

export class WalletApp {
  constructor(private readonly options: WalletAppOptions) {}

  /** The channel to a genuine card; the one that is open stays when it is still good. */
  async meet(session: CardSession, expectId?: ExpectedId): Promise<Channel> {
    const { channel } = session;
    const { maker, signal } = this.options;
    if (!channel?.isFresh) return session.openChannel({ maker, expectId, signal });
    if (expectId !== undefined && !matchesId(expectId, channel.cardId)) {
      throw new VerifyError("identity", "this is another card than the one expected");
    }
    return channel;
  }

  /** Gives the code unless it still holds, and reads the card's ledger. */
  async unlock(session: CardSession): Promise<Ledger> {
    if (!session.unlocked) {
      const { code, onStretch, signal } = this.options;
      await session.enterCode(code, { onProgress: onStretch, signal });
    }
    return session.ledger();
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
    const copy = await this.unlock(session);
    const faults = copyFaults(source, copy);
    if (faults.length === 0) return copy;
    throw new VerifyError("content", `the card is no copy: ${faults.join(", ")}`);
  }
}

/** Why a card's ledger is not that of a copy of this source. */
export function copyFaults(source: SourceIdentity | Ledger, copy: Ledger): string[] {
  if ("ownId" in source) return compareLedgers(source, copy);
  const faults: string[] = [];
  if (!equal(source.publicKey, copy.publicKey)) faults.push("it holds another wallet's key");
  if (!equal(source.setId, copy.setId)) faults.push("it belongs to another set");
  if (!equal(source.id, copy.sourceId)) faults.push("it names another source");
  if (copy.state !== "COPY") faults.push("it is not a copy");
  return faults;
}
