/** Chapters 1 to 3: blank cards, the maker's signature, the wallet key's birth. */

import { DEMO_MAKER, demoMaker } from "../../sdk/maker/demo.js";
import { WARNING } from "../../emulator/board/virtual.js";
import { formatLabel } from "../../sdk/card/label.js";
import { randomBytes } from "../../sdk/crypto/random.js";
import { makeKeyPair } from "../../sdk/crypto/curve.js";
import { toHex } from "../../sdk/crypto/bytes.js";
import type { AccessCode } from "../../sdk/crypto/code.js";
import * as commands from "../../sdk/card/commands/index.js";
import { plain } from "../../sdk/card/plain.js";
import type { WalletApp } from "../../sdk/relay/app.js";
import type { SourceIdentity } from "../../sdk/relay/run/run.js";
import type { DemoCard, GenuineCard } from "./cards.js";
import { expectRefusal } from "./refusal.js";
import { shortHex } from "./stage.js";
import type { Stage } from "./stage.js";

export type Three<T> = readonly [T, T, T];

export function introduce(stage: Stage, [first]: readonly DemoCard[]): void {
  if (!first) throw new RangeError("a demo needs cards");
  const { bundle, kernel } = first.board.status();
  stage.title("Kincard: three cards that share one key, and no seed phrase");
  stage.prose(`${WARNING} The same bundle and kernel run on a board. SHA-256 of`, "yellow");
  stage.fact("bundle", bundle);
  stage.fact("kernel", kernel ?? "none");
}

export async function blankCards(stage: Stage, cards: readonly DemoCard[]): Promise<void> {
  stage.chapter("A blank card holds no key");
  for (const card of cards) {
    const { state, firmware } = await card.session.status();
    stage.card(card.letter, `${state}, firmware ${firmware}`);
  }
  const [first] = cards as [DemoCard];
  stage.prose("Asked to open a channel, a blank card has nothing to answer with:");
  const { transport } = first.session;
  const { point } = makeKeyPair();
  await expectRefusal(stage, first, "BLANK", () => plain(transport, commands.OPEN, point));
}

export async function makeGenuine(
  stage: Stage,
  cards: readonly DemoCard[],
): Promise<Three<GenuineCard>> {
  stage.chapter("The maker makes three cards genuine");
  stage.prose("Each card makes its own key pair Kcard; the maker signs the public half, no more.");
  stage.fact("Kmaker", `${toHex(DEMO_MAKER).slice(0, 40)}…  DEMO: published`);
  const maker = demoMaker();
  const genuine: GenuineCard[] = [];
  for (const card of cards) {
    const certificate = maker.certify(await card.session.personalise());
    await card.session.certify(certificate.bytes);
    stage.card(card.letter, `Kcard ${shortHex(certificate.cardKey, 12)}`);
    stage.fact("label", formatLabel(certificate.id), "bold");
    genuine.push({ ...card, certificate });
  }
  maker.wipe();
  return genuine as unknown as Three<GenuineCard>;
}

export async function activate(
  stage: Stage,
  app: WalletApp,
  a: GenuineCard,
  code: AccessCode,
): Promise<SourceIdentity> {
  stage.chapter("A makes the wallet's key");
  stage.prose(
    "The app opens a channel to the card whose label the user named, and gives it an access" +
      " code (drawn for this demo and not shown), stretched with scrypt.",
  );
  const { id } = a.certificate;
  await app.meet(a.session, id);
  await a.session.prove(randomBytes(32));
  stage.verified("A proved that it is genuine, over a fresh challenge");
  const { setId, publicKey } = await a.session.activate(code);
  stage.card("A", "tests its randomness, draws Kpriv and chain code: they never leave it unsealed");
  stage.fact("public key", shortHex(publicKey, 24), "bold");
  stage.fact("set id", toHex(setId));
  return { id, setId, publicKey };
}
