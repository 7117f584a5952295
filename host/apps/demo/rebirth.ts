/** Chapter 11: a factory reset, and a new key on the same card. */

import type { AccessCode } from "../../sdk/crypto/code.js";
import { equal, wipe } from "../../sdk/crypto/bytes.js";
import type { WalletApp } from "../../sdk/relay/app.js";
import type { SourceIdentity } from "../../sdk/relay/run/run.js";
import type { GenuineCard } from "./cards.js";
import { shortHex } from "./stage.js";
import type { Stage } from "./stage.js";
import { occurrences } from "./thief.js";
import type { Loot } from "./thief.js";

export interface Rebirth {
  readonly app: WalletApp;
  readonly a: GenuineCard;
  readonly b: GenuineCard;
  readonly code: AccessCode;
  readonly source: SourceIdentity;
  readonly loot: Loot;
}

export async function resetAndBegin(stage: Stage, { app, a, b, code, source, loot }: Rebirth) {
  stage.chapter("A factory reset, and a new key");
  await app.meet(a.session, a.certificate.id);
  await app.unlock(a.session);
  await a.session.reset();
  const { state } = await a.session.status();
  stage.card("A", `destroys its key: ${state}, still a genuine card`);
  assertGone(a, [loot.secret, loot.chainCode, loot.wrapped]);
  // What is no secret goes with the old page, as soon as the card has nothing to do.
  a.board.advance(REST_S);
  assertGone(a, [loot.secret, loot.chainCode, loot.wrapped, source.setId]);
  stage.verified("nothing of the old wallet is left in A's flash");
  wipe(loot.secret, loot.chainCode, loot.wrapped);
  await app.meet(a.session, a.certificate.id);
  const fresh = await a.session.activate(code);
  if (equal(fresh.publicKey, source.publicKey)) throw new Error("A made the same key again");
  stage.fact("public key", shortHex(fresh.publicKey, 24), "bold");
  stage.verified("another key, another set id");
  await app.meet(b.session, b.certificate.id);
  const { publicKey } = await app.unlock(b.session);
  if (!equal(publicKey, source.publicKey)) throw new Error("B lost its key");
  stage.verified("B still holds the first key: nothing is lost while one card of a set lives");
}

const REST_S = 10;

function assertGone({ board }: GenuineCard, forgotten: readonly Uint8Array[]): void {
  const flash = board.dump();
  if (forgotten.some((bytes) => occurrences(flash, bytes).length))
    throw new Error("A's flash still holds something of the old wallet");
}
