/**
 * The matrix of a rack: each board in each of its versions by each of its links is a column. All
 * checks are planned over all columns; a phase is a time in which each board has one version, and a
 * check is run in the first phase that has all of its columns. From phase to phase as few boards as
 * possible are flashed.
 */

import type { Check } from "../conform/check.js";
import type { RackBoard } from "./rack-file.js";

export interface Column {
  /** Index of the board. */
  readonly board: number;
  readonly link: string;
  /** Undefined: what is on it. */
  readonly version: string | undefined;
}
export interface Phase {
  /** Of each board. */
  readonly versions: readonly (string | undefined)[];
  /** Indices of checks, in their order. */
  readonly checks: readonly number[];
}

/** By board, then by version, then by link. */
export function columnsOf(boards: readonly RackBoard[]): Column[] {
  return boards.flatMap((board, index) =>
    versionsOf(board).flatMap((version) =>
      board.links.map((link): Column => ({ board: index, link, version })),
    ),
  );
}
const versionsOf = ({ firmware }: RackBoard): (string | undefined)[] =>
  firmware ? [...firmware.keys()] : [undefined];

/**
 * Every choice of one of each, by neighbours: two that follow each other differ in one place (a
 * reflected Gray code of mixed radix).
 */
export function choices<T>(of: readonly (readonly T[])[]): T[][] {
  const [first, ...rest] = of;
  if (!first) return [[]];
  const others = choices(rest);
  return first.flatMap((one, at) =>
    (at % 2 ? others.toReversed() : others).map((other) => [one, ...other]),
  );
}

/** Those in which something is to be checked. Checks of no card at all belong to the first. */
export function phasesOf(
  boards: readonly RackBoard[],
  columns: readonly Column[],
  checks: readonly Check[],
): Phase[] {
  const all = choices(boards.map(versionsOf));
  const has = (versions: readonly (string | undefined)[], { cards }: Check) =>
    cards.every((card) => versions[columns[card]!.board] === columns[card]!.version);
  const first = checks.map((check) => all.findIndex((versions) => has(versions, check)));
  // What leaves a card empty is run when nothing else of that column is left.
  const lastOf = (card: number) =>
    Math.max(...first.filter((_, at) => checks[at]!.cards.includes(card)));
  const phase = checks.map(({ last, cards }, at) => (last ? lastOf(cards[0]!) : first[at]!));
  return all
    .map((versions, index) => ({
      versions,
      checks: [...checks.keys()].filter((at) => phase[at] === index),
    }))
    .filter((one) => one.checks.length > 0);
}
