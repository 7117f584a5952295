/** Meeting one card: it is asked for, proves that it is genuine, and the user names it. */

import type { CardSession } from "../../../../sdk/card/session.js";
import type { Status } from "../../../../sdk/card/commands/index.js";
import { makerId } from "../../../../sdk/card/identity.js";
import { equal, toHex } from "../../../../sdk/crypto/bytes.js";
import { HOLD_MS } from "../../../../sdk/relay/events.js";
import { h } from "../controls/dom.js";
import { guardOf, presented, refresh } from "../cards/known.js";
import type { MetCard } from "../cards/known.js";
import { homeButton } from "../words/common.js";
import type { Page } from "../page.js";
import type { TapRequest } from "../controls/tap.js";

export { bigLabel } from "../controls/compare.js";
export { refresh } from "../cards/known.js";
export type { MetCard } from "../cards/known.js";

export interface MeetOptions extends Omit<TapRequest, "title"> {
  readonly title: string;
  /** Throws when the card's state can't be right, before anything else. */
  readonly suits: (status: Status) => void;
  /** The label that the user typed. */
  readonly label?: string;
  /** Nothing is asked of it that only the user's own cards may be asked. */
  readonly anyCard?: boolean;
}

/** The card is the user's, unless any may come, and its channel is open, when this returns. */
export async function meet(page: Page, options: MeetOptions): Promise<MetCard> {
  const { title, suits, label } = options;
  const makers = page.makers();
  const link = await page.tap(title, options);
  const card = await page.work("The card proves that it is genuine", HOLD_MS.check, async () => {
    const session = await page.session(link);
    const status = await session.greet();
    suits(status);
    const maker = await makerOf(session, makers);
    const { certificate } = await session.openChannel({ maker, expectId: label });
    return { link, session, status, certificate, maker };
  });
  if (!options.anyCard || label !== undefined) {
    const named = label === undefined ? [] : [label];
    await guardOf(page, named, undefined, () => link).admit(presented(card));
  }
  await refresh(card);
  return card;
}

/**
 * Which of these makers the card says it comes from. Only its channel proves that; a card that
 * names none of them is refused there.
 */
export async function makerOf(session: CardSession, makers: readonly Uint8Array[]) {
  const [first] = makers as [Uint8Array];
  if (makers.length === 1) return first;
  const { makerId: said } = await session.certificate();
  return makers.find((maker) => equal(makerId(maker), said)) ?? first;
}

/** Folded away: who needs it knows what it is. */
export const publicKeyOf = (key: Uint8Array) =>
  h(
    "details",
    {},
    h("summary", {}, "The wallet's public key"),
    h("p", { class: "label" }, toHex(key)),
  );

export const afterwards = (...buttons: (HTMLElement | false)[]) =>
  h("div", { class: "row" }, ...buttons, homeButton());
