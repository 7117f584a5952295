/**
 * What a check is, and how the checks of a rack are run one by one: each with an end to its wait,
 * each with links of its own.
 */
import { isCardError } from "../../sdk/card/words.js";
import type { StatusWordName } from "../../sdk/wire/generated.js";
import { now } from "../../sdk/links/clock.js";
import { within } from "../../sdk/links/time/waits.js";
import { Card } from "./card.js";
import type { Levers, Rack } from "./rack.js";

export interface Check {
  /** What it is about, and what the card is at its start: checks of a group stand together. */
  readonly group: string;
  readonly given?: string;
  readonly title: string;
  /** Which cards of the rack take part, in the order of their roles. */
  readonly cards: readonly number[];
  readonly roles: readonly string[];
  /** Why it can't be run on this rack. */
  readonly skip?: string;
  /** It leaves its card empty: no other check of that card comes after it. */
  readonly last?: true;
  /** Its cards keep their links, and what was prepared on them, for the next check of this key. */
  readonly keeps?: string;
  /** Where the same input is in test/vectors. */
  readonly vector?: {
    readonly file: string;
    readonly tcId: number;
    readonly flags: readonly string[];
  };
  readonly run: (...cards: Card[]) => Promise<void>;
}

/** Thrown inside a check that finds that it does not apply. */
export class Skip extends Error {
  override readonly name = "Skip";
}

export type Outcome = "passed" | "failed" | "skipped";
export interface Result {
  readonly check: Check;
  readonly outcome: Outcome;
  /** Why it failed or was skipped. */
  readonly why: string;
  readonly ms: number;
}

const NEEDS: Record<keyof Levers, string> = {
  power: "needs a power switch",
  button: "needs a person at the button",
  time: "needs a clock that can be moved",
};

/** Why cards with these levers can't run a check that needs some. */
export function lacks(levers: Levers, ...needed: (keyof Levers)[]): string | undefined {
  return needed.filter((lever) => !levers[lever]).map((lever) => NEEDS[lever])[0];
}

/** No command takes so long, and no check has more than some dozens of them. */
const LIMIT_MS = 180_000;

/** Runs one check; links that no other goes on with are closed whatever comes of it. */
export async function perform(
  check: Check,
  cards: readonly Card[],
  signal?: AbortSignal,
): Promise<Result> {
  const start = now();
  const result = (outcome: Outcome, why = ""): Result => {
    return { check, outcome, why, ms: Math.round(now() - start) };
  };
  if (check.skip !== undefined) return result("skipped", check.skip);
  const own = check.cards.map((index) => cards[index] as Card);
  let passed = false;
  try {
    for (const card of own) if (card.kept?.key !== check.keeps) await card.letGo();
    const late = () => new Error(`no end within ${LIMIT_MS / 1000} s`);
    const stopped = () => new Error("interrupted");
    await within(check.run(...own), { ms: LIMIT_MS, late, signal, stopped });
    passed = true;
    return result("passed");
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    passed = error instanceof Skip;
    return result(passed ? "skipped" : "failed", why);
  } finally {
    for (const card of own) {
      await card.place.levers.button?.(false);
      await card.hangUp().catch(() => undefined);
      // After a failure the next check begins anew: each fails for its own reason.
      if (!passed || check.keeps === undefined) await card.letGo();
    }
  }
}

export function cardsOf(rack: Rack): Card[] {
  return rack.places.map((place, index) => new Card(place, index + 1));
}

/** The action must be refused by the card with this word. */
export async function refused(word: StatusWordName, what: string, act: Promise<unknown>) {
  const error = await act.then(
    () => new Error("it was not refused"),
    (reason: unknown) => reason as Error,
  );
  if (!isCardError(error, word)) throw new Error(`${what}: ${error.message}, not ${word}`);
  return error;
}
