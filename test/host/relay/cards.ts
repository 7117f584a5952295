/** Sets of virtual cards for the ceremony's tests, and the ways to present them. */

import assert from "node:assert/strict";
import {
  backup,
  BackupError,
  type FailureCode,
  ConnectedCards,
  type BackupOptions,
  type BackupResult,
  type LinkObserver,
  type Present,
  type Role,
  type Transport,
} from "../../../host/sdk/core.js";
import { accessCode, linkTo, MAKER, TestCard } from "../support.js";
import { withTransmit } from "../../../host/sdk/links/link.js";

export const roleName = (role: Role) => (role.kind === "source" ? "S" : `D${role.index + 1}`);

/** A source with a wallet and one or two empty cards. */
export async function cardsFor(setSize: number, name = "set"): Promise<TestCard[]> {
  const cards = [await TestCard.wallet(`${name} source`)];
  for (let i = 1; i < setSize; i++) cards.push(await TestCard.empty(`${name} copy ${i}`));
  return cards;
}

export function connected(cards: readonly TestCard[], observers: LinkObserver[] = []) {
  return new ConnectedCards(
    cards.map(({ board, name }) => ({ name, open: () => linkTo(board, name, observers) })),
  );
}

/** Connected cards whose links are wrapped. */
export function wrapped(cards: readonly TestCard[], wrap: (transport: Transport) => Transport) {
  return new ConnectedCards(
    cards.map((card) => ({
      name: card.name,
      open: async () => wrap(await linkTo(card.board, card.name)),
    })),
  );
}

export type Meddle = (apdu: Uint8Array, answer: Uint8Array) => Uint8Array | Promise<Uint8Array>;

/** A link that may change answers. */
export function meddled(transport: Transport, meddle: Meddle, extended = true): Transport {
  const transmit: Transport["transmit"] = async (apdu, options) =>
    meddle(apdu, await transport.transmit(apdu, options));
  return {
    ...withTransmit(transport, transmit),
    extended,
    needsSelect: !extended,
    inTurn: !extended,
  };
}

/** Runs the ceremony with all cards connected. */
export async function run(
  cards: readonly TestCard[],
  options: Partial<BackupOptions> = {},
  observers: LinkObserver[] = [],
): Promise<BackupResult> {
  const set = connected(cards, observers);
  if (!options.present) await set.arrange();
  return backup({
    ...{ maker: MAKER, code: accessCode(), setSize: cards.length, present: set.present },
    ...options,
  });
}

/**
 * Holds cards to a reader one at a time: each is powered for its tap only, so nothing but flash
 * lasts from one tap to the next. `taps` notes the order.
 */
export function tapped(cards: readonly TestCard[], taps: string[], last = true): Present {
  let held: { card: TestCard; link: Transport } | undefined;
  return async ({ role, optional }) => {
    if (optional && !last) return undefined;
    await held?.link.close();
    held?.card.board.powerOff();
    const card = cards[role.kind === "source" ? 0 : role.index + 1] as TestCard;
    card.board.powerOff();
    card.board.powerOn();
    taps.push(roleName(role));
    // As a reader's links are: who holds a card to it has taken the last one away.
    const link = Object.assign(await linkTo(card.board, card.name), {
      needsSelect: true,
      inTurn: true,
    });
    held = { card, link };
    return link;
  };
}

/** A BackupError with this code, about this card where one is given. */
export function stops(code: FailureCode, card?: Role) {
  return (error: unknown): boolean => {
    assert.ok(error instanceof BackupError, String(error));
    assert.equal(error.code, code, error.message);
    if (card) assert.deepEqual(error.card?.role, card);
    return true;
  };
}
/** As `stops`, for what the ceremony does not know: its message. */
export function breaks(message: RegExp) {
  return (error: unknown): boolean => stops("unexpected")(error) && message.test(String(error));
}
