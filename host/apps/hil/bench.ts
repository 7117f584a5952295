/** A rack as the checks use it: a card for each column of the matrix, its commands timed. */

import { Card } from "../conform/card.js";
import { placeAt } from "../conform/rack.js";
import { capture } from "./capture.js";
import { leversOf, type Ask } from "./levers.js";
import { columnsOf, type Column } from "./matrix.js";
import type { RackBoard } from "./rack-file.js";
import { Timing } from "./timing.js";

export interface BenchCard extends Column {
  readonly card: Card;
  readonly name: string;
  readonly timing: Timing;
}
export interface BenchOptions {
  readonly ask: Ask;
  readonly signal: AbortSignal;
  /** Kmaker of boards that are no DEMO cards and name none. */
  readonly maker?: Uint8Array;
  /** A folder for what passes on each link. */
  readonly capture?: string;
}

export function benchOf(boards: readonly RackBoard[], options: BenchOptions): BenchCard[] {
  const { ask, signal, maker, capture: folder } = options;
  return columnsOf(boards).map((column, index) => {
    const board = boards[column.board]!;
    const name = nameOf(board, column);
    const timing = new Timing();
    const levers = leversOf(board, board.name ?? column.link, ask);
    const place = placeAt(column.link, levers, board.maker ?? maker, signal);
    const observers = folder === undefined ? [] : [capture(folder, index + 1)];
    const open: typeof place.open = async (opening) => {
      const all = [...(opening?.observers ?? []), ...observers];
      return timing.link(await place.open({ ...opening, observers: all }));
    };
    return { ...column, name, timing, card: new Card({ ...place, name, open }, index + 1) };
  });
}

/** Of a board, and where it has several of the link and the version. */
function nameOf(board: RackBoard, { link, version }: Column): string {
  const by = board.name !== undefined && board.links.length > 1 ? ` by ${link}` : "";
  return `${board.name ?? link}${by}${version === undefined ? "" : `, ${version}`}`;
}
