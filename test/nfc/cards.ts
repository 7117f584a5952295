/** Cards that are reached through their mailboxes only, and the ways to hold them to a reader. */
import type { Present, Role, Transport } from "../../host/sdk/core.js";
import { MailboxTransport, type MailboxOptions } from "../../host/sdk/links/nfc/mailbox.js";
import type { TestCard } from "../host/support.js";
import { cardsFor, roleName } from "../host/relay/cards.js";
import { Reader, tagOn, type Family, type ReaderOptions } from "./reader.js";

/** A reader with the card's board in its field, and the link through it. */
export async function tap(
  card: { board: TestCard["board"]; name: string },
  family: Family,
  options: ReaderOptions & MailboxOptions = {},
): Promise<{ reader: Reader; link: MailboxTransport }> {
  const reader = new Reader(card.board, options);
  reader.field(true);
  const { clock } = reader;
  const tag = tagOn(reader, family);
  const link = await MailboxTransport.connect(tag, { clock, name: card.name, ...options });
  return { reader, link };
}

/** Holds cards to one reader in turn; the field goes between taps. `taps` notes the order. */
export function tapped(
  cards: readonly TestCard[],
  family: Family,
  taps: string[],
  options: ReaderOptions & MailboxOptions = {},
): Present {
  let held: { reader: Reader; link: Transport } | undefined;
  return async ({ role }) => {
    await held?.link.close();
    held?.reader.field(false);
    taps.push(roleName(role));
    held = await tap(cardOf(cards, role), family, options);
    return held.link;
  };
}

export const cardOf = (cards: readonly TestCard[], role: Role): TestCard =>
  cards[role.kind === "source" ? 0 : role.index + 1] as TestCard;

/** A set of fresh cards whose wires are pulled: no link but NFC holds them. */
export async function cardsOff(setSize: number, name: string): Promise<TestCard[]> {
  const cards = await cardsFor(setSize, name);
  for (const { board } of cards) {
    board.powerOff();
    board.powerOn();
  }
  return cards;
}
