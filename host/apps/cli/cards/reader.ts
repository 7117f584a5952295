/**
 * `kincard virtual --reader`: the board as a card in the system's PC/SC service (docs/pcsc.md).
 */

import type { Board } from "../../../emulator/board/board.js";
import { READER_DEFAULT, ReaderSlot } from "../../../emulator/pcsc/reader.js";

export interface InReader {
  /** HOST:PORT of the reader's slot. */
  readonly place: string;
  close(): Promise<void>;
}

/** What follows --reader, or that nothing does. */
export type ReaderOption = string | true;

export async function putInReader(board: Board, option: ReaderOption): Promise<InReader> {
  const place = option === true ? READER_DEFAULT : option;
  const tell = (text: string) => console.error(`The board is ${text}.`);
  const slot = await ReaderSlot.open(board, place, { tell });
  return { place, close: () => slot.close() };
}
