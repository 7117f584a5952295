/** What the questions of docs/protocol.md 13 share. */
import assert from "node:assert/strict";
import { LAYOUTS, type StatusWordName } from "../../../host/sdk/wire/generated.js";
import { channelHeader } from "../../vectors/channel.js";
import type { Answer } from "../../vectors/live.js";
import { crc32 } from "../../vectors/messages.js";
import { fromHex } from "../../vectors/suite.js";
import { certified, must, type TestCard, wallet } from "../../support/world.js";
import { bankOf, recordAt } from "../../support/record.js";
import { statusWord } from "../../support/words.js";

const { Rec } = LAYOUTS;

/** The question by its number. */
export type Answers = Readonly<Record<string, () => void | Promise<void>>>;

export const PROVE = channelHeader(0x44);
export const challenge = new Uint8Array(32).fill(7);
/** An APDU in hex, as it stands. */
export const raw = (card: TestCard, apdu: string) =>
  card.live.raw(fromHex(apdu.replaceAll(" ", "")));

export function says(answer: Answer, word: StatusWordName, what?: string): void {
  assert.equal(statusWord(answer.sw), word, what);
}

/** A source that sealed to one destination, in the channel with the code. */
export function sharing(name: string, n: number) {
  const [S, D] = [wallet(`${name} S`), certified(`${name} D`)];
  S.nameDestinations(n, D);
  const transfer = must("SEAL", S.plain("SEAL", D.offerTo(S)));
  return { S, D, transfer };
}

/** The card with other bytes in its record, as a long life would have left it. */
export function recordWith(
  card: TestCard,
  change: Partial<Record<"DROPS" | "MISSES", number>>,
): void {
  const snapshot = card.snapshot();
  const cells = snapshot.flash.cells.slice();
  const bank = bankOf(cells);
  for (const [part, value] of Object.entries(change)) cells[bank + Rec[part as "DROPS"]] = value;
  const sum = crc32(recordAt(cells, bank).slice(Rec.SEQ, Rec.COMMIT));
  cells.set(sum.reverse(), bank + Rec.CRC);
  card.restore({ ...snapshot, flash: { ...snapshot.flash, cells } });
}
/** A card that is only named. */
let named: TestCard | undefined;
export const peer = () => (named ??= wallet("answers: a source"));
