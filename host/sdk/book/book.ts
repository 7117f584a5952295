/**
 * The book of known cards, as ssh keeps one of known hosts: the cards that proved their ids to this
 * user's host, who made them, and how the access code of each is stretched. Public names only,
 * never a code. Values and rules; where it is kept is store.ts's matter. Pure. Browser-safe.
 */

import { equal, fromHex, toHex } from "../crypto/bytes.js";
import { parseJson } from "../crypto/text.js";
import { matchesId } from "../card/identity.js";
import { formatLabel, parseLabel } from "../card/label.js";
import { Failure } from "../failures/failure.js";
import { SCRYPT, SIZES, STATES } from "../wire/generated.js";
import type { StateName } from "../wire/generated.js";

/** How a card's access code is stretched. */
export interface CodeSalt {
  /** [16] */
  readonly salt: Uint8Array;
  /** log2 of scrypt's N, 10..20. */
  readonly cost: number;
}
export interface KnownCard {
  /** [16] */
  readonly id: Uint8Array;
  /** Kmaker, public [33]. */
  readonly maker: Uint8Array;
  /** What the user calls it. */
  readonly name?: string;
  /** When it was met first: ISO 8601, UTC. */
  readonly firstSeen: string;
  /** The user named it by its label; a demo card may have been met without that. */
  readonly named: boolean;
  /** The set of its wallet [16]. */
  readonly setId?: Uint8Array;
  readonly code?: CodeSalt;
  /** As it was when it was met last. */
  readonly state?: StateName;
}
export type Book = readonly KnownCard[];

export const NAME_MOST = 40;
/** A book that grows beyond all reason is not read. */
const CARDS_MOST = 10_000;

export const findCard = (book: Book, id: Uint8Array): KnownCard | undefined =>
  book.find((card) => equal(card.id, id));

/** By its own name, its label or its id in hex. */
export function cardNamed(book: Book, text: string): KnownCard | undefined {
  const name = text.trim();
  return book.find((card) => card.name === name || (isLabelOrId(name) && matchesId(name, card.id)));
}

/** A whole id in hex, or a label without a typing mistake. */
export function isLabelOrId(text: string): boolean {
  if (/^[0-9a-fA-F]{32}$/.test(text.trim())) return true;
  try {
    parseLabel(text);
    return true;
  } catch {
    return false;
  }
}

/** With this card in it; what is not said of it stays. */
export function withCard(
  book: Book,
  { id, maker }: Pick<KnownCard, "id" | "maker">,
  facts: Partial<KnownCard>,
  now: Date,
): Book {
  const old = findCard(book, id);
  const firstSeen = `${now.toISOString().slice(0, 19)}Z`;
  const card: KnownCard = { id, maker, firstSeen, named: false, ...old, ...facts };
  return old ? book.map((one) => (one === old ? card : one)) : [...book, card];
}

/** A card that was erased: it holds no code and belongs to no set. */
export function withoutWallet(book: Book, id: Uint8Array, state: StateName): Book {
  return book.map((card) =>
    equal(card.id, id) ? { ...card, setId: undefined, code: undefined, state } : card,
  );
}

export const withoutCard = (book: Book, id: Uint8Array): Book =>
  book.filter((card) => !equal(card.id, id));

/** Throws a Failure (book/name...) for a name that is none, or another card's. */
export function renamed(book: Book, id: Uint8Array, name: string): Book {
  if (!isName(name)) throw new Failure("book/name", { most: NAME_MOST });
  const other = book.find((card) => card.name === name && !equal(card.id, id));
  if (other) throw new Failure("book/name-taken", { name, label: formatLabel(other.id) });
  return book.map((card) => (equal(card.id, id) ? { ...card, name } : card));
}

/** Never what could be a label or an id, nor what would steer a terminal. */
const isName = (name: string) =>
  name === name.trim() &&
  name.length > 0 &&
  name.length <= NAME_MOST &&
  !/[\p{Cc}\p{Cf}\p{Surrogate}]/u.test(name) &&
  !/^-/.test(name) &&
  !isLabelOrId(name);

export function formatBook(book: Book): string {
  const cards = book.map(({ id, maker, setId, code, ...rest }) => ({
    id: toHex(id),
    ...rest,
    maker: toHex(maker),
    setId: setId && toHex(setId),
    salt: code && toHex(code.salt),
    cost: code?.cost,
  }));
  return `${JSON.stringify({ kincard: "cards", version: 1, cards }, null, 2)}\n`;
}

/** Throws a Failure (book/content) for anything that is not a whole book. */
export function parseBook(text: string): Book {
  try {
    const content = parseJson(text) as Record<string, unknown>;
    const { kincard, version, cards } = Object(content) as Record<string, unknown>;
    if (kincard !== "cards" || version !== 1) throw new TypeError("not a book of cards");
    if (!Array.isArray(cards) || cards.length > CARDS_MOST) throw new TypeError("no list of cards");
    return cards.map((card: unknown) => parseCard(Object(card) as Record<string, unknown>));
  } catch (error) {
    // The parser's own sentence quotes the file, which may be another one.
    const detail = error instanceof SyntaxError ? "it is not JSON" : (error as Error).message;
    throw new Failure("book/content", { detail });
  }
}

function parseCard(fields: Record<string, unknown>): KnownCard {
  const { name, firstSeen, named, state, cost, salt, setId } = fields;
  const bytes = (field: string, size: number) => {
    const value = fields[field];
    if (typeof value !== "string") throw new TypeError(`${field} is missing`);
    return fromHex(value, field, size);
  };
  if (typeof firstSeen !== "string" || Number.isNaN(Date.parse(firstSeen))) {
    throw new TypeError("firstSeen is no date");
  }
  if (typeof named !== "boolean") throw new TypeError("named is missing");
  if (name !== undefined && !(typeof name === "string" && isName(name))) {
    throw new TypeError("a name is not possible");
  }
  if (state !== undefined && !Object.hasOwn(STATES, String(state))) {
    throw new TypeError("a state is unknown");
  }
  const whole = typeof cost === "number" && Number.isInteger(cost);
  if (salt !== undefined && !(whole && cost >= SCRYPT.LEAST && cost <= SCRYPT.MOST)) {
    throw new TypeError("a cost is not possible");
  }
  return {
    ...{ id: bytes("id", SIZES.ID), maker: bytes("maker", SIZES.POINT), firstSeen, named },
    ...(name === undefined ? {} : { name: name as string }),
    ...(setId === undefined ? {} : { setId: bytes("setId", SIZES.SET_ID) }),
    ...(salt === undefined
      ? {}
      : { code: { salt: bytes("salt", SIZES.SALT), cost: cost as number } }),
    ...(state === undefined ? {} : { state: state as StateName }),
  };
}
