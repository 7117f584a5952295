/**
 * Cards that are to be tested, before the tests: each is looked at before the first is touched, and
 * what one of them holds goes only when the user says so. `kincard hil` and `kincard conform`.
 */

import type { Look } from "../../conform/admit.js";
import type { Card } from "../../conform/card.js";
import { askLine } from "../asking/ask.js";
import type { CliContext } from "../context.js";
import { CliError, EXIT, resumable } from "../failure.js";
import { canAsk } from "../asking/secrets.js";

export interface Admission {
  readonly lookAt: (card: Card) => Promise<Look>;
  readonly empty: (card: Card) => Promise<void>;
  /** --destroy: nobody is asked. */
  readonly destroy?: boolean;
}
const UNTOUCHED = "No card was touched.";

/** What each is, in their order. Throws, with nothing touched, unless all may be used. */
export async function admit(
  context: CliContext,
  cards: readonly Card[],
  { lookAt, empty, destroy = false }: Admission,
): Promise<Look[]> {
  const { out } = context;
  const looks: Look[] = [];
  for (const card of cards) {
    const look = await lookAt(card);
    looks.push(look);
    out.say(`  card ${card.number}, ${card.place.name}: ${look.says}`);
    if (look.refusal !== undefined) out.say(`    it can't be tested: ${look.refusal}`);
  }
  if (looks.some(({ refusal }) => refusal !== undefined)) {
    const said = looks.flatMap(({ refusal }, index) =>
      refusal === undefined ? [] : [`${cards[index]?.place.name}: ${refusal}`],
    );
    throw new CliError(EXIT.REFUSED, said.join("; "), UNTOUCHED);
  }
  const holding = cards.filter((_, index) => looks[index]?.holds);
  if (holding.length && !destroy) await confirmed(holding, context);
  for (const card of holding) await out.step(`${card.place.name} is emptied`, () => empty(card));
  return looks;
}

async function confirmed(holding: readonly Card[], { signal }: CliContext): Promise<void> {
  const names = holding.map(({ place }) => place.name).join(" and ");
  if (!canAsk()) {
    const what = `${names}: what it holds would be lost`;
    throw new CliError(EXIT.REFUSED, what, `Say --destroy if it may be. ${UNTOUCHED}`);
  }
  const question = `This destroys what ${names} holds. Type destroy to go on: `;
  if ((await askLine(question, { signal }))?.trim() === "destroy") return;
  throw resumable("You did not confirm it: the card keeps what it holds.", "Nothing was changed.");
}
