/** Whatever went wrong, as a person reads it; the words are in words/. */

import type { Status } from "../../../sdk/card/commands/index.js";
import { lookUp } from "../../../sdk/failures/facts.js";
import { Failure, failureIn } from "../../../sdk/failures/failure.js";
import { BackupError } from "../../../sdk/relay/errors.js";
import type { StateName } from "../../../sdk/wire/generated.js";
import { FlashError } from "../../flasher/failures.js";
import { STATES } from "./words/cards.js";
import { describeFailure } from "./words/failures.js";
import type { Fault } from "./words/failures.js";
import { FLASH_FAULTS } from "./words/flash.js";

export type { Fault } from "./words/failures.js";

/** The user stopped, chose nothing, or went elsewhere: not a fault. */
export class Stopped extends Error {
  override readonly name = "Stopped";
}
/** A fault that the page found by itself: the words are where it is thrown. */
export class TaskError extends Error {
  override readonly name = "TaskError";
  constructor(
    readonly what: string,
    readonly next: string,
    readonly way?: Fault["way"],
  ) {
    super(what);
  }
}

/** Stops a task early when the card can't do what is wanted. */
export function needState({ state }: Status, suited: readonly StateName[], next: string): void {
  if (suited.includes(state)) return;
  throw new TaskError(`That can't be done with this card. ${STATES[state][1]}`, next);
}
/** States of a card that holds a key. */
export const WITH_KEY: readonly StateName[] = ["WALLET", "SHARING", "SHARED", "COPY"];

export function faultOf(error: unknown): Fault {
  if (error instanceof TaskError) return error;
  if (error instanceof FlashError) return lookUp(FLASH_FAULTS, error);
  if (!(error instanceof BackupError)) return describeFailure(failureIn(error));
  // What a ceremony did not expect has words of its own, if it came from here.
  const own = error.code === "unexpected" && error.cause !== undefined;
  return own ? faultOf(error.cause) : describeFailure(error, error.card);
}

/** The code of a failure; undefined for what is none of the library's. */
export const codeOf = (error: unknown) => (error instanceof Failure ? error.code : undefined);
