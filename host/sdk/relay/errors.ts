/**
 * A ceremony that can't go on: a failure's code and facts as everywhere, and beside them which card
 * it was about and in what state the cards are. Browser-safe.
 */

import type { AnyFailure, FailureCode, FailureFacts } from "../failures/facts.js";
import { Failure, failureIn } from "../failures/failure.js";
import { cardName } from "../failures/text.js";
import type { StateName } from "../wire/generated.js";
import type { CardRef } from "./visits/role.js";

/** A card as the ceremony left it. */
export interface CardState {
  /** Its role, or the name of its link where no card has a role yet. */
  readonly card: CardRef | string;
  readonly state: StateName;
  /** A copy that took the code and showed the source's wallet. */
  readonly checked?: boolean;
}
export interface BackupDetails {
  /** The card that it was about, if it was about one. */
  readonly card?: CardRef;
  readonly cards?: readonly CardState[];
  readonly cause?: unknown;
}

export class BackupError<Code extends FailureCode = FailureCode> extends Failure<Code> {
  override readonly name = "BackupError";
  readonly card: CardRef | undefined;
  readonly cards: readonly CardState[];

  constructor(code: Code, facts: FailureFacts[Code], details: BackupDetails = {}) {
    super(code, facts, { cause: details.cause });
    this.card = details.card;
    this.cards = details.cards ?? [];
    if (this.card) this.message = `${cardName(this.card)}: ${this.message}`;
  }
}

/**
 * Whatever a step threw, as a BackupError that carries the same code and facts; one that is one
 * already stays, with the cards' states if it had none.
 */
export function stopped(error: unknown, details: Omit<BackupDetails, "cause">): BackupError {
  if (!(error instanceof BackupError)) {
    const { code, facts }: AnyFailure = failureIn(error);
    return new BackupError(code, facts, { ...details, cause: error });
  }
  if (error.cards.length) return error;
  const { card, cause } = error;
  return new BackupError(error.code, error.facts, { card, cause, cards: details.cards });
}
