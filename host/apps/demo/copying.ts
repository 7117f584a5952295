/**
 * Chapters 4 to 7: the chain of trust both ways, Ktrans, ENC, and the third card. The relay's and
 * the app's parts are those of any ceremony (host/sdk/relay).
 */

import { hash } from "../../sdk/crypto/hash.js";
import { concat, equal } from "../../sdk/crypto/bytes.js";
import { DEMO_MAKER } from "../../sdk/maker/demo.js";
import { CardSession } from "../../sdk/card/session.js";
import { verifyOffer, verifyTransfer } from "../../sdk/card/messages.js";
import type { WalletApp } from "../../sdk/relay/app.js";
import { Relay } from "../../sdk/relay/relay.js";
import { memoryRun } from "../../sdk/relay/run/run.js";
import type { RunCopy, SourceIdentity } from "../../sdk/relay/run/run.js";
import { SIZES } from "../../sdk/wire/generated.js";
import type { GenuineCard } from "./cards.js";
import { makeImpostor } from "./impostor.js";
import { expectRefusal } from "./refusal.js";
import { shortHex } from "./stage.js";
import type { Stage } from "./stage.js";

export interface Ceremony {
  readonly stage: Stage;
  readonly app: WalletApp;
  readonly source: SourceIdentity;
  readonly a: GenuineCard;
  /** Ids that the user named: B's and C's. */
  readonly names: readonly Uint8Array[];
}
/** The three messages of one copy. */
export type Messages = Required<RunCopy>;

const SET_SIZE = 3;

export async function copyKey(ceremony: Ceremony, b: GenuineCard): Promise<Messages> {
  const { stage, app, a } = ceremony;
  const { relay, copy } = await carry(b);
  stage.chapter("The chain of trust, checked by the cards, both ways");
  await makeOffer(ceremony, relay, b, copy);
  stage.prose("A card of another maker wants the key too, and the user is tricked into naming it:");
  await rejectImpostor(ceremony);
  await unlockSource(ceremony);
  await app.nameDestinations(a.session, SET_SIZE, ceremony.names);
  stage.message("B", "A", "OFFER", SIZES.OFFER);
  stage.card("A", "is told, with the code, the two cards that may get its key: B and C");
  await relay.seal(heardBy(a), copy);
  const offer = verifyOffer(DEMO_MAKER, copy.offer as Uint8Array);
  const transfer = verifyTransfer(DEMO_MAKER, copy.transfer as Uint8Array, offer.bytes);
  stage.card("A", "checks Kmaker → Kcard of B → Klink of B, then seals for that Klink alone");
  stage.message("A", "B", "TRANSFER", SIZES.TRANSFER);
  stage.prose("The relay flips one bit of A's certificate on the way to B:");
  const forged = transfer.bytes.slice();
  forged[SIZES.HEADER + SIZES.CERT - 1] = (forged[SIZES.HEADER + SIZES.CERT - 1] as number) ^ 1;
  await expectRefusal(stage, b, "CRYPTO", () => b.session.accept(forged));

  stage.chapter("Ktrans: one secret, made on both cards, never sent");
  stage.fact("Klink of A", shortHex(transfer.link, 16), "cyan");
  stage.fact("Klink of B", shortHex(offer.link, 16), "yellow");
  const head = transfer.bytes.subarray(0, SIZES.TRANSFER_HEAD);
  stage.fact("transcript", shortHex(hash(concat(hash(offer.bytes), head)), 16));
  stage.prose(
    "Each card multiplies its own link secret with the other's point and mixes in the transcript:" +
      " both certificates, both link keys, source and set. The result, Ktrans, seals once.",
  );

  stage.chapter("ENC: the key travels, sealed under Ktrans");
  stage.fact("ENC", shortHex(transfer.enc));
  await relay.accept(heardBy(b), copy);
  stage.card("B", "checks Kmaker → Kcard of A → Klink of A, opens ENC, keeps the key");
  stage.message("B", "A", "RECEIPT", SIZES.RECEIPT);
  await relay.confirm(heardBy(a), copy);
  stage.card("A", "takes B's receipt: forgets what it sealed, and the place is spent");
  await check(ceremony, b);
  stage.verified("B took the access code and shows A's set id and public key: a copy, for sure");
  return copy as Messages;
}

export async function copyKeyAgain(
  ceremony: Ceremony,
  c: GenuineCard,
  first: Messages,
): Promise<Messages> {
  const { stage, a } = ceremony;
  stage.chapter("The third card: fresh Klinks, another Ktrans");
  const { relay, copy } = await carry(c);
  await makeOffer(ceremony, relay, c, copy);
  await relay.seal(heardBy(a), copy);
  const before = verifyTransfer(DEMO_MAKER, first.transfer, first.offer);
  const transfer = verifyTransfer(DEMO_MAKER, copy.transfer as Uint8Array, copy.offer);
  if (equal(before.link, transfer.link)) throw new Error("A used one Klink for two copies");
  stage.fact("Klink of A", `${shortHex(transfer.link, 16)}`, "cyan");
  stage.fact("before", `${shortHex(before.link, 16)}`);
  stage.fact("ENC", shortHex(transfer.enc, 16));
  stage.fact("before", shortHex(before.enc, 16));
  stage.verified("A drew a new link key; the first one died with the first copy");
  await relay.accept(heardBy(c), copy);
  await relay.confirm(heardBy(a), copy);
  await check(ceremony, c);
  stage.verified("C took the access code and shows the same wallet");
  const { state } = await a.session.status();
  stage.card("A", `has given its last copy and closes its set by itself: ${state}`);
  return copy as Messages;
}

/** The relay's own link to a card. It has no channel: what it carries it hears in the clear. */
const heardBy = ({ session }: GenuineCard) => new CardSession(session.transport);

/** A relay of its own for each copy: it remembers nothing but three messages. */
async function carry({ certificate }: GenuineCard): Promise<{ relay: Relay; copy: RunCopy }> {
  const run = { maker: DEMO_MAKER, setSize: SET_SIZE, copies: [] };
  const relay = new Relay(run, memoryRun());
  return { relay, copy: await relay.addCopy(0, certificate.id) };
}

async function makeOffer(
  { stage, app, source }: Ceremony,
  relay: Relay,
  card: GenuineCard,
  copy: RunCopy,
): Promise<void> {
  await app.meet(card.session, card.certificate.id);
  await app.nameSource(card.session, source);
  stage.card(card.letter, "is told whose key it may take: A's, and of which set");
  await relay.fetchOffer(heardBy(card), copy);
  stage.card(card.letter, "makes its OFFER: a fresh Klink, signed by its Kcard");
}

/** Even named by the user with the right code, it gets nothing: its chain ends elsewhere. */
async function rejectImpostor(ceremony: Ceremony): Promise<void> {
  const { stage, app, source, a } = ceremony;
  const impostor = makeImpostor();
  await unlockSource(ceremony);
  await app.nameDestinations(a.session, SET_SIZE, [impostor.certificate.id]);
  await expectRefusal(stage, a, "CRYPTO", () => a.session.seal(impostor.offer(source)));
}

async function unlockSource({ app, a }: Ceremony): Promise<void> {
  await app.meet(a.session, a.certificate.id);
  await app.unlock(a.session);
}

async function check({ app, source }: Ceremony, card: GenuineCard): Promise<void> {
  // The access code came with the key: a new channel tells the app its salt.
  card.session.closeChannel();
  await app.meet(card.session, card.certificate.id);
  await app.check(card.session, source);
}
