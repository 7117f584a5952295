/** Chapters 8 and 9: three equal cards, and no second backup. Then the picture of the set. */

import { formatLabel } from "../../sdk/card/label.js";
import { compareLedgers } from "../../sdk/card/ledger.js";
import { toHex } from "../../sdk/crypto/bytes.js";
import { verifyDigest } from "../../sdk/crypto/ecdsa.js";
import { hash } from "../../sdk/crypto/hash.js";
import { randomBytes } from "../../sdk/crypto/random.js";
import type { WalletApp } from "../../sdk/relay/app.js";
import type { SourceIdentity } from "../../sdk/relay/run/run.js";
import type { GenuineCard } from "./cards.js";
import type { Three } from "./making.js";
import { expectRefusal } from "./refusal.js";
import type { DemoReport, SignedBy } from "./report.js";
import { shortHex } from "./stage.js";
import type { Stage } from "./stage.js";

export interface Signing {
  readonly digest: Uint8Array;
  readonly signed: readonly SignedBy[];
}

export async function signTogether(
  stage: Stage,
  app: WalletApp,
  cards: Three<GenuineCard>,
  source: SourceIdentity,
): Promise<Signing> {
  stage.chapter("All three sign the same digest under the same public key");
  const digest = hash(new TextEncoder().encode("a payment"), randomBytes(16));
  stage.fact("digest", toHex(digest));
  const signed: SignedBy[] = [];
  for (const card of cards) {
    await app.meet(card.session, card.certificate.id);
    const ledger = await app.unlock(card.session);
    const { signature } = await card.session.sign([], digest, source.publicKey);
    if (!verifyDigest(source.publicKey, digest, signature)) throw new Error("a wrong signature");
    stage.card(card.letter, `${shortHex(signature, 24)}`);
    signed.push({ card, ledger, signature });
  }
  stage.verified("@noble/curves verifies each, under the public key that A showed at its birth");
  const [first, ...copies] = signed as [SignedBy, ...SignedBy[]];
  const faults = copies.flatMap(({ ledger }) => compareLedgers(first.ledger, ledger));
  if (faults.length) throw new Error(`the ledgers disagree: ${faults.join(", ")}`);
  stage.verified("each card's signed ledger agrees with A's: copies 1, 2 and 3 of 3");
  return { digest, signed };
}

/** The status word with which the source refuses. */
export async function secondBackup(
  stage: Stage,
  app: WalletApp,
  a: GenuineCard,
  b: GenuineCard,
): Promise<string> {
  stage.chapter("A second backup is refused");
  stage.prose("Even with the right code: A gave its last copy, and a copy never gives any.");
  const ask = async ({ session, certificate }: GenuineCard) => {
    await app.meet(session, certificate.id);
    await app.unlock(session);
    await app.nameDestinations(session, 3, [randomBytes(16)]);
  };
  const word = await expectRefusal(stage, a, "USED", () => ask(a));
  await expectRefusal(stage, b, "USED", () => ask(b));
  return word;
}

export function drawPicture(stage: Stage, { wire, seconds, cards }: DemoReport): void {
  stage.raw();
  for (const [index, { id, state }] of cards.entries()) {
    const label = formatLabel(Uint8Array.from(Buffer.from(id, "hex")));
    const letter = "ABC".charAt(index);
    stage.raw(`  ${stage.badge(letter)}  ${label}  was ${state}`);
  }
  stage.raw();
  stage.prose(
    `${wire.apdus} APDUs and ${wire.bytes} bytes on three links, ${wire.bytesPerCopy} bytes of` +
      ` APDUs a copy, ${seconds.toFixed(1)} s.`,
    "bold",
  );
  stage.prose("Next: `npx kincard virtual --help` keeps such a card alive; docs/cli.md goes on.");
}
