/**
 * What a check is, and how the checks of a rack are run one by one: each with an end to its wait,
 * each with links of its own.
 */
import { isCardError } from "../../host/sdk/card/words.js";
import type { StatusWordName } from "../../host/sdk/wire/generated.js";
import { Card } from "./card.js";
import type { Levers, Rack } from "./rack.js";

export interface Check {
  readonly title: string;
  /** Which cards of the rack take part, in the order of their roles. */
  readonly cards: readonly number[];
  readonly roles: readonly string[];
  /** Why it can't be run on this rack. */
  readonly skip?: string;
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

/** Runs one check; its links are closed whatever comes of it. */
export async function perform(check: Check, cards: readonly Card[]): Promise<Result> {
  const start = Date.now();
  const result = (outcome: Outcome, why = ""): Result => {
    return { check, outcome, why, ms: Date.now() - start };
  };
  if (check.skip !== undefined) return result("skipped", check.skip);
  const own = check.cards.map((index) => cards[index] as Card);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const text = `no end within ${LIMIT_MS / 1000} s`;
    timer = setTimeout(() => reject(new Error(text)), LIMIT_MS);
  });
  try {
    await Promise.race([check.run(...own), late]);
    return result("passed");
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return result(error instanceof Skip ? "skipped" : "failed", why);
  } finally {
    clearTimeout(timer);
    for (const card of own) {
      card.place.levers.button?.(false);
      await card.hangUp().catch(() => undefined);
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
