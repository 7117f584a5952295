/**
 * What can be done to a virtual board from outside: one line asks, one line answers.
 *
 *   on | off                              power
 *   cut N [before|inside|after] [SEED]    power goes at the N-th flash operation from now
 *   press | release                       the button
 *   advance S                             S seconds pass
 *   status                                a line of JSON
 *
 * Everything else is answered by "error: ..." and changes nothing.
 */

import type { VirtualBoard } from "./virtual.js";
import type { CutMode } from "../flash/nor.js";

const MODES: readonly string[] = ["before", "inside", "after"] satisfies CutMode[];
const MOST_SECONDS = 10 * 365 * 86400;

export interface BoardStatus {
  readonly power: "on" | "off";
  /** Seconds since power-on. */
  readonly time: number;
  /** Flash operations since the emulation started. */
  readonly operations: number;
  readonly button: boolean;
  /** What ended the last run before its time, if anything did. */
  readonly lastEnd: string | null;
  /** The newest error of the bundle. */
  readonly failure: string | null;
  readonly bundle: string;
  readonly kernel: string | null;
}

export function boardStatus(board: VirtualBoard): BoardStatus {
  return {
    power: board.on ? "on" : "off",
    time: board.time,
    operations: board.flash.operations,
    button: board.hasButton,
    lastEnd: board.lastEnd?.message ?? null,
    failure: board.failures.at(-1)?.message ?? null,
    bundle: board.bundleSha256,
    kernel: board.kernelSha256 ?? null,
  };
}

/** Does what a line asks for; the answer, without its newline. */
export function control(board: VirtualBoard, line: string): string {
  const [verb = "", ...args] = line.trim().split(/\s+/);
  try {
    return act(board, verb, args);
  } catch (error) {
    return `error: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function act(board: VirtualBoard, verb: string, args: string[]): string {
  const most = { cut: 3, advance: 1 }[verb] ?? 0;
  if (args.length > most) throw new Error(`too many words after ${verb}`);
  switch (verb) {
    case "on":
      board.powerOn();
      return "ok";
    case "off":
      board.powerOff();
      return "ok";
    case "press":
      board.press();
      return "ok";
    case "release":
      board.release();
      return "ok";
    case "cut":
      return cut(board, args);
    case "advance":
      return advance(board, args[0]);
    case "status":
      return JSON.stringify(boardStatus(board));
    default:
      throw new Error("on, off, cut N [before|inside|after], press, release, advance S or status");
  }
}

function cut(board: VirtualBoard, [count, mode = "inside", seed]: string[]): string {
  if (!/^[1-9]\d{0,8}$/.test(count ?? "")) throw new Error("cut: at which flash operation?");
  if (!MODES.includes(mode)) throw new Error("cut: before, inside or after?");
  board.cut(Number(count), mode as CutMode, seed === undefined ? {} : { seed });
  return "ok";
}

function advance(board: VirtualBoard, seconds: string | undefined): string {
  if (!/^\d+(\.\d+)?$/.test(seconds ?? "") || Number(seconds) > MOST_SECONDS) {
    throw new Error("advance: how many seconds?");
  }
  board.advance(Number(seconds));
  return "ok";
}
