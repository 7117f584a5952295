/**
 * The demo's cards: virtual boards in this process, each on its own link, every byte recorded.
 */

import { VirtualBoard } from "../../emulator/board/virtual.js";
import { writeImage } from "../../emulator/board/fresh.js";
import { NorFlash } from "../../emulator/flash/nor.js";
import type { Certificate } from "../../sdk/card/certificate.js";
import { CardSession } from "../../sdk/card/session.js";
import { readKernel } from "../../emulator/espruino/bundle.js";
import { LineTransport } from "../../sdk/links/line/transport.js";
import { Meter, Recorder } from "../../sdk/links/meter.js";
import type { Recording } from "../../sdk/recording/index.js";

export type Letter = "A" | "B" | "C";

export interface DemoCard {
  readonly letter: Letter;
  readonly board: VirtualBoard;
  readonly session: CardSession;
  readonly meter: Meter;
  readonly recorder: Recorder;
}
/** Once its maker has signed it. */
export interface GenuineCard extends DemoCard {
  readonly certificate: Certificate;
}

/** A new board with a fresh image, powered on, its link open; recorded when that is wanted. */
export async function newCard(
  letter: Letter,
  signal: AbortSignal,
  recording?: Recording,
): Promise<DemoCard> {
  const flash = new NorFlash();
  writeImage(flash, readKernel(undefined));
  const board = new VirtualBoard({ flash });
  const [meter, recorder] = [new Meter(), new Recorder()];
  const duplex = board.duplex();
  // A bundle that fails ends its link: the error then surfaces where it was being used.
  board.onFailure(() => void duplex.close());
  board.powerOn();
  const name = `card ${letter}`;
  const observers = [meter, recorder];
  const transport = await LineTransport.connect(duplex, { name, observers, signal });
  signal.addEventListener("abort", () => void transport.close());
  const session = new CardSession(recording?.link(transport) ?? transport);
  return { letter, board, session, meter, recorder };
}
