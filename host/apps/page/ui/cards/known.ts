/**
 * Which cards get the access code: those whose label the user typed, scanned or compared here,
 * once. Virtual cards have their label on their picture, so they are asked about as all others.
 */

import { findCard } from "../../../../sdk/book/book.js";
import { BookGuard } from "../../../../sdk/book/guard.js";
import type { Presented } from "../../../../sdk/book/guard.js";
import type { AccessCode } from "../../../../sdk/crypto/code.js";
import type { Certificate } from "../../../../sdk/card/certificate.js";
import type { Status } from "../../../../sdk/card/commands/index.js";
import type { ExpectedId } from "../../../../sdk/card/identity.js";
import type { CardSession } from "../../../../sdk/card/session.js";
import { SIZES } from "../../../../sdk/wire/generated.js";
import { pageBook } from "../kept/book-store.js";
import { compare } from "../controls/compare.js";
import type { CardLink } from "./deck.js";
import { button, h } from "../controls/dom.js";
import type { Page } from "../page.js";
import { savedCost } from "../kept/settings.js";

export interface MetCard {
  readonly link: CardLink;
  readonly session: CardSession;
  readonly status: Status;
  readonly certificate: Certificate;
  /** Kmaker of this card. */
  readonly maker: Uint8Array;
}

/**
 * `named`: labels that the user typed; `after`: what has the screen when a question is answered;
 * `linkOf`: where the card that is asked about is.
 */
export function guardOf(
  page: Page,
  named: readonly ExpectedId[] = [],
  after?: () => void,
  linkOf: (id: Uint8Array) => CardLink | undefined = () => undefined,
) {
  return new BookGuard({
    store: pageBook,
    named,
    askLabel: async ({ id }) => {
      await compare(page, "Is this your card?", UNKNOWN, id, linkOf(id));
      if (after) after();
      else page.backToWork();
      return id;
    },
    cost: savedCost(),
    askCost: async (cost) => {
      const wanted = await askCost(page, cost);
      if (after) after();
      else page.backToWork();
      return wanted;
    },
    // A browser without room keeps nothing, and asks again the next time.
    onUnwritten: () => undefined,
  });
}

const UNKNOWN = "This browser does not know this card";

/** Only a cost that takes long: one that makes guessing cheap is accepted under Settings alone. */
function askCost(page: Page, cost: number): Promise<boolean> {
  const seconds = Math.round(6 * 2 ** (cost - 17));
  const megabytes = Math.round(134 * 2 ** (cost - 17));
  return page.ask((resolve) =>
    page.show(
      "This takes long",
      h(
        "p",
        { class: "lead" },
        `This card wants more work for its access code than usual: up to ${seconds} seconds and ` +
          `${megabytes} MB of memory.`,
      ),
      h("p", {}, "If you did not choose that yourself, stop: the card may not be yours."),
      h(
        "div",
        { class: "row" },
        button("Go on, I chose that", () => resolve(true), "main"),
        button("No, stop", () => resolve(false)),
      ),
    ),
  );
}

export function presented({ session, certificate, maker }: MetCard): Presented {
  const { salt = new Uint8Array(SIZES.SALT), cost = 0 } = session.channel ?? {};
  return { id: certificate.id, maker, salt, cost };
}

/** What the user calls it; undefined when it has no name, or the book can't be read. */
export async function ownName({ certificate: { id } }: MetCard): Promise<string | undefined> {
  const book = await pageBook.load().catch(() => []);
  return findCard(book, id)?.name;
}

/** A new channel when the old one may have ended while the user was reading or typing. */
export async function refresh({ session, certificate, maker }: MetCard): Promise<void> {
  if (session.channel?.isFresh) return;
  await session.openChannel({ maker, expectId: certificate.id });
}

/** The only place from which a single card gets a code that exists; the card stays the same one. */
export async function giveCode(
  page: Page,
  card: MetCard,
  code: AccessCode,
  onProgress: (part: number) => void,
): Promise<void> {
  const guard = guardOf(page);
  await refresh(card);
  await guard.admit(presented(card));
  await refresh(card);
  await guard.mayStretch(presented(card));
  await card.session.enterCode(code, { onProgress, signal: page.signal });
  await guard.learned(presented(card), { state: card.status.state });
}
