/**
 * SEAL: an OFFER by peers[0] (whose private keys the test knows) at a source (docs/protocol.md 6).
 * The order of checks decides which word a message with two faults gets: header, names, own Kcard,
 * slot, code, named, place, and only then signatures and points.
 */
import {
  LAYOUTS,
  OFFER_HEADER,
  OFFER_LABEL,
  TRANSFER_HEADER,
  TRANSFER_LABEL,
  attest,
  headBody,
  offerBody,
  type OfferParts,
} from "../messages.js";
import { H, byte, cat, ecdsa, flip, header, put, type Bytes } from "../suite.js";
import { wrongCertificates } from "./certificate.js";
import { BAD_POINTS, badLengths, badSignatures, flips } from "./forge.js";
import type { Case, Flag, Peer, World } from "./types.js";

export function offerParts(w: World, peer: Peer = w.peers[0]): OfferParts {
  return {
    header: OFFER_HEADER,
    certificate: peer.certificate,
    klink: peer.klink.public,
    counter: byte(0, 0, 1, 2),
    sourceId: w.card.id,
    setId: w.setId,
  };
}
const sign = (peer: Peer, parts: OfferParts, name = OFFER_LABEL): Bytes =>
  attest(peer.kcard.secret, offerBody(parts), name);
/** The peer's OFFER with some fields replaced, properly signed. */
export function offerBy(w: World, peer: Peer, change: Partial<OfferParts> = {}): Bytes {
  return sign(peer, { ...offerParts(w, peer), ...change });
}
const good = (w: World): Bytes => offerBy(w, w.peers[0]);
const changed = (w: World, change: Partial<OfferParts>): Bytes => offerBy(w, w.peers[0], change);

export const seal = (
  comment: string,
  flag: Flag,
  word: Case["word"],
  input: (w: World) => Bytes,
): Case => ({ comment, flags: [flag], command: "SEAL", input, word });
const refuse = (comment: string, flag: Flag, input: (w: World) => Bytes): Case =>
  seal(comment, flag, "CRYPTO", input);

function flipWord(field: string): Case["word"] {
  if (field.startsWith("header")) return "DATA";
  if (["Cert Kcard", "id_S", "set id"].includes(field)) return "NAMES";
  return "CRYPTO";
}

const wrongHeaders: readonly Case[] = [
  ["version 2", byte(2, 1, 1)],
  ["suite 2", byte(1, 2, 1)],
  ["type 2 (TRANSFER)", header(2)],
  ["type 0", header(0)],
].map(([name, bytes]) =>
  seal(`header: ${name as string}`, "WrongVersion", "DATA", (w) =>
    changed(w, { header: bytes as Bytes }),
  ),
);

const wrongNames: readonly Case[] = [
  seal("names the destination itself", "WrongName", "NAMES", (w) =>
    changed(w, { sourceId: w.peers[0].id }),
  ),
  seal("names another genuine card", "WrongName", "NAMES", (w) =>
    changed(w, { sourceId: w.peers[1].id }),
  ),
  seal("names another set of this source", "WrongName", "NAMES", (w) =>
    changed(w, { setId: w.source.bytes("another set", 16) }),
  ),
  seal("names the set of zeros", "WrongName", "NAMES", (w) =>
    changed(w, { setId: new Uint8Array(16) }),
  ),
  seal("id_S and set id swapped", "WrongName", "NAMES", (w) =>
    changed(w, { sourceId: w.setId, setId: w.card.id }),
  ),
  seal("a genuine card that was not named", "WrongName", "NAMES", (w) => offerBy(w, w.peers[1])),
  refuse("the source's own certificate", "WrongName", (w) =>
    changed(w, { certificate: w.card.certificate }),
  ),
];

const wrongSigners: readonly Case[] = [
  refuse("Sign_Attest by another genuine card", "InvalidSignature", (w) =>
    sign(w.peers[1], offerParts(w)),
  ),
  refuse("Sign_Attest by the maker", "InvalidSignature", (w) =>
    attest(w.maker.secret, offerBody(offerParts(w)), OFFER_LABEL),
  ),
  refuse("Sign_Attest by Klink_D", "InvalidSignature", (w) =>
    attest(w.peers[0].klink.secret, offerBody(offerParts(w)), OFFER_LABEL),
  ),
  refuse("Sign_Attest under TRANSFER's label", "WrongRole", (w) =>
    sign(w.peers[0], offerParts(w), TRANSFER_LABEL),
  ),
  refuse("Sign_Attest without a label", "InvalidSignature", (w) => {
    const body = offerBody(offerParts(w));
    return cat(body, ecdsa(w.peers[0].kcard.secret, body));
  }),
  refuse("Sign_Attest without the names", "InvalidSignature", (w) => {
    const body = offerBody(offerParts(w));
    const short = attest(w.peers[0].kcard.secret, body.subarray(0, 139), OFFER_LABEL);
    return cat(body, short.subarray(139));
  }),
  refuse("Sign_Attest of an OFFER to the same source for another Klink_D", "Replay", (w) => {
    const other = changed(w, { klink: w.peers[0].nextKlink.public });
    return put(good(w), 175, other.subarray(175));
  }),
  seal("the first 239 bytes of a TRANSFER by the same card", "WrongRole", "DATA", (w) => {
    const parts = { ...offerParts(w), header: TRANSFER_HEADER, offerHash: H(good(w)) };
    const head = attest(w.peers[0].kcard.secret, headBody(parts), TRANSFER_LABEL);
    return cat(head, w.content.wrapped.subarray(0, 4));
  }),
];

/** WALLET, channel with the code, peers[0] named for a set of two. */
export const sealCases: readonly Case[] = [
  ...flips(LAYOUTS.OFFER, "SEAL", good, flipWord),
  ...badSignatures("Cert_D", 42, "SEAL", (w) => good(w)).map(resigned),
  ...badSignatures("Sign_Attest_D", 175, "SEAL", good),
  ...badLengths("SEAL", good),
  ...wrongHeaders,
  ...wrongCertificates.map(([comment, flag, certify]) =>
    refuse(`Cert_D ${comment}`, flag, (w) =>
      changed(w, { certificate: certify(w, w.peers[0].kcard.public) }),
    ),
  ),
  ...wrongNames,
  ...wrongSigners,
  ...BAD_POINTS.map(([comment, spoil]) =>
    refuse(`Klink_D: ${comment}`, "InvalidPoint", (w) =>
      changed(w, { klink: spoil(w.peers[0].klink.public) }),
    ),
  ),
  seal("the OFFER of the card that was named", "Valid", "OK", good),
];

/** A spoilt Cert_D under a fresh Sign_Attest, so that the certificate is all that is wrong. */
function resigned(test: Case): Case {
  return {
    ...test,
    input: (w) => changed(w, { certificate: test.input(w).slice(3, 106) }),
  };
}

/** What a source says without the code, or to a card it did not name in this channel. */
export const sealWithoutCode: readonly Case[] = [
  seal("a valid OFFER", "Access", "CODE", good),
  seal("header type 2", "WrongVersion", "DATA", (w) => changed(w, { header: header(2) })),
  seal("another set", "WrongName", "NAMES", (w) =>
    changed(w, { setId: w.source.bytes("another set", 16) }),
  ),
  refuse("the source's own certificate", "WrongName", (w) =>
    changed(w, { certificate: w.card.certificate }),
  ),
];
export const sealWithoutNaming: readonly Case[] = [
  seal("a valid OFFER, but nobody was named in this channel", "Access", "NAMES", good),
];

/** A slot holds peers[0] and peers[0].klink; a place is free, and peers[1] is named for it. */
export const sealBesideSlot: readonly Case[] = [
  refuse("another card with the link key of the first copy", "ReusedLinkKey", (w) =>
    offerBy(w, w.peers[1], { klink: w.peers[0].klink.public }),
  ),
  ...[
    ["the number before", byte(0, 0, 1, 1)],
    ["the same number", byte(0, 0, 1, 2)],
    ["a number that is higher in its last byte only", byte(0, 0, 0, 255)],
    ["number 0", byte(0, 0, 0, 0)],
  ].map(([name, counter]) =>
    seal(`the slot's card with an OFFER of before, ${name as string}`, "Replay", "USED", (w) =>
      changed(w, { klink: w.peers[0].nextKlink.public, counter: counter as Bytes }),
    ),
  ),
  refuse(
    "an older OFFER of the slot's card, its counter raised afterwards",
    "InvalidSignature",
    (w) => put(changed(w, { klink: w.peers[0].nextKlink.public }), 139, byte(0, 0, 2, 1)),
  ),
  seal("the slot's card and link key for another set", "WrongName", "NAMES", (w) =>
    changed(w, { setId: w.source.bytes("another set", 16) }),
  ),
  seal("the same OFFER again", "Valid", "OK", good),
  seal("the same OFFER with a spoilt signature: the stored TRANSFER", "Valid", "OK", (w) =>
    flip(good(w), 238),
  ),
];
export const sealBesideSlotPlain: readonly Case[] = [
  seal("the slot's card with a new link key", "Access", "CODE", (w) =>
    changed(w, { klink: w.peers[0].nextKlink.public }),
  ),
  seal("another card", "Access", "CODE", (w) => offerBy(w, w.peers[1])),
];
export const sealWithoutPlace: readonly Case[] = [
  seal("another named card, but the set of two is full", "Order", "FULL", (w) =>
    offerBy(w, w.peers[1]),
  ),
];
export const sealAfterReceipt: readonly Case[] = [
  seal("the confirmed card's OFFER again", "Replay", "USED", good),
  seal("the confirmed card with a new link key", "Order", "USED", (w) =>
    changed(w, { klink: w.peers[0].nextKlink.public }),
  ),
  refuse("another card with the link key of the first copy", "ReusedLinkKey", (w) =>
    offerBy(w, w.peers[1], { klink: w.peers[0].klink.public }),
  ),
];
