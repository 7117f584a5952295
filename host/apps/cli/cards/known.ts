/**
 * The book of known cards for the command line: what the user named with --expect (labels, ids, own
 * names), and the questions for what is not known. A label is typed and compared; a yes to what a
 * card says of itself would be no comparison.
 */

import { cardNamed } from "../../../sdk/book/book.js";
import { BookGuard } from "../../../sdk/book/guard.js";
import { bookFile } from "../../../sdk/book/book-file.js";
import { formatLabel, parseLabel } from "../../../sdk/card/label.js";
import { isLabelOrId } from "../../../sdk/book/book.js";
import { toHex } from "../../../sdk/crypto/bytes.js";
import { DEMO_MAKER } from "../../../sdk/maker/demo.js";
import { askLine, askYes } from "../asking/ask.js";
import type { CliContext } from "../context.js";
import { resumable } from "../failure.js";
import type { CardOptions } from "../options.js";
import { canAsk } from "../asking/secrets.js";

/** Labels and ids as they stand, names of known cards as their ids. Throws for what is neither. */
export async function expectedCards({ expect }: CardOptions): Promise<string[] | undefined> {
  if (!expect) return undefined;
  if (expect.every(isLabelOrId)) return [...expect];
  const book = await bookFile().load();
  return expect.map((text) => {
    if (isLabelOrId(text)) return text;
    const known = cardNamed(book, text);
    if (known) return toHex(known.id);
    // A label with a typing mistake in it says so itself.
    parseLabel(text);
    return text;
  });
}

/** `named`: cards that the user named in another way than by --expect. */
export async function guardFor(
  context: CliContext,
  options: CardOptions & { readonly yes?: boolean },
  named: readonly Uint8Array[] = [],
): Promise<BookGuard> {
  const { out } = context;
  const asks = canAsk() && options.yes !== true;
  return new BookGuard({
    store: bookFile(),
    named: [...((await expectedCards(options)) ?? []), ...named],
    unlabelled: options.checkLabels ? undefined : DEMO_MAKER,
    cost: options.acceptCost,
    newCode: options.acceptNewCode,
    ...(asks
      ? {
          askLabel: () =>
            askForLabel(
              context,
              "This computer does not know the card yet. What does its label say?",
            ),
          askCost: (cost) =>
            askYes(`The card wants its code stretched with cost ${cost}: that takes long. Do it?`, {
              signal: context.signal,
            }),
          askNewCode: ({ id }) => {
            out.warn(
              `the card ${formatLabel(id)} asks for its code in another way than when it became known.`,
            );
            const question = "If you changed its code or made it anew elsewhere, type its label";
            return askForLabel(context, question);
          },
        }
      : {}),
    onUnwritten: (error) => out.warn(`${(error as Error).message}.`),
  });
}

/** What the user reads on the card; a typing mistake is asked again. */
async function askForLabel({ signal }: CliContext, message: string): Promise<string> {
  const check = (typed: string) => {
    try {
      parseLabel(typed);
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  };
  const answer = await askLine(`${message}\n(like XXXX-XXXX-XXXX-XXXX-XXXX): `, { signal, check });
  if (answer === undefined) throw resumable("You named no card.", "Nothing was sent to it.");
  return answer;
}
