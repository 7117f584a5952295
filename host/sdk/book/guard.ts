/**
 * Before a genuine card gets the access code, makes a key or takes a part in a backup: is it one
 * that the user named or that this host knows, and is its code stretched as it was when it became
 * known? Genuine alone is not enough: one card that was taken apart could be put in any card's
 * place. What is not known is asked; a card's plain answers never count. Browser-safe.
 *
 * The rules (docs/design.md 3, docs/protocol.md 5): the first meeting needs the label, later ones
 * are silent; a salt that is not the one noted, nor the set's, is refused before the code is
 * stretched; so is a cost that makes guessing cheap or that nobody would wait for.
 */

import { equal, isZero, toHex } from "../crypto/bytes.js";
import { describeExpected, matchesId } from "../card/identity.js";
import type { ExpectedId } from "../card/identity.js";
import { formatLabel } from "../card/label.js";
import { Failure, VerifyError } from "../failures/failure.js";
import { SCRYPT } from "../wire/generated.js";
import type { StateName } from "../wire/generated.js";
import { findCard, withCard, withoutWallet } from "./book.js";
import type { Book, CodeSalt, KnownCard } from "./book.js";
import type { BookStore } from "./store.js";

/** A card as its open channel proved and showed it. */
export interface Presented extends CodeSalt {
  /** Card id [16]. */
  readonly id: Uint8Array;
  /** Kmaker [33] under which it is genuine. */
  readonly maker: Uint8Array;
}
/** What was learned of a card inside its channel. */
export interface Learned {
  readonly setId?: Uint8Array;
  readonly state?: StateName;
}

/** What an app asks about a card, and tells afterwards. Each throws a Failure for a no. */
export interface CardGuard {
  /** May it be dealt with at all? Asks the user where it can. */
  admit(card: Presented): Promise<void>;
  /**
   * May the code be stretched for it? `setId`: the set whose code is given, where that is known.
   */
  mayStretch(card: Presented, setId?: Uint8Array): Promise<void>;
  /** May a new code be stretched with this salt, which the card has just drawn? */
  mayTakeSalt(salt: Uint8Array): Promise<void>;
  /** It took the code. */
  learned(card: Presented, facts?: Learned): Promise<void>;
  /** Which of these ids this host has admitted before. */
  knows(ids: readonly Uint8Array[]): Promise<Uint8Array[]>;
}

export interface GuardOptions {
  readonly store: BookStore;
  /** Cards that the user named. */
  readonly named?: readonly ExpectedId[];
  /** A maker whose cards carry no labels (the demo maker's virtual boards): not asked for. */
  readonly unlabelled?: Uint8Array;
  /** What the user reads on the card that is there now; undefined: nobody can be asked. */
  readonly askLabel?: (card: Presented) => Promise<ExpectedId | undefined>;
  /** A cost that the user accepts though it is not within the usual. */
  readonly cost?: number;
  /** Whether the user wants to wait for such a cost; never asked for one that is too low. */
  readonly askCost?: (cost: number) => Promise<boolean>;
  /** The card whose code the user changed elsewhere. */
  readonly newCode?: ExpectedId;
  /** What the user answers when a code seems changed: the label of the card, if so. */
  readonly askNewCode?: (card: Presented) => Promise<ExpectedId | undefined>;
  /** The book could not be written: what is done goes on without it. */
  readonly onUnwritten?: (error: unknown) => void;
  readonly now?: () => Date;
}

/** Costs above need minutes of memory and patience: 17 is 6 s and 0.13 GB on one slow core. */
export const COST_MOST = 17;

export class BookGuard implements CardGuard {
  readonly #options: GuardOptions;
  constructor(options: GuardOptions) {
    this.#options = options;
  }

  async admit(card: Presented): Promise<void> {
    const { named = [], askLabel } = this.#options;
    const { id } = card;
    const known = findCard(await this.#load(), id);
    if (known && this.#counts(known)) return;
    const byUser = named.some((expected) => matchesId(expected, id));
    if (!byUser && !this.#isUnlabelled(card.maker)) {
      const said = await askLabel?.(card);
      if (said === undefined) throw new Failure("book/unknown-card", {});
      if (!matchesId(said, id)) {
        const expected = describeExpected(said);
        throw new VerifyError("verify/other-card", { label: formatLabel(id), expected });
      }
    }
    await this.#note(card, { named: byUser || !this.#isUnlabelled(card.maker) });
  }

  async mayStretch(card: Presented, setId?: Uint8Array): Promise<void> {
    // The card has no code: that is said elsewhere.
    if (isZero(card.salt)) return;
    const book = await this.#load();
    const noted = codesFor(book, card.id, setId);
    const same = noted.find(({ salt }) => equal(salt, card.salt));
    if (!same && noted.length > 0) await this.#changedElsewhere(card);
    if (same?.cost !== card.cost) await this.#usualCost(card);
  }

  async mayTakeSalt(salt: Uint8Array): Promise<void> {
    const owner = (await this.#load()).find(({ code }) => code && equal(code.salt, salt));
    // 16 random bytes never come twice: whoever drew these wants another card's code.
    if (owner) throw new Failure("book/salt-again", { label: formatLabel(owner.id) });
  }

  async learned(card: Presented, { setId, state }: Learned = {}): Promise<void> {
    const { salt, cost } = card;
    const facts = {
      ...(isZero(salt) ? {} : { code: { salt, cost } }),
      ...(setId ? { setId } : {}),
      ...(state ? { state } : {}),
    };
    await this.#note(card, facts);
  }

  /** A card was erased: its next code will have another salt. */
  async emptied(id: Uint8Array, state: StateName): Promise<void> {
    await this.#change((book) => withoutWallet(book, id, state));
  }

  async knows(ids: readonly Uint8Array[]): Promise<Uint8Array[]> {
    const book = await this.#load();
    return ids.filter((id) => {
      const known = findCard(book, id);
      return known !== undefined && this.#counts(known);
    });
  }

  #isUnlabelled(maker: Uint8Array): boolean {
    const { unlabelled } = this.#options;
    return unlabelled !== undefined && equal(unlabelled, maker);
  }
  #counts({ named, maker }: KnownCard): boolean {
    return named || this.#isUnlabelled(maker);
  }

  async #changedElsewhere(card: Presented): Promise<void> {
    const { newCode, askNewCode } = this.#options;
    const said = newCode ?? (await askNewCode?.(card));
    if (said !== undefined && matchesId(said, card.id)) return;
    throw new Failure("book/salt", { label: formatLabel(card.id) });
  }

  async #usualCost({ id, cost }: Presented): Promise<void> {
    const { cost: accepted = SCRYPT.DEFAULT, askCost } = this.#options;
    const least = Math.min(SCRYPT.DEFAULT, accepted);
    const most = Math.max(COST_MOST, accepted);
    if (cost >= least && cost <= most) return;
    if (cost > most && (await askCost?.(cost))) return;
    throw new Failure("book/cost", { label: formatLabel(id), cost, least, most });
  }

  #cache: Book | undefined;
  async #load(): Promise<Book> {
    return (this.#cache ??= await this.#options.store.load());
  }
  async #note(card: Presented, facts: Partial<KnownCard>): Promise<void> {
    const { now = () => new Date() } = this.#options;
    await this.#change((book) => withCard(book, card, facts, now()));
  }
  async #change(change: (book: Book) => Book): Promise<void> {
    const { store, onUnwritten } = this.#options;
    // What another program wrote meanwhile stays.
    try {
      await store.change((book) => (this.#cache = change(book)));
    } catch (error) {
      if (!onUnwritten) throw error;
      this.#cache = change(await store.load());
      onUnwritten(error);
    }
  }
}

/** How the code of this card may be stretched: as the card's own was, or as its set's is. */
function codesFor(book: Book, id: Uint8Array, setId?: Uint8Array): CodeSalt[] {
  return book.flatMap((card) => {
    const own = equal(card.id, id);
    const inSet = setId && card.setId && toHex(card.setId) === toHex(setId);
    return card.code && (own || inSet) ? [card.code] : [];
  });
}
