/**
 * Places in the source's set: which cards have one, and whether there is one for a newcomer.
 * Browser-safe.
 */

import { slotOf } from "../../card/ledger.js";
import type { Ledger, LedgerSlot } from "../../card/ledger.js";
import type { Context } from "./context.js";
import { BackupError } from "../errors.js";

const isUsed = (slot: LedgerSlot) => slot.state !== "OPEN";
const isHeld = (slot: LedgerSlot) => isUsed(slot) && slot.state !== "CLOSED";

function openPlaces(setSize: number, { slots, state }: Ledger): number {
  return state === "SHARED" ? 0 : setSize - 1 - slots.filter(isUsed).length;
}

/** Early and clear, before any destination is touched. */
export function placesLeft(context: Context, ledger: Ledger): void {
  const { options, relay, copies } = context;
  const open = openPlaces(options.setSize, ledger);
  const newcomers = copies.filter(({ slot }) => slot === "NONE");
  const unmet = copies.filter((_, index) => !relay.run.copies[index]);
  // A card that was not met yet may be one that has its slot from an earlier run.
  const others = ledger.slots.filter((slot) => isHeld(slot) && !context.roleOf(slot.id));
  if (newcomers.length <= open && unmet.length <= open - newcomers.length + others.length) return;
  throw noPlace(ledger);
}

/** A card that was just met: it has its slot already, or there is one for it. */
export function mayJoin({ options, sourceLedger }: Context, id: Uint8Array): void {
  if (!sourceLedger || slotOf(sourceLedger, id)) return;
  if (openPlaces(options.setSize, sourceLedger) === 0) throw noPlace(sourceLedger);
}

const noPlace = ({ state }: Ledger) =>
  new BackupError(state === "SHARED" ? "backup/closed" : "backup/full", {});
