/**
 * The relay: carries OFFER, TRANSFER and RECEIPT between the cards and remembers them in the run.
 * It is untrusted and needs nothing secret: no code, no channel, no decision. Browser-safe.
 *
 * Every step is written down before and after. Each may be repeated: a destination answers the same
 * OFFER and the same RECEIPT again, a source the same TRANSFER. When all that was carried is lost,
 * the app has the source say its TRANSFER once more (`enter`).
 */

import { equal } from "../crypto/bytes.js";
import type { CardSession } from "../card/session.js";
import type { Run, RunCopy, RunStore, SourceIdentity } from "./run/run.js";

/** What the relay may do with a card: the four messages, in the clear. */
export type CarriedCard = Pick<CardSession, "offer" | "seal" | "accept" | "confirm">;

/**
 * An offer that nobody sealed to is dropped after so many hours: until its card takes a key, who
 * recorded a TRANSFER for it and later reads that card's flash can open it (docs/protocol.md 6).
 */
export const OFFER_AGE_H = 24;

export class Relay {
  readonly #store: RunStore;
  readonly #now: () => Date;
  constructor(
    readonly run: Run,
    store: RunStore,
    now = () => new Date(),
  ) {
    this.#store = store;
    this.#now = now;
  }

  async setSource(source: SourceIdentity): Promise<void> {
    this.run.source = source;
    await this.#store.save(this.run);
  }

  /** Enters a destination, or finds it again. */
  async addCopy(index: number, id: Uint8Array): Promise<RunCopy> {
    const known = this.run.copies[index];
    if (known && equal(known.id, id)) return known;
    const copy: RunCopy = { id };
    this.run.copies[index] = copy;
    await this.#store.save(this.run);
    return copy;
  }

  /** Fetches the destination's OFFER; with a new one, what was built on the old is dropped. */
  async fetchOffer(card: CarriedCard, copy: RunCopy): Promise<"same" | "new"> {
    const offer = await this.#step("OFFER", copy, () => card.offer());
    if (copy.offer && equal(copy.offer, offer)) return "same";
    await this.forget(copy);
    copy.offer = offer;
    copy.offered = this.#now().toISOString();
    await this.#store.save(this.run);
    return "new";
  }
  /** An offer whose TRANSFER is not here, and that is older than it should become. */
  isStale({ offered, transfer }: RunCopy): boolean {
    if (offered === undefined || transfer) return false;
    return this.#now().getTime() - Date.parse(offered) > OFFER_AGE_H * 3_600_000;
  }

  /** The source's TRANSFER for the destination's OFFER. */
  async seal(card: CarriedCard, copy: RunCopy): Promise<void> {
    const { offer } = copy;
    if (!offer) throw new RangeError("no offer to seal to");
    copy.transfer = await this.#step("SEAL", copy, () => card.seal(offer));
    await this.#store.save(this.run);
  }

  /** A destination holds the key, and nothing is carried that it would answer. */
  async noteKey(copy: RunCopy): Promise<void> {
    copy.holdsKey = true;
    await this.#store.save(this.run);
  }
  /** The TRANSFER of a sealed slot, as the source gave it to the app. */
  async enter(copy: RunCopy, transfer: Uint8Array): Promise<void> {
    copy.transfer = transfer;
    await this.#store.save(this.run);
  }

  /** The destination's RECEIPT for the source's TRANSFER. */
  async accept(card: CarriedCard, copy: RunCopy): Promise<void> {
    const { transfer } = copy;
    if (!transfer) throw new RangeError("no transfer to accept");
    copy.receipt = await this.#step("ACCEPT", copy, () => card.accept(transfer));
    await this.#store.save(this.run);
  }

  async confirm(card: CarriedCard, copy: RunCopy): Promise<void> {
    const { receipt } = copy;
    if (!receipt) throw new RangeError("no receipt to confirm");
    await this.#step("CONFIRM", copy, () => card.confirm(receipt));
    await this.#store.save(this.run);
  }

  /** What was carried for this destination is of no use any more. */
  async forget(copy: RunCopy, ...messages: ("offer" | "transfer" | "receipt")[]): Promise<void> {
    const which = messages.length ? messages : (["offer", "transfer", "receipt"] as const);
    for (const message of which) delete copy[message];
    if (!copy.offer) delete copy.offered;
    if (!messages.length) delete copy.holdsKey;
    await this.#store.save(this.run);
  }

  /** The ceremony is complete: the run is cleared away. */
  async done(): Promise<void> {
    await this.#store.clear();
  }

  async #step<T>(name: string, copy: RunCopy, act: () => Promise<T>): Promise<T> {
    this.run.doing = `${name} ${this.run.copies.indexOf(copy) + 2}`;
    await this.#store.save(this.run);
    try {
      return await act();
    } finally {
      // Saved by the caller together with what the step brought.
      delete this.run.doing;
    }
  }
}
