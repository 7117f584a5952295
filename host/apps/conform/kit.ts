/**
 * The conformance kit (docs/conformance.md) as `kincard conform` runs it: cards by their link URIs,
 * the checks, one after the other, and the report.
 */
import { pause } from "../../sdk/links/time/waits.js";
import { empty } from "./admit.js";
import { Card } from "./card.js";
import { Skip } from "./check.js";
import { leversAt } from "./control.js";
import { placeAt } from "./rack.js";
import { Stage } from "./vectors/stage.js";

export { empty, lookAt, saidBy } from "./admit.js";
export { perform } from "./check.js";
export { placeAt } from "./rack.js";
export { count, grouped, report, USED } from "./report.js";
export { fullTitle, plan, planKit, planned } from "./suite.js";

export interface KitOptions {
  /** Where power, button and time of each card are controlled. */
  readonly control?: readonly string[];
  /** Time passes by waiting, where it can't be moved. */
  readonly slow?: boolean;
  /** Kmaker of cards that are no DEMO cards. */
  readonly maker?: Uint8Array;
  readonly signal?: AbortSignal;
}

/** Throws LinkError when a board's control does not answer. */
export async function cardsAt(uris: readonly string[], options: KitOptions): Promise<Card[]> {
  const cards: Card[] = [];
  for (const [index, uri] of uris.entries()) {
    const control = options.control?.[index];
    const given = control === undefined ? {} : await leversAt(control);
    const waits = { time: (seconds: number) => pause(seconds * 1000, options.signal) };
    const levers = options.slow ? { ...waits, ...given } : given;
    cards.push(new Card(placeAt(uri, levers, options.maker, options.signal), index + 1));
  }
  return cards;
}

/** By a code that the kit knows, or the button; throws when the card does not let go. */
export async function emptied(card: Card, seed: string): Promise<void> {
  try {
    const stage = await Stage.set(card.place, { state: "EMPTY", session: "none" }, seed);
    await stage.close();
  } catch (error) {
    if (!(error instanceof Skip)) throw error;
    await pause(20);
    await empty(card);
  }
}
