/**
 * A whole ceremony on paper: maker, cards, activation, every copy, ledgers, proofs, signatures, the
 * channels around them and the frames of the byte link. Every private and intermediate value is
 * given (ceremony.schema.json). Source: docs/protocol.md, nothing else.
 */
import { SLOT_STATES, STATES } from "../../firmware/wire/table.js";
import * as m from "./messages.js";
import {
  H,
  Source,
  byte,
  cat,
  ecdsa,
  hex,
  keyPair,
  label,
  type Bytes,
  type KeyPair,
} from "./suite.js";
import { Transcript, plainStep, type ChannelSecrets } from "./transcript.js";
import { ACCESS_CODE, COST, child, codeBytes, signRecoverable, stretch } from "./wallet.js";

const pairJson = (pair: KeyPair) => ({ secret: hex(pair.secret), public: hex(pair.public) });
const NOTHING = byte();

/** The phone page's address that the cards' NFC tags show. */
const URL = "https://kincard.example/";

interface Card {
  readonly name: string;
  readonly kcard: KeyPair;
  readonly certificate: Bytes;
  readonly id: Bytes;
}
interface Wallet {
  readonly kpriv: Bytes;
  readonly chain: Bytes;
  readonly master: Bytes;
  readonly salt: Bytes;
  readonly stretched: Bytes;
  readonly wrapped: Bytes;
  readonly setId: Bytes;
}
interface Copy {
  readonly card: Card;
  readonly k: number;
  readonly offer: Bytes;
  readonly transfer: Bytes;
  readonly receipt: Bytes;
  readonly json: unknown;
}

function makeCard(source: Source, maker: KeyPair, name: string): Card {
  const kcard = source.key(`${name}: Kcard`);
  const certificate = m.certificate(maker, kcard.public);
  return { name, kcard, certificate, id: m.cardId(kcard.public) };
}
function cardJson(card: Card, maker: KeyPair) {
  const request = m.request(maker.public, card.kcard);
  return {
    name: card.name,
    Kcard: pairJson(card.kcard),
    id: hex(card.id),
    personalise: plainStep("PERSONALISE", NOTHING, request),
    certificateHash: hex(H(label(m.CERT_LABEL), card.certificate.subarray(0, 39))),
    certificate: hex(card.certificate),
    url: URL,
    uriPayload: hex(m.uriPayload(URL)),
    certify: plainStep("CERTIFY", cat(card.certificate, m.uriPayload(URL)), NOTHING),
  };
}

function activate(source: Source): Wallet {
  const [kpriv, chain] = [source.key("Kpriv").secret, source.bytes("chain code")];
  const salt = source.bytes("salt", 16);
  const stretched = stretch(ACCESS_CODE, salt, COST);
  return {
    kpriv,
    chain,
    salt,
    stretched,
    master: keyPair(kpriv).public,
    wrapped: m.wrap(stretched, salt, kpriv, chain),
    setId: source.bytes("set id", 16),
  };
}
function walletJson(w: Wallet) {
  return {
    accessCode: ACCESS_CODE,
    accessCodeBytes: hex(codeBytes(ACCESS_CODE)),
    salt: hex(w.salt),
    cost: COST,
    S: hex(w.stretched),
    Kpriv: hex(w.kpriv),
    chainCode: hex(w.chain),
    masterPublicKey: hex(w.master),
    setId: hex(w.setId),
    wrapInfo: hex(m.wrapInfo(w.salt)),
    Kwrap: hex(m.wrapKey(w.stretched, w.salt)),
    wrapped: hex(w.wrapped),
  };
}

function makeCopy(source: Source, from: Card, to: Card, w: Wallet, n: number, k: number): Copy {
  const [klinkD, klinkS] = [source.key(`copy ${k}: Klink_D`), source.key(`copy ${k}: Klink_S`)];
  const offerParts = {
    header: m.OFFER_HEADER,
    certificate: to.certificate,
    klink: klinkD.public,
    counter: byte(0, 0, 0, 1),
    sourceId: from.id,
    setId: w.setId,
  };
  const offer = m.attest(to.kcard.secret, m.offerBody(offerParts), m.OFFER_LABEL);
  const headParts = {
    header: m.TRANSFER_HEADER,
    certificate: from.certificate,
    klink: klinkS.public,
    offerHash: H(offer),
  };
  const head = m.attest(from.kcard.secret, m.headBody(headParts), m.TRANSFER_LABEL);
  const keys = m.copyKeys(klinkS.secret, klinkD.public, H(offer), head);
  const content = { wrapped: w.wrapped, salt: w.salt, cost: COST, setId: w.setId, n, k };
  const sealed = m.enc(keys, content);
  const transfer = cat(head, sealed);
  const receipt = m.receipt(keys.kreceipt, transfer);
  const json = {
    destination: to.name,
    n,
    k,
    Klink_D: pairJson(klinkD),
    offerSigned: hex(H(label(m.OFFER_LABEL), offer.subarray(0, 175))),
    OFFER: hex(offer),
    offerHash: hex(H(offer)),
    Klink_S: pairJson(klinkS),
    transferSigned: hex(H(label(m.TRANSFER_LABEL), transfer.subarray(0, 171))),
    th: hex(keys.th),
    Z: hex(keys.z),
    Ktrans: hex(keys.ktrans),
    Kreceipt: hex(keys.kreceipt),
    content: hex(m.packageBytes(content)),
    ENC: hex(sealed),
    TRANSFER: hex(transfer),
    transferHash: hex(H(transfer)),
    RECEIPT: hex(receipt),
    steps: [
      plainStep("OFFER", NOTHING, offer),
      plainStep("SEAL", offer, transfer),
      plainStep("ACCEPT", transfer, receipt),
      plainStep("CONFIRM", receipt, NOTHING),
    ],
  };
  return { card: to, k, offer, transfer, receipt, json };
}

/** Challenge, body and signature of one card's ledger. */
function ledgerOf(source: Source, from: Card, copies: Copy[], w: Wallet, card: Card) {
  const own = copies.find((copy) => copy.card === card);
  const listed = own ? [own] : copies;
  const parts = {
    challenge: source.bytes(`${card.name}: ledger challenge`),
    setId: w.setId,
    master: w.master,
    ownId: card.id,
    sourceId: from.id,
    state: own ? STATES.COPY.value : STATES.SHARED.value,
    k: own ? own.k : 1,
    n: copies.length + 1,
    entries: listed.map((copy) => ({
      slot: SLOT_STATES.CONFIRMED.value,
      id: copy.card.id,
      transferHash: H(copy.transfer),
    })),
  };
  const body = m.ledgerBody(parts);
  const signature = ecdsa(card.kcard.secret, label("kincard/ledger/1"), body);
  return { challenge: parts.challenge, body, signature };
}

const HARDENED = 2 ** 31;
const PATHS = [[], [0], [HARDENED], [HARDENED + 44, HARDENED + 60, HARDENED, 0, 5]];
function pathBytes(path: readonly number[]): Bytes {
  const data = new Uint8Array(1 + 4 * path.length);
  data[0] = path.length;
  path.forEach((index, at) => new DataView(data.buffer).setUint32(1 + 4 * at, index));
  return data;
}
function keyJson(source: Source, w: Wallet, path: readonly number[]) {
  let node = { key: w.kpriv, chain: w.chain };
  let parent: Bytes = new Uint8Array(33);
  for (const index of path) {
    parent = keyPair(node.key).public;
    node = child(node, index);
  }
  const digest = source.bytes(`digest at ${path.join("/")}`);
  return {
    path,
    pathBytes: hex(pathBytes(path)),
    secret: hex(node.key),
    publicKeyAnswer: hex(cat(keyPair(node.key).public, node.chain, parent)),
    digest: hex(digest),
    signAnswer: hex(signRecoverable(node.key, digest)),
  };
}

/** A few lines of the byte link: sync, SELECT, STATUS of an EMPTY card. */
function framesJson() {
  const select = m.frame(1, Buffer.from("00a4040009f04b494e4341524401", "hex"));
  return [
    { what: "sync", seq: 0, apdu: "", line: m.frame(0, NOTHING) },
    { what: "SELECT", seq: 1, apdu: "00a4040009f04b494e4341524401", line: select },
    { what: "STATUS", seq: 2, apdu: "80100000", line: m.frame(2, byte(0x80, 0x10, 0, 0)) },
  ];
}

export function ceremony(cardCount: 2 | 3, seed: string) {
  const source = new Source(seed);
  const maker = source.key("Kmaker");
  const cards = Array.from({ length: cardCount }, (_, index) =>
    makeCard(source, maker, index ? `destination ${index}` : "source"),
  );
  const [from, ...destinations] = cards as [Card, ...Card[]];
  const w = activate(source);
  const copies = destinations.map((to, index) =>
    makeCopy(source, from, to, w, cardCount, index + 2),
  );
  const channels: Transcript[] = [];
  const openFor = (card: Card, purpose: string, coded: boolean): Transcript => {
    const name = `channel ${channels.length}`;
    const secrets: ChannelSecrets = {
      ...card,
      salt: coded ? w.salt : new Uint8Array(16),
      cost: coded ? COST : 0,
      host: source.key(`${name}: E_h`),
      ephemeral: source.key(`${name}: E_c`),
    };
    const transcript = new Transcript(card.name, purpose, secrets);
    channels.push(transcript);
    return transcript;
  };
  openFor(from, "activation", false)
    .say("SALT", NOTHING, w.salt)
    .say("ACTIVATE", cat(byte(COST), w.stretched), cat(w.setId, w.master));
  for (const to of destinations) {
    openFor(to, "naming the source", false).say("NAME_SOURCE", cat(from.id, w.setId), NOTHING);
  }
  const ids = cat(...destinations.map((to) => to.id));
  openFor(from, "code and naming the destinations; SEAL follows in plain", true)
    .say("CODE", w.stretched, NOTHING)
    .say("NAME_DESTINATIONS", cat(byte(cardCount), ids), NOTHING);
  const ledgers = cards.map((card) => {
    const { challenge, body, signature } = ledgerOf(source, from, copies, w, card);
    const proving = source.bytes(`${card.name}: proof challenge`);
    const proofMessage = m.proofMessage(card.certificate, proving);
    const proof = ecdsa(card.kcard.secret, proofMessage);
    openFor(card, "done for the user: code, ledger and proof", true)
      .say("CODE", w.stretched, NOTHING)
      .say("LEDGER", challenge, cat(body, signature))
      .say("PROVE", proving, proof);
    return {
      card: card.name,
      challenge: hex(challenge),
      body: hex(body),
      signature: hex(signature),
      proofChallenge: hex(proving),
      proofMessage: hex(proofMessage),
      proof: hex(proof),
    };
  });
  return {
    protocol: "kincard/1",
    schema: "ceremony.schema.json",
    source: "docs/protocol.md",
    seed,
    maker: { Kmaker: pairJson(maker), makerId: hex(m.makerId(maker.public)) },
    cards: cards.map((card) => cardJson(card, maker)),
    wallet: walletJson(w),
    copies: copies.map((copy) => copy.json),
    ledgers,
    keys: PATHS.map((path) => keyJson(source, w, path)),
    channels: channels.map((channel) => channel.json),
    frames: framesJson(),
  };
}
