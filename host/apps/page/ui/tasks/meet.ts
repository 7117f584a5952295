/** Meeting one card: it is asked for, proves that it is genuine, and the user names it. */

import type { CardSession } from "../../../../sdk/card/session.js";
import type { Certificate } from "../../../../sdk/card/certificate.js";
import type { Status } from "../../../../sdk/card/commands/index.js";
import { makerId } from "../../../../sdk/card/identity.js";
import { formatLabel } from "../../../../sdk/card/label.js";
import { equal, toHex } from "../../../../sdk/crypto/bytes.js";
import { HOLD_MS } from "../../../../sdk/relay/events.js";
import type { CardLink } from "../deck.js";
import { button, h } from "../dom.js";
import { Stopped } from "../faults.js";
import { homeButton } from "../words/common.js";
import type { Page } from "../page.js";
import type { TapRequest } from "../tap.js";

export interface MetCard {
  readonly link: CardLink;
  readonly session: CardSession;
  readonly status: Status;
  readonly certificate: Certificate;
  /** Kmaker of this card. */
  readonly maker: Uint8Array;
}

export interface MeetOptions extends Omit<TapRequest, "title"> {
  readonly title: string;
  /** Throws when the card's state can't be right, before anything else. */
  readonly suits: (status: Status) => void;
  /** The label that the user typed. */
  readonly label?: string;
}

/** The channel of the card is open when this returns. */
export async function meet(page: Page, options: MeetOptions): Promise<MetCard> {
  const { title, suits, label } = options;
  const makers = page.makers();
  const link = await page.tap(title, options);
  return page.work("The card proves that it is genuine", HOLD_MS.check, async () => {
    const session = await page.session(link);
    const status = await session.greet();
    suits(status);
    const maker = await makerOf(session, makers);
    const { certificate } = await session.openChannel({ maker, expectId: label });
    return { link, session, status, certificate, maker };
  });
}

/**
 * Which of these makers the card says it comes from. Only its channel proves that; a card that names
 * none of them is refused there.
 */
export async function makerOf(session: CardSession, makers: readonly Uint8Array[]) {
  const [first] = makers as [Uint8Array];
  if (makers.length === 1) return first;
  const { makerId: said } = await session.certificate();
  return makers.find((maker) => equal(makerId(maker), said)) ?? first;
}

/** A new channel when the old one may have ended while the user was reading or typing. */
export async function refresh({ session, certificate, maker }: MetCard): Promise<void> {
  if (session.channel?.isFresh) return;
  await session.openChannel({ maker, expectId: certificate.id });
}

/** Big, in its groups, to hold beside the card. */
export const bigLabel = (id: Uint8Array) =>
  h(
    "p",
    { class: "biglabel label" },
    ...formatLabel(id)
      .split("-")
      .map((part) => h("span", {}, part)),
  );

/** Folded away: who needs it knows what it is. */
export const publicKeyOf = (key: Uint8Array) =>
  h(
    "details",
    {},
    h("summary", {}, "The wallet's public key"),
    h("p", { class: "label" }, toHex(key)),
  );

/** For a user who typed no label: compares by eye. */
export function compare(
  page: Page,
  title: string,
  cards: readonly (readonly [name: string, id: Uint8Array])[],
): Promise<void> {
  return page.ask((resolve, reject) => {
    const many = cards.length > 1;
    page.show(
      title,
      h(
        "p",
        { class: "lead" },
        many
          ? "Compare each of these with the label printed on your card."
          : "Compare this with the label printed on your card.",
      ),
      ...cards.flatMap(([name, id]) => [h("h2", {}, name), bigLabel(id)]),
      h("p", {}, "All characters must be the same. If not, it is somebody else's card."),
      h(
        "div",
        { class: "row" },
        button(many ? "They are the same" : "It is the same", resolve, "main"),
        button("No, stop", () => reject(new Stopped())),
      ),
    );
  });
}

export const afterwards = (...buttons: (HTMLElement | false)[]) =>
  h("div", { class: "row" }, ...buttons, homeButton());
