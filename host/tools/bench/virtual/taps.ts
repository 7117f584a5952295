/**
 * `npm run bench:taps [-- --json]`: how long a reader takes for a three-card backup, the cards held
 * to it in turn. A model: virtual boards, the simulated reader's frames (host/emulator/air/reader.ts)
 * at what they cost the card, 2 ms of the reader's own for each exchange, and for each command the
 * time that the card itself says. Hands are not in it, nor selection.
 */

import { Reader, tagOn } from "../../../emulator/air/reader.js";
import { FAMILIES, type Family } from "../../../emulator/air/tag.js";
import type { Transport } from "../../../sdk/links/link.js";
import { MailboxTransport } from "../../../sdk/links/nfc/mailbox.js";
import { backup } from "../../../sdk/relay/ceremony.js";
import type { Present } from "../../../sdk/relay/events.js";
import { TAG } from "../../../sdk/wire/generated.js";
import { cardsToCopy, sameBytes } from "./cards.js";
import { frameCosts } from "./costs.js";
import { MOST, WANTED, type Figures } from "../figures.js";

const OVERHEAD_MS = 2;

// A page that happens to be zeros is not written.
sameBytes("taps");

interface Taps {
  readonly family: Family;
  readonly taps: number;
  readonly exchanges: number;
  readonly frames: number;
  /** Pages written. */
  readonly pages: number;
  readonly seconds: number;
}

async function measured(family: Family): Promise<Taps> {
  const { cards, key, code } = await cardsToCopy(["source", "first", "second"]);
  const costs = frameCosts();
  const readers: Reader[] = [];
  let [exchanges, pages] = [0, 0];
  const onFrame = (_: number, frame: Uint8Array) => {
    if (frame[0] === TAG.WRITE) pages += (frame.length - 2) / 4;
  };
  for (const { transport, board } of cards) {
    await transport.close();
    board.powerOff();
    board.powerOn();
    board.advance(1);
  }
  let held: { link: Transport; reader: Reader } | undefined;
  const present: Present = async ({ role }) => {
    await held?.link.close();
    held?.reader.field(false);
    const { board, name } = cards[role.kind === "source" ? 0 : role.index + 1]!;
    const reader = new Reader(board, { costs, overheadMs: OVERHEAD_MS, onFrame });
    readers.push(reader);
    reader.field(true);
    const observers = [{ apdu: () => void exchanges++ }];
    const options = { name, observers, clock: reader.clock };
    held = { reader, link: await MailboxTransport.connect(tagOn(reader, family), options) };
    return held.link;
  };
  await backup({ ...key, code, setSize: cards.length, present });
  for (const { board } of cards) board.powerOff();
  const silences = readers.reduce((sum, one) => sum + one.silences, 0);
  if (silences) throw new Error(`${family}: ${silences} frames got no answer`);
  return {
    ...{ family, taps: readers.length, exchanges, pages },
    frames: readers.reduce((sum, { frames }) => sum + frames, 0),
    seconds: readers.reduce((sum, { clock }) => sum + clock.now(), 0) / 1000,
  };
}

const rows: Taps[] = [];
for (const family of FAMILIES) rows.push(await measured(family));
if (process.argv.includes("--json")) console.log(JSON.stringify(rows));
else {
  console.log(`three-card backup by taps, ${OVERHEAD_MS} ms of the reader's own a frame (a model)`);
  console.log("reader      taps  exchanges  frames  pages written  seconds  at most  wanted");
  for (const { family, taps, exchanges, frames, pages, seconds } of rows) {
    const cells = [String(taps).padStart(6), String(exchanges).padStart(10)];
    cells.push(String(frames).padStart(7), String(pages).padStart(14));
    const mark = (of: Figures) => String(of[`taps.${family}.seconds`] ?? "").padStart(8);
    cells.push(seconds.toFixed(2).padStart(8), mark(MOST), mark(WANTED));
    console.log(family.padEnd(10) + cells.join(" "));
  }
}
