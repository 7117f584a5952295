/**
 * What a ceremony asks of its surroundings and tells them. Browser-safe.
 */

import type { AnyFailure } from "../failures/facts.js";
import type { Transport } from "../links/link.js";
import type { Role } from "./visits/role.js";

export type { CardRef, Role } from "./visits/role.js";

/** A card is needed on a link. */
export interface PresentRequest {
  readonly role: Role;
  /** The card's id where it is known already. */
  readonly id?: Uint8Array;
  /** What the card will be asked to do, for a person. */
  readonly purpose: string;
  /**
   * 1, and more after a lost link or a wrong card; `problem` is which (`isLost` tells them apart).
   */
  readonly attempt: number;
  readonly problem?: AnyFailure;
  /** Links that turned out to lead to another card, for this request. */
  readonly wrong: readonly Transport[];
  /** The ceremony can end without it (the source's last tap, which brings it the receipts). */
  readonly optional: boolean;
  /** The card that was asked for before must stay in reach: both are needed at the same time. */
  readonly together?: true;
}

/**
 * Hands over the link to a card: at once when all are connected, or when the user holds it to the
 * reader. Undefined = not now: only for an optional request. It may throw to stop the ceremony.
 */
export type Present = (request: PresentRequest) => Promise<Transport | undefined>;

export type StepName =
  | "read"
  | "name-source"
  | "offer"
  | "name-destinations"
  | "consent"
  | "seal"
  | "resend"
  | "accept"
  | "check"
  | "confirm";

/** `text` is a sentence for a person; `done`/`total` count milestones over the whole ceremony. */
export type BackupEvent =
  | {
      readonly type: "present";
      readonly role: Role;
      readonly text: string;
      readonly attempt: number;
    }
  | {
      readonly type: "step";
      readonly role: Role;
      readonly step: StepName;
      readonly text: string;
      /** How long the card should be held still, about. */
      readonly holdMs: number;
      readonly done: number;
      readonly total: number;
    }
  | {
      readonly type: "done";
      readonly role: Role;
      readonly step: StepName;
      readonly text: string;
      readonly ms: number;
      readonly done: number;
      readonly total: number;
    }
  /** It is there, and is asked in what state it is. */
  | { readonly type: "greet"; readonly role: Role }
  | { readonly type: "stretch"; readonly progress: number }
  /**
   * The card's button is to be released, then held for `hold` s more; `left` s until it is too
   * late. With `consent`, only if this card and that one blink the same.
   */
  | {
      readonly type: "gesture";
      readonly role: Role;
      readonly hold: number;
      readonly left: number;
      readonly consent?: Role;
    }
  /** A card takes no run of on-card consent yet: the ceremony waits so many seconds. */
  | { readonly type: "wait"; readonly role: Role; readonly seconds: number }
  | {
      readonly type: "lost";
      readonly role: Role;
      readonly problem: AnyFailure;
      readonly attempt: number;
    };

/** About how long a board works on each step, a human's view: boards of the Puck.js kind. */
export const HOLD_MS: Readonly<Record<StepName, number>> = {
  read: 600,
  "name-source": 700,
  offer: 300,
  "name-destinations": 600,
  consent: 600,
  seal: 900,
  resend: 300,
  accept: 900,
  check: 800,
  confirm: 300,
};

/** What the step does, after the card's name. */
export const STEP_TEXT: Readonly<Record<StepName, [doing: string, done: string]>> = {
  read: ["shows its wallet and its ledger", "showed its wallet"],
  "name-source": ["is told whose key it may take", "knows its source"],
  offer: ["makes its offer: a fresh link key, signed", "made its offer"],
  "name-destinations": ["is told which cards may get its key", "knows its destinations"],
  consent: ["agrees with the other board on what both blink", "and the other board blink"],
  seal: ["checks the other card and seals the key for it alone", "sealed the key"],
  resend: ["gives once more what it sealed", "gave once more what it sealed"],
  accept: ["checks the source and takes the key", "took the key"],
  check: ["takes your access code and shows the same wallet", "is a checked copy"],
  confirm: ["takes the receipt and forgets what it sealed", "knows that the copy arrived"],
};
