/**
 * Which link the card listens to. A board has several (serial, USB, Bluetooth, NFC), the card one
 * channel: while it is open, the other links are not heard. Otherwise whoever speaks has the card.
 */
import { forgetParts } from "../card/dispatch.js";
import { endSession, level } from "../card/session.js";

/** What a link is known by: its port object, or this number for the field of a reader. */
export type Link = object | number;
export const enum Field {
  LINK = 1,
}

/** What `claim` says. */
export const enum Claim {
  REFUSED = 0,
  SAME = 1,
  /** The card has just changed hands: what the last link left is to be forgotten. */
  CHANGED = 2,
}

export let owner: Link = 0;
/** Who had the card last: a field that comes back fetches the rest of its answer. */
let last: Link = 0;

export function claim(link: Link): Claim {
  if (link === owner) return Claim.SAME;
  if (level) return Claim.REFUSED;
  owner = link;
  if (link !== last) forgetParts();
  last = link;
  return Claim.CHANGED;
}

/** The link is gone (disconnected, out of the field), and its channel with it. */
export function release(link: Link): void {
  if (link !== owner) return;
  endSession();
  owner = 0;
  // Who connects next is another host; a field comes back.
  if (link !== Field.LINK) last = 0;
}
