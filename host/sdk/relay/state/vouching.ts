/**
 * Whether the user means a card that the run file names: the file is the relay's word, and whoever
 * can write it could put a card of his own in it. Pure. Browser-safe.
 */

import type { RunCopy } from "../run/run.js";

/** Who but the run file says that the user means this destination. */
export interface Vouchers {
  /** The card proved its id in this process, to a user who held it there. */
  readonly met: boolean;
  /** The user named it by its label or id. */
  readonly named: boolean;
  /** The user will be asked before the source hears of it. */
  readonly asked: boolean;
  /** This host knows it from an earlier meeting. */
  readonly known?: boolean;
}

/**
 * What counts of the run's entry. An OFFER that nobody vouches for does not: its card is met first.
 * With a TRANSFER or a RECEIPT the source has named the card already.
 */
export function vouchedPart(copy: RunCopy, vouchers: Vouchers): RunCopy {
  const { met, named, asked, known } = vouchers;
  if (met || named || asked || known || copy.transfer || copy.receipt) return copy;
  return copy.offer ? { id: copy.id } : copy;
}
