/**
 * A card under test whose every secret is known, in each situation of cases/: the static
 * counterpart of driving a real card there. Gives the world that makes the inputs and the card's
 * state as JSON.
 */
import { STATES, SLOT_STATES } from "../../firmware/wire/table.js";
import { channelKeys } from "./channel.js";
import { offerBy } from "./cases/offer.js";
import { transferBy } from "./cases/transfer.js";
import { keysOfPeer } from "./cases/receipt.js";
import type { Case, Peer, Situation, World } from "./cases/types.js";
import {
  OFFER_HEADER,
  OFFER_LABEL,
  TRANSFER_HEADER,
  TRANSFER_LABEL,
  attest,
  cardId,
  certificate,
  copyKeys,
  enc,
  headBody,
  keysFrom,
  offerBody,
  receipt,
  wrap,
  type Package,
} from "./messages.js";
import { H, Source, byte, cat, ecdh, hex, type Bytes, type KeyPair } from "./suite.js";
import { ACCESS_CODE, COST, stretch } from "./wallet.js";

export function makePeer(source: Source, maker: KeyPair, name: string): Peer {
  const kcard = source.key(`${name} Kcard`);
  return {
    kcard,
    certificate: certificate(maker, kcard.public),
    id: cardId(kcard.public),
    klink: source.key(`${name} Klink`),
    nextKlink: source.key(`${name} next Klink`),
  };
}
/** What a source seals: a wallet under an access code. */
export function makeContent(source: Source, name: string, setId: Bytes, n: number): Package {
  const salt = source.bytes(`${name} salt`, 16);
  const stretched = stretch(ACCESS_CODE, salt, COST);
  const [kpriv, chain] = [source.bytes(`${name} Kpriv`), source.bytes(`${name} chain code`)];
  return { wrapped: wrap(stretched, salt, kpriv, chain), salt, cost: COST, setId, n, k: 2 };
}

export interface Model {
  readonly world: World;
  readonly card: Readonly<Record<string, unknown>>;
}
const pairJson = (pair: KeyPair) => ({ secret: hex(pair.secret), public: hex(pair.public) });

export function buildModel(situation: Situation, seed: string): Model {
  const source = new Source(seed);
  const maker = source.key("Kmaker");
  const stranger = source.key("another Kmaker");
  const kcard = source.key("Kcard");
  const certified = certificate(maker, kcard.public);
  const card = { kcard: kcard.public, certificate: certified, id: cardId(kcard.public) };
  const peers: World["peers"] = [
    makePeer(source, maker, "peer 0"),
    makePeer(source, maker, "peer 1"),
  ];
  const setId = source.bytes("set id", 16);
  const content = makeContent(source, "wallet", setId, 2);
  const base: World = { source, maker, stranger, card, setId, peers, content };

  let json: Record<string, unknown> = {
    state: situation.state,
    Kmaker: hex(maker.public),
    Kcard: pairJson(kcard),
    ...(situation.state === "BLANK" ? {} : { certificate: hex(certified) }),
  };
  if (situation.state === "OFFERED" || situation.state === "COPY") {
    const klink = source.key("Klink of the card");
    const offer = attest(
      kcard.secret,
      offerBody({
        header: OFFER_HEADER,
        certificate: certified,
        klink: klink.public,
        counter: byte(0, 0, 0, 1),
        sourceId: peers[0].id,
        setId,
      }),
      OFFER_LABEL,
    );
    const world = { ...base, offer };
    const told = { id_S: hex(peers[0].id), setId: hex(setId), offer: hex(offer) };
    if (situation.state === "OFFERED") {
      return { world, card: { ...json, ...told, Klink: pairJson(klink) } };
    }
    const transfer = transferBy(world);
    const keys = copyKeys(klink.secret, peers[0].klink.public, H(offer), transfer.subarray(0, 235));
    const taken = {
      transferHash: hex(H(transfer)),
      receipt: hex(receipt(keys.kreceipt, transfer)),
    };
    json = { ...json, ...told, ...contentJson(content), ...taken };
    return { world: { ...world, transfer }, card: json };
  }
  if (situation.state === "BLANK") return { world: base, card: json };
  return finish(situation, base, kcard, json);
}

function contentJson(p: Package): Record<string, unknown> {
  return {
    accessCode: ACCESS_CODE,
    S: hex(stretch(ACCESS_CODE, p.salt, p.cost)),
    wrapped: hex(p.wrapped),
    salt: hex(p.salt),
    cost: p.cost,
    setId: hex(p.setId),
  };
}

/** EMPTY, and the states of a source: wallet, slot, channel, names. */
function finish(
  situation: Situation,
  base: World,
  kcard: KeyPair,
  json: Record<string, unknown>,
): Model {
  const { source, peers, content } = base;
  let world = base;
  let card = json;
  if (situation.state !== "EMPTY") {
    world = { ...world, stretched: stretch(ACCESS_CODE, content.salt, content.cost) };
    card = { ...card, ...contentJson(content), n: situation.n ?? 0 };
  }
  if (situation.slot) {
    const klinkS = source.key("Klink of the card");
    const transfer = sealFor(world, kcard, klinkS, situation.n ?? 2);
    world = { ...world, transfer };
    const slot = {
      state: situation.slot,
      value: SLOT_STATES[situation.slot].value,
      Kcard: hex(peers[0].kcard.public),
      Klink_D: hex(peers[0].klink.public),
      transferHash: hex(H(transfer)),
      ...(situation.slot === "SEALED"
        ? { transfer: hex(transfer), Kreceipt: hex(keysOfPeer(world).kreceipt) }
        : {}),
    };
    card = { ...card, slots: [slot] };
  }
  card = { ...card, session: situation.session };
  if (situation.session !== "none") {
    const host = source.key("E_h");
    const ephemeral = source.key("E_c");
    const z = ecdh(host.secret, ephemeral.public);
    const keys = channelKeys(z, world.card.certificate, host.public, ephemeral.public);
    world = { ...world, channel: keys };
    card = { ...card, Ktocard: hex(keys.toCard), Ktohost: hex(keys.toHost) };
  }
  if (situation.named) {
    const { n, peers: indices } = situation.named;
    card = { ...card, named: { n, ids: indices.map((index) => hex(peers[index].id)) } };
  }
  return { world, card: { ...card, value: STATES[situation.state].value } };
}

/** The TRANSFER that the card under test made for peers[0]. */
function sealFor(w: World, kcard: KeyPair, klink: KeyPair, n: number): Bytes {
  const offer = offerBy(w, w.peers[0]);
  const parts = {
    header: TRANSFER_HEADER,
    certificate: w.card.certificate,
    klink: klink.public,
    offerHash: H(offer),
  };
  const head = attest(kcard.secret, headBody(parts), TRANSFER_LABEL);
  const z = ecdh(klink.secret, w.peers[0].klink.public);
  return cat(head, enc(keysFrom(z, H(offer), head), { ...w.content, n, k: 2 }));
}

/** The data of the answer to a valid input, where the card's fresh randomness has no part in it. */
export function answerOf(world: World, situation: Situation, test: Case): Bytes | undefined {
  if (test.word !== "OK") return undefined;
  if (situation.slot === "SEALED" && /^(SEAL|RESEND)$/.test(test.command)) return world.transfer;
  if (test.command === "ACCEPT") return receiptFor(world, test.input(world));
  if (["CERTIFY", "CONFIRM", "NAME_DESTINATIONS", "CODE"].includes(test.command)) {
    return new Uint8Array(0);
  }
  return undefined;
}
/** What the card must answer to peers[0]'s TRANSFER. */
function receiptFor({ peers, offer = new Uint8Array(0) }: World, transfer: Bytes): Bytes {
  const klink = offer.subarray(106, 139);
  const head = transfer.subarray(0, 235);
  return receipt(copyKeys(peers[0].klink.secret, klink, H(offer), head).kreceipt, transfer);
}
