/**
 * ACCEPT: a TRANSFER by peers[0], the source that the card was told, at a destination that made its
 * OFFER (docs/protocol.md 6). The header is checked first, then the name of the source.
 */
import {
  LAYOUTS,
  OFFER_HEADER,
  OFFER_LABEL,
  TRANSFER_HEADER,
  TRANSFER_LABEL,
  attest,
  copyKeys,
  enc,
  headBody,
  keysFrom,
  packageBytes,
  type CopyKeys,
  type HeadParts,
  type Package,
} from "../messages.js";
import {
  H,
  NONCE_0,
  byte,
  cat,
  ecdsa,
  flip,
  header,
  hkdf,
  put,
  seal,
  type Bytes,
} from "../suite.js";
import { wrongCertificates } from "./certificate.js";
import { BAD_POINTS, badLengths, badSignatures, flips } from "./forge.js";
import type { Case, Flag, Peer, World } from "./types.js";

function ownOffer(w: World): Bytes {
  if (!w.offer) throw new Error("this situation has no OFFER of the card");
  return w.offer;
}
const klinkOf = (offer: Bytes): Bytes => offer.subarray(106, 139);

interface Forgery {
  readonly peer?: Peer;
  readonly parts?: Partial<HeadParts>;
  readonly label?: string;
  readonly content?: Partial<Package>;
  readonly offer?: Bytes;
  /** Replaces Sign_Attest_S; gets the 171 bytes before it. */
  readonly sign?: (body: Bytes) => Bytes;
  /** Replaces ENC; gets the right keys and content. */
  readonly enc?: (keys: CopyKeys, content: Package, head: Bytes) => Bytes;
}
/** A TRANSFER by a peer that keeps to the protocol but for what `f` says. */
export function transferBy(w: World, f: Forgery = {}): Bytes {
  const peer = f.peer ?? w.peers[0];
  const offer = f.offer ?? ownOffer(w);
  const parts = {
    header: TRANSFER_HEADER,
    certificate: peer.certificate,
    klink: peer.klink.public,
    offerHash: H(offer),
    ...f.parts,
  };
  const body = headBody(parts);
  const head = f.sign
    ? cat(body, f.sign(body))
    : attest(peer.kcard.secret, body, f.label ?? TRANSFER_LABEL);
  const keys = copyKeys(peer.klink.secret, klinkOf(offer), parts.offerHash, head);
  const content = { ...w.content, ...f.content };
  return cat(head, f.enc ? f.enc(keys, content, head) : enc(keys, content));
}
const good = (w: World): Bytes => transferBy(w);

export const accept = (
  comment: string,
  flag: Flag,
  word: Case["word"],
  input: (w: World) => Bytes,
): Case => ({ comment, flags: [flag], command: "ACCEPT", input, word });
const refuse = (comment: string, flag: Flag, f: Forgery | ((w: World) => Forgery)): Case =>
  accept(comment, flag, "CRYPTO", (w) => transferBy(w, typeof f === "function" ? f(w) : f));

/** An OFFER that the card could have made in an earlier exchange: another Klink_D. */
function oldOffer(w: World): Bytes {
  return put(ownOffer(w), 106, w.peers[1].nextKlink.public);
}

const wrongHeads: readonly Case[] = [
  ...[
    ["version 2", byte(2, 1, 2)] as const,
    ["suite 2", byte(1, 2, 2)] as const,
    ["type 1 (OFFER)", OFFER_HEADER] as const,
    ["type 3", header(3)] as const,
  ].map(([name, bytes]) =>
    accept(`header: ${name}`, "WrongVersion", "DATA", (w) =>
      transferBy(w, { parts: { header: bytes } }),
    ),
  ),
  accept("header: type 1 (OFFER), by another genuine card", "WrongVersion", "DATA", (w) =>
    transferBy(w, { peer: w.peers[1], parts: { header: OFFER_HEADER } }),
  ),
  accept("by another genuine card", "WrongName", "NAMES", (w) =>
    transferBy(w, { peer: w.peers[1] }),
  ),
  accept("by the destination itself", "WrongName", "NAMES", (w) =>
    transferBy(w, { parts: { certificate: w.card.certificate } }),
  ),
  refuse("H(OFFER) of an OFFER with another Klink_D", "Replay", (w) => ({
    parts: { offerHash: H(oldOffer(w)) },
  })),
  refuse("H(OFFER) is zeros", "WrongContent", { parts: { offerHash: new Uint8Array(32) } }),
  refuse("H(OFFER) is the hash of the OFFER before its signature", "WrongContent", (w) => ({
    parts: { offerHash: H(ownOffer(w).subarray(0, 171)) },
  })),
  refuse(
    "H(OFFER) of an OFFER with another Klink_D, but keys and th of this one",
    "Replay",
    (w) => ({
      parts: { offerHash: H(oldOffer(w)) },
      enc: (keys, p, head) => enc(keysFrom(keys.z, H(ownOffer(w)), head), p),
    }),
  ),
  accept("a whole TRANSFER for an OFFER with another Klink_D", "Replay", "CRYPTO", (w) =>
    transferBy(w, { offer: oldOffer(w) }),
  ),
  refuse("Klink_S is Klink_D", "ReusedLinkKey", (w) => ({
    parts: { klink: klinkOf(ownOffer(w)) },
  })),
];

const wrongSigners: readonly Case[] = [
  refuse("Sign_Attest by another genuine card", "InvalidSignature", (w) => ({
    sign: (body) => attest(w.peers[1].kcard.secret, body, TRANSFER_LABEL).subarray(171),
  })),
  refuse("Sign_Attest by the maker", "InvalidSignature", (w) => ({
    sign: (body) => attest(w.maker.secret, body, TRANSFER_LABEL).subarray(171),
  })),
  refuse("Sign_Attest under OFFER's label", "WrongRole", { label: OFFER_LABEL }),
  refuse("Sign_Attest without a label", "InvalidSignature", (w) => ({
    sign: (body) => ecdsa(w.peers[0].kcard.secret, body),
  })),
  refuse("Sign_Attest without H(OFFER)", "InvalidSignature", (w) => ({
    sign: (body) =>
      attest(w.peers[0].kcard.secret, body.subarray(0, 139), TRANSFER_LABEL).subarray(139),
  })),
  accept("the card's own OFFER, filled up to the length", "WrongRole", "DATA", (w) =>
    cat(ownOffer(w), new Uint8Array(127)),
  ),
  accept("the card's own OFFER under a TRANSFER's header", "WrongRole", "NAMES", (w) =>
    cat(put(ownOffer(w), 0, TRANSFER_HEADER), new Uint8Array(127)),
  ),
];

const wrongSeals: readonly Case[] = [
  refuse("ENC under Kreceipt", "WrongKey", {
    enc: (keys, p) => seal(keys.kreceipt, NONCE_0, keys.th, packageBytes(p)),
  }),
  refuse("ENC with nonce 1", "WrongKey", {
    enc: (keys, p) => seal(keys.ktrans, put(NONCE_0, 0, byte(1)), keys.th, packageBytes(p)),
  }),
  refuse("ENC without aad", "WrongKey", {
    enc: (keys, p) => seal(keys.ktrans, NONCE_0, byte(), packageBytes(p)),
  }),
  refuse("ENC with H(OFFER) as aad", "WrongKey", (w) => ({
    enc: (keys, p) => seal(keys.ktrans, NONCE_0, H(ownOffer(w)), packageBytes(p)),
  })),
  refuse("Ktrans with a salt of zeros", "WrongKey", {
    enc: (keys, p) =>
      seal(hkdf(keys.z, new Uint8Array(32), "kincard/ktrans/1"), NONCE_0, keys.th, packageBytes(p)),
  }),
  refuse("th without H(OFFER)", "WrongKey", {
    enc: (keys, p, head) => enc(keysFrom(keys.z, byte(), head), p),
  }),
  refuse("th without Sign_Attest_S", "WrongKey", (w) => ({
    enc: (keys, p, head) => enc(keysFrom(keys.z, H(ownOffer(w)), head.subarray(0, 171)), p),
  })),
  refuse("ENC by someone who does not have Klink_S", "WrongKey", (w) => ({
    enc: (_keys, p, head) => enc(keysFrom(w.source.bytes("a guess"), H(ownOffer(w)), head), p),
  })),
  refuse("ENC of a link key that is not the one signed", "WrongKey", (w) => ({
    enc: (_, p, head) =>
      enc(copyKeys(w.peers[0].nextKlink.secret, klinkOf(ownOffer(w)), H(ownOffer(w)), head), p),
  })),
  refuse("ENC is zeros", "WrongKey", { enc: () => new Uint8Array(131) }),
];

const wrongContents: readonly Case[] = [
  refuse("set id inside ENC is another", "WrongContent", (w) => ({
    content: { setId: w.source.bytes("another set", 16) },
  })),
  refuse("set id inside ENC is zeros", "WrongContent", { content: { setId: new Uint8Array(16) } }),
  ...[0, 9, 21, 255].map((cost) => refuse(`cost = ${cost}`, "WrongContent", { content: { cost } })),
  ...[0, 1, 4, 255].map((n) => refuse(`n = ${n}`, "WrongContent", { content: { n } })),
  ...[0, 1, 255].map((k) => refuse(`k = ${k}`, "WrongContent", { content: { k } })),
  refuse("k = 3 of n = 2", "WrongContent", { content: { n: 2, k: 3 } }),
  refuse("k = 4 of n = 3", "WrongContent", { content: { n: 3, k: 4 } }),
];

function flipWord(field: string): Case["word"] {
  if (field.startsWith("header")) return "DATA";
  return field === "Cert Kcard" ? "NAMES" : "CRYPTO";
}

/** OFFERED: told peers[0] and its set. */
export const acceptCases: readonly Case[] = [
  ...flips(LAYOUTS.TRANSFER, "ACCEPT", good, flipWord),
  ...badSignatures("Cert_S", 42, "ACCEPT", good).map((test): Case => ({
    ...test,
    input: (w) => transferBy(w, { parts: { certificate: test.input(w).slice(3, 106) } }),
  })),
  ...badSignatures("Sign_Attest_S", 171, "ACCEPT", good).map((test): Case => ({
    ...test,
    input: (w) => transferBy(w, { sign: () => test.input(w).slice(171, 235) }),
  })),
  ...badLengths("ACCEPT", good),
  accept("without ENC", "Length", "LENGTH", (w) => good(w).subarray(0, 235)),
  ...wrongHeads,
  ...wrongCertificates.map(([comment, flag, certify]) =>
    refuse(`Cert_S ${comment}`, flag, (w) => ({
      parts: { certificate: certify(w, w.peers[0].kcard.public) },
    })),
  ),
  ...wrongSigners,
  ...BAD_POINTS.map(([comment, spoil]) =>
    refuse(`Klink_S: ${comment}`, "InvalidPoint", (w) => ({
      parts: { klink: spoil(w.peers[0].klink.public) },
    })),
  ),
  ...wrongSeals,
  ...wrongContents,
  accept("the TRANSFER of the source that was named", "Valid", "OK", good),
];

/** COPY: took good(w). */
export const acceptAgain: readonly Case[] = [
  accept("another TRANSFER by the same source for the same OFFER", "Order", "USED", (w) =>
    transferBy(w, { content: { k: 3, n: 3 } }),
  ),
  accept("the TRANSFER it took with one bit turned over", "FlippedByte", "USED", (w) =>
    flip(good(w), 365),
  ),
  accept("the TRANSFER it took", "Valid", "OK", good),
];
