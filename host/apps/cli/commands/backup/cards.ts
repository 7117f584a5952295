/** `kincard cards`: the cards that this user's computer knows; to forget one, and to name one. */

import type { Command } from "commander";
import { cardNamed, renamed, withoutCard } from "../../../../sdk/book/book.js";
import type { KnownCard } from "../../../../sdk/book/book.js";
import { bookFile } from "../../../../sdk/book/book-file.js";
import { makerId } from "../../../../sdk/card/identity.js";
import { formatLabel } from "../../../../sdk/card/label.js";
import { equal, toHex } from "../../../../sdk/crypto/bytes.js";
import { Failure } from "../../../../sdk/failures/failure.js";
import { DEMO_MAKER } from "../../../../sdk/maker/demo.js";
import { columnsOf, padTo } from "../../../terminal/width.js";
import type { CliContext } from "../../context.js";
import { withJson } from "../../options.js";
import type { CommonOptions } from "../../options.js";
import { act } from "../../run.js";

export function addCards(program: Command): void {
  const text = "the cards that this computer knows (a first meeting asks for the label)";
  const cards = program.command("cards").description(text);
  withJson(cards).action(act(list));
  withJson(cards.command("forget").description("ask for this card's label again"))
    .argument("<card>", "its label, id or name")
    .action(act(forget));
  withJson(cards.command("rename").description("give a known card a name of your own"))
    .argument("<card>", "its label, id or name")
    .argument("<name>", "what you call it, for --expect")
    .action(act(rename));
}

async function list() {
  const book = await bookFile().load();
  return { json: { cards: book.map(cardJson) }, text: book.length ? table(book) : [NONE] };
}
const NONE = "No card is known here yet: the first meeting with each asks for its label.";

async function forget(_: CliContext, __: CommonOptions, [text = ""]: readonly string[]) {
  const { store, card } = await lookUp(text);
  await store.change((book) => withoutCard(book, card.id));
  const said = `The card ${formatLabel(card.id)} is not known any more.`;
  return { json: { forgotten: cardJson(card) }, text: [said] };
}

async function rename(_: CliContext, __: CommonOptions, [text = "", name = ""]: readonly string[]) {
  const { store, card } = await lookUp(text);
  await store.change((book) => renamed(book, card.id, name));
  const said = `The card ${formatLabel(card.id)} is called ${name} now.`;
  return { json: { renamed: cardJson({ ...card, name }) }, text: [said] };
}

async function lookUp(text: string) {
  const store = bookFile();
  const book = await store.load();
  const card = cardNamed(book, text);
  if (!card) throw new Failure("book/no-card", { text });
  return { store, card };
}

const cardJson = ({ id, name, maker, firstSeen, named, state, setId }: KnownCard) => ({
  ...{ id: toHex(id), label: formatLabel(id), name, state, named, firstSeen },
  ...{ maker: toHex(maker), setId: setId && toHex(setId) },
});

/** Short forms of ids: for telling apart, not for comparing. */
const SHORT = 8;

function table(book: readonly KnownCard[]): string[] {
  const head = ["label", "name", "state", "maker", "set", "known since"];
  const rows = book.map(({ id, name = "-", state = "-", maker, setId, firstSeen }) => [
    ...[formatLabel(id), name, state],
    equal(maker, DEMO_MAKER) ? "demo" : toHex(makerId(maker)),
    setId ? toHex(setId).slice(0, SHORT) : "-",
    firstSeen.slice(0, 10),
  ]);
  const widths = head.map((_, at) =>
    Math.max(...[head, ...rows].map((row) => columnsOf(row[at]!))),
  );
  const line = (row: readonly string[]) =>
    row
      .map((cell, at) => padTo(cell, widths[at]!))
      .join("  ")
      .trimEnd();
  return [head, ...rows].map(line);
}
