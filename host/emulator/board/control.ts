/**
 * What can be done to a board from outside: one line asks, one line answers.
 *
 *   on | off                              power
 *   press | release                       the button
 *   status                                a line of JSON
 *   lights                                the same: what the LEDs did lately (blinks.ts)
 *
 * and where flash and time are emulated
 *
 *   cut N [before|inside|after] [SEED]    power goes at the N-th flash operation from now
 *   cut Nus                               power goes N microseconds from now (an emulated chip)
 *   advance S                             S seconds pass
 *
 * Everything else is answered by "error: ..." and changes nothing.
 */

import { isSteerable } from "./board.js";
import type { Board, SteerableBoard } from "./board.js";
import type { Blink } from "./blinks.js";
import type { CutMode } from "../flash/nor.js";

const MODES: readonly string[] = ["before", "inside", "after"] satisfies CutMode[];
const MOST_SECONDS = 10 * 365 * 86400;

/** Does what a line asks for; the answer, without its newline. */
export async function control(
  board: Board,
  line: string,
  blinks?: readonly Blink[],
): Promise<string> {
  const [verb = "", ...args] = line.trim().split(/\s+/);
  try {
    return await act(board, verb, args, blinks);
  } catch (error) {
    return `error: ${error instanceof Error ? error.message : String(error)}`;
  }
}

async function act(
  board: Board,
  verb: string,
  args: string[],
  blinks?: readonly Blink[],
): Promise<string> {
  const most = { cut: 3, advance: 1 }[verb] ?? 0;
  if (args.length > most) throw new Error(`too many words after ${verb}`);
  switch (verb) {
    case "on":
      await board.powerOn();
      return "ok";
    case "off":
      await board.powerOff();
      return "ok";
    case "press":
      board.press();
      return "ok";
    case "release":
      board.release();
      return "ok";
    case "cut":
      return cut(steerable(board, verb), args);
    case "advance":
      return advance(steerable(board, verb), args[0]);
    case "status":
      return JSON.stringify(board.status());
    case "lights":
      if (!blinks) throw new Error("lights: nobody sees this board's");
      return JSON.stringify(blinks);
    default:
      throw new Error(
        "on, off, cut N [before|inside|after], cut Nus, press, release, advance S, status or lights",
      );
  }
}

function steerable(board: Board, verb: string): SteerableBoard {
  if (isSteerable(board)) return board;
  throw new Error(`${verb}: only a board whose flash and time are emulated`);
}

function cut(board: SteerableBoard, [count, mode = "inside", seed]: string[]): string {
  const time = /^(\d{1,9})us$/.exec(count ?? "")?.[1];
  if (time !== undefined) {
    if (!board.cutAfterMicroseconds) throw new Error("cut: only a chip's time is that fine");
    board.cutAfterMicroseconds(Number(time));
    return "ok";
  }
  if (!/^[1-9]\d{0,8}$/.test(count ?? "")) throw new Error("cut: at which flash operation?");
  if (!MODES.includes(mode)) throw new Error("cut: before, inside or after?");
  board.cut(Number(count), mode as CutMode, seed === undefined ? {} : { seed });
  return "ok";
}

function advance(board: SteerableBoard, seconds: string | undefined): string {
  if (!/^\d+(\.\d+)?$/.test(seconds ?? "") || Number(seconds) > MOST_SECONDS) {
    throw new Error("advance: how many seconds?");
  }
  board.advance(Number(seconds));
  return "ok";
}
