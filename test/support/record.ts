/**
 * What a card's record says, read from the flash of a virtual board: for tests that look behind the
 * card's answers (firmware/wire/layout/record.ts).
 */
import { PIECES } from "../../firmware/wire/layout/record.js";
import { LAYOUTS, SLOT_STATES, STATES, type StateName } from "../../host/sdk/wire/generated.js";
import type { VirtualBoard } from "../../host/emulator/board/virtual.js";
import { hex, type Bytes } from "../vectors/suite.js";

const { Bank, Rec, SlotAt, Offer } = LAYOUTS;
const stateNames = Object.keys(STATES) as StateName[];
export type SlotName = keyof typeof SLOT_STATES;
const slotNames = Object.keys(SLOT_STATES) as SlotName[];

export interface SlotRecord {
  readonly state: SlotName;
  /** Hex. */
  readonly kcard: string;
  readonly klink: string;
  readonly counter: number;
  readonly hTransfer: string;
}
export interface CardRecord {
  readonly state: StateName;
  readonly n: number;
  readonly k: number;
  readonly misses: number;
  readonly drops: number;
  /** OFFERs made in the card's life. */
  readonly counter: number;
  readonly setId: string;
  readonly hTransfer: string;
  /** Of the stored OFFER, zeros without one: Klink_D, id_S, set id. */
  readonly klink: string;
  readonly sourceId: string;
  readonly sourceSet: string;
  readonly slots: readonly [SlotRecord, SlotRecord];
  readonly wrapped: string;
  readonly kreceipts: readonly [Bytes, Bytes];
}

/**
 * Offset in the flash of the bank whose record is committed; 0: none. The other one may still lie
 * there, killed, until the card erases it.
 */
export function bankOf(cells: Uint8Array): number {
  const view = new DataView(cells.buffer, cells.byteOffset);
  const word = (at: number) => view.getUint32(at, true);
  const used = [Bank.SIZE, 2 * Bank.SIZE].filter((at) =>
    [Rec.COMMIT, Bank.AGAIN].some((place) => word(at + place) === Bank.COMMITTED),
  );
  if (used.length > 1) throw new Error("two records are committed");
  return used[0] ?? 0;
}
/** The record in the bank at `bank` as the card has it: a piece that was left erased is zeros. */
export function recordAt(cells: Uint8Array, bank: number): Bytes {
  const bytes = cells.slice(bank, bank + Rec.SIZE);
  let at = 0;
  for (const length of PIECES) {
    const piece = bytes.subarray(at, (at += length));
    if (piece.every((value) => value === 255)) piece.fill(0);
  }
  return bytes;
}

/** Undefined for a card that was never personalised. */
export function recordOf({ flash }: VirtualBoard): CardRecord | undefined {
  const bank = bankOf(flash.bytes);
  if (!bank) return undefined;
  const bytes = recordAt(flash.bytes, bank);
  const part = (at: number, size: number) => bytes.slice(at, at + size);
  const text = (at: number, size: number) => hex(part(at, size));
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const slot = (index: number): SlotRecord => {
    const at = Rec.SLOTS + index * SlotAt.SIZE;
    return {
      state: slotNames[bytes[at]!]!,
      kcard: text(at + SlotAt.KCARD, 33),
      klink: text(at + SlotAt.KLINK, 33),
      counter: view.getUint32(at + SlotAt.COUNTER),
      hTransfer: text(at + SlotAt.H_TRANSFER, 32),
    };
  };
  return {
    state: stateNames.find((name) => STATES[name].value === bytes[Rec.STATE])!,
    n: bytes[Rec.N]!,
    k: bytes[Rec.K]!,
    misses: bytes[Rec.MISSES]!,
    drops: bytes[Rec.DROPS]!,
    counter: view.getUint32(Rec.COUNTER, true),
    setId: text(Rec.SET_ID, 16),
    hTransfer: text(Rec.H_TRANSFER, 32),
    klink: text(Rec.OFFER + Offer.KLINK, 33),
    sourceId: text(Rec.OFFER + Offer.SOURCE_ID, 16),
    sourceSet: text(Rec.OFFER + Offer.SET_ID, 16),
    slots: [slot(0), slot(1)],
    wrapped: text(Rec.WRAPPED, 80),
    kreceipts: [part(Rec.KRECEIPTS, 32), part(Rec.KRECEIPTS + 32, 32)],
  };
}
