/**
 * Which cards get the access code: those whose label the user typed, scanned or compared here,
 * once. Virtual cards have their label on their picture, so they are asked about as all others.
 */

import { BookGuard } from "../../../sdk/book/guard.js";
import type { Presented } from "../../../sdk/book/guard.js";
import type { AccessCode } from "../../../sdk/crypto/code.js";
import type { Certificate } from "../../../sdk/card/certificate.js";
import type { Status } from "../../../sdk/card/commands/index.js";
import type { ExpectedId } from "../../../sdk/card/identity.js";
import type { CardSession } from "../../../sdk/card/session.js";
import { SIZES } from "../../../sdk/wire/generated.js";
import { pageBook } from "./book-store.js";
import { compare } from "./compare.js";
import type { CardLink } from "./deck.js";
import type { Page } from "./page.js";

export interface MetCard {
  readonly link: CardLink;
  readonly session: CardSession;
  readonly status: Status;
  readonly certificate: Certificate;
  /** Kmaker of this card. */
  readonly maker: Uint8Array;
}

/**
 * `named`: labels that the user typed; `after`: what has the screen when a question is answered.
 */
export function guardOf(page: Page, named: readonly ExpectedId[] = [], after?: () => void) {
  return new BookGuard({
    store: pageBook,
    named,
    askLabel: async ({ id }) => {
      await compare(page, "Is this your card?", [["The card that is here", id]]);
      after?.();
      return id;
    },
    // A browser without room keeps nothing, and asks again the next time.
    onUnwritten: () => undefined,
  });
}

export function presented({ session, certificate, maker }: MetCard): Presented {
  const { salt = new Uint8Array(SIZES.SALT), cost = 0 } = session.channel ?? {};
  return { id: certificate.id, maker, salt, cost };
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
