/**
 * Maker id, card id and what a user may name a card by, docs/protocol.md 2. Browser-safe.
 */

import { equal, fromHex } from "../crypto/bytes.js";
import { hash } from "../crypto/hash.js";
import { label } from "../crypto/labels.js";
import { SIZES } from "../wire/generated.js";
import { formatLabel, labelMatches, parseLabel } from "./label.js";

export function makerId(maker: Uint8Array): Uint8Array {
  return hash(label("MAKER"), maker).slice(0, SIZES.MAKER_ID);
}

export function cardId(cardKey: Uint8Array): Uint8Array {
  return hash(label("ID"), cardKey).slice(0, SIZES.ID);
}

/** A card that the user named: its whole id, or the text on its label (or the id in hex). */
export type ExpectedId = Uint8Array | string;

/** Throws a Failure when the text is neither a label nor 16 bytes of hex. */
export function matchesId(expected: ExpectedId, id: Uint8Array): boolean {
  if (typeof expected !== "string") return equal(expected, id);
  const text = expected.trim();
  if (/^[0-9a-fA-F]{32}$/.test(text)) return equal(fromHex(text), id);
  return labelMatches(parseLabel(text), id);
}

export function describeExpected(expected: ExpectedId): string {
  if (typeof expected === "string" && !/^[0-9a-fA-F]{32}$/.test(expected.trim())) return expected;
  return formatLabel(typeof expected === "string" ? fromHex(expected.trim()) : expected);
}
