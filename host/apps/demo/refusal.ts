/** Has a card refuse something, and fails loudly when it does not. */

import { isCardError } from "../../sdk/card/words.js";
import { hexWord } from "../../sdk/failures/text.js";
import { STATUS_WORDS } from "../../sdk/wire/generated.js";
import type { StatusWordName } from "../../sdk/wire/generated.js";
import type { DemoCard } from "./cards.js";
import type { Stage } from "./stage.js";

/** The status word, as four hex digits. */
export async function expectRefusal(
  stage: Stage,
  { letter }: Pick<DemoCard, "letter">,
  expected: StatusWordName,
  ask: () => Promise<unknown>,
): Promise<string> {
  try {
    await ask();
  } catch (error) {
    if (!isCardError(error, expected)) throw error;
    stage.refused(letter, hexWord(error.sw), STATUS_WORDS[expected].says);
    return hexWord(error.sw);
  }
  throw new Error(`card ${letter} took what it must refuse (${expected})`);
}
