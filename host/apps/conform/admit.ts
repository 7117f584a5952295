/**
 * Which cards the suite may touch: those without a wallet or, when the user says so, others too.
 * There the card itself decides: it is reset while its button is held, or when its wallet is one
 * that an earlier run of this suite left behind.
 */
import type { Status } from "../../sdk/card/commands/index.js";
import { isCardError } from "../../sdk/card/words.js";
import { Card, Held } from "./card.js";

export interface Look {
  /** What was found, for people. */
  readonly says: string;
  /** It holds a wallet or an offer. */
  readonly holds: boolean;
  readonly demo?: boolean;
  readonly firmware?: string;
  /** Why it can't be tested, whatever the user says. */
  readonly refusal?: string;
}

/** What a card is, in a line. */
export const saidBy = ({ state, demo, firmware }: Status): string =>
  `${state}${demo ? ", DEMO" : ""}, firmware ${firmware}`;

/** Asks a card what it is; changes nothing on it. */
export async function lookAt(card: Card): Promise<Look> {
  try {
    const status = await card.status();
    const { state, noVault, demo, firmware } = status;
    const holds = state !== "BLANK" && state !== "EMPTY";
    const says = saidBy(status);
    const found = { says, holds, demo, firmware };
    if (noVault) return { ...found, refusal: "it has no vault file: flash the image again" };
    if (state === "BLANK" && !demo) {
      const refusal = "it is blank and no DEMO card: personalise it with its maker first";
      return { ...found, refusal };
    }
    // Fails for a card whose maker nobody named.
    await card.maker();
    return found;
  } catch (error) {
    const refusal = error instanceof Error ? error.message : String(error);
    return { says: "no card that can be tested", holds: false, refusal };
  } finally {
    await card.hangUp().catch(() => undefined);
  }
}

/** By the button, if somebody holds it; else by the suite's own code. */
export async function empty(card: Card): Promise<void> {
  try {
    // By another of its links, perhaps.
    if ((await card.status()).state === "EMPTY") return;
    await (await card.meet()).reset();
  } catch (error) {
    if (!isCardError(error, "CODE", "PRESENCE", "WAIT")) throw error;
    await card.toEmpty().catch((refusal: unknown) => {
      if (!(refusal instanceof Held) && !isCardError(refusal, "WRONG_CODE", "WAIT")) throw refusal;
      throw new Error(
        `${card.place.name} does not let go of what it holds (${(refusal as Error).message}). ` +
          "Hold its button while this starts, or reset it with its code: kincard reset",
        { cause: refusal },
      );
    });
  } finally {
    await card.hangUp().catch(() => undefined);
  }
}
