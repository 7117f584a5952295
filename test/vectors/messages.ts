/**
 * Every message of docs/protocol.md, built field by field, so that a test can put anything into any
 * field. Sections: 2 (certificates), 4 (request), 5 (channel, code), 6 (backup), 8 (proofs), 9
 * (link).
 */
import {
  H,
  NONCE_0,
  VERSION_SUITE,
  ascii,
  byte,
  cat,
  ecdh,
  ecdsa,
  header,
  hkdf,
  hmac,
  label,
  seal,
  type Bytes,
  type KeyPair,
} from "./suite.js";

export const CERT_LABEL = "kincard/cert/1";
export const OFFER_LABEL = "kincard/offer/1";
export const TRANSFER_LABEL = "kincard/transfer/1";

/** Name, offset, length: what lies where in a message, for the tests that flip every field. */
export type Layout = readonly (readonly [string, number, number])[];
const CERT_LAYOUT: Layout = [
  ["version", 0, 1],
  ["suite", 1, 1],
  ["maker id", 2, 4],
  ["Kcard", 6, 33],
  ["certificate r", 39, 32],
  ["certificate s", 71, 32],
];
const certAt = (start: number): Layout =>
  CERT_LAYOUT.map(([name, offset, length]) => [`Cert ${name}`, start + offset, length] as const);
const HEADER_LAYOUT: Layout = [
  ["header version", 0, 1],
  ["header suite", 1, 1],
  ["header type", 2, 1],
];
const attestAt = (start: number): Layout => [
  ["Sign_Attest r", start, 32],
  ["Sign_Attest s", start + 32, 32],
];
export const LAYOUTS = {
  CERTIFICATE: certAt(0),
  OFFER: [
    ...HEADER_LAYOUT,
    ...certAt(3),
    ["Klink_D", 106, 33],
    ["counter", 139, 4],
    ["id_S", 143, 16],
    ["set id", 159, 16],
    ...attestAt(175),
  ],
  TRANSFER: [
    ...HEADER_LAYOUT,
    ...certAt(3),
    ["Klink_S", 106, 33],
    ["H(OFFER)", 139, 32],
    ...attestAt(171),
    ["ENC wrapped", 235, 80],
    ["ENC salt", 315, 16],
    ["ENC cost", 331, 1],
    ["ENC set id", 332, 16],
    ["ENC n", 348, 1],
    ["ENC k", 349, 1],
    ["ENC tag", 350, 16],
  ],
  RECEIPT: [["RECEIPT", 0, 32]],
} as const satisfies Record<string, Layout>;

export const makerId = (maker: Bytes): Bytes => H(label("kincard/maker/1"), maker).subarray(0, 4);
export const cardId = (kcard: Bytes): Bytes => H(label("kincard/id/1"), kcard).subarray(0, 16);

export function certificateBody(maker: Bytes, kcard: Bytes, opening = VERSION_SUITE): Bytes {
  return cat(opening, makerId(maker), kcard);
}
/** Any 39 bytes signed as a certificate is. */
export function signCertificate(signer: Bytes, body: Bytes, name = CERT_LABEL): Bytes {
  return cat(body, ecdsa(signer, label(name), body));
}
export function certificate(maker: KeyPair, kcard: Bytes, suite = VERSION_SUITE): Bytes {
  return signCertificate(maker.secret, certificateBody(maker.public, kcard, suite));
}
/** What the tag shows, NFC Forum URI RTD 1.0: code 04 stands for https://. */
export function uriPayload(url: string): Bytes {
  if (!url.startsWith("https://")) throw new Error("the vectors use code 04 alone");
  return cat(byte(4), ascii(url.slice(8)));
}
export function request(maker: Bytes, kcard: KeyPair): Bytes {
  const body = cat(label("kincard/request/1"), VERSION_SUITE, makerId(maker), kcard.public);
  return cat(kcard.public, ecdsa(kcard.secret, body));
}

export interface OfferParts {
  readonly header: Bytes;
  readonly certificate: Bytes;
  readonly klink: Bytes;
  /** Big-endian. */
  readonly counter: Bytes;
  readonly sourceId: Bytes;
  readonly setId: Bytes;
}
export const OFFER_HEADER = header(1);
export const TRANSFER_HEADER = header(2);

export function offerBody(parts: OfferParts): Bytes {
  const { counter, sourceId, setId } = parts;
  return cat(parts.header, parts.certificate, parts.klink, counter, sourceId, setId);
}
/** A body with Sign_Attest over it. */
export function attest(kcard: Bytes, body: Bytes, name: string): Bytes {
  return cat(body, ecdsa(kcard, label(name), body));
}

export interface HeadParts {
  readonly header: Bytes;
  readonly certificate: Bytes;
  readonly klink: Bytes;
  readonly offerHash: Bytes;
}
export function headBody(parts: HeadParts): Bytes {
  return cat(parts.header, parts.certificate, parts.klink, parts.offerHash);
}

/** What ENC holds. */
export interface Package {
  readonly wrapped: Bytes;
  readonly salt: Bytes;
  readonly cost: number;
  readonly setId: Bytes;
  readonly n: number;
  readonly k: number;
}
export function packageBytes(p: Package): Bytes {
  return cat(p.wrapped, p.salt, byte(p.cost), p.setId, byte(p.n, p.k));
}

export interface CopyKeys {
  readonly th: Bytes;
  readonly z: Bytes;
  readonly ktrans: Bytes;
  readonly kreceipt: Bytes;
}
/** The keys of one copy, from either side's Klink. `head` = TRANSFER before ENC. */
export function copyKeys(klink: Bytes, other: Bytes, offerHash: Bytes, head: Bytes): CopyKeys {
  return keysFrom(ecdh(klink, other), offerHash, head);
}
export function keysFrom(z: Bytes, offerHash: Bytes, head: Bytes): CopyKeys {
  const th = H(offerHash, head);
  const ktrans = hkdf(z, th, "kincard/ktrans/1");
  return { th, z, ktrans, kreceipt: hkdf(z, th, "kincard/kreceipt/1") };
}
export function enc(keys: CopyKeys, content: Package): Bytes {
  return seal(keys.ktrans, NONCE_0, keys.th, packageBytes(content));
}
export function receipt(kreceipt: Bytes, transfer: Bytes): Bytes {
  return hmac(kreceipt, label("kincard/receipt/1"), H(transfer));
}

/** Kwrap's info: its own length byte covers label and salt (section 5). */
export const wrapInfo = (salt: Bytes): Bytes =>
  cat(byte(14 + salt.length), ascii("kincard/code/1"), salt);
export function wrapKey(stretched: Bytes, salt: Bytes): Bytes {
  return hmac(stretched, wrapInfo(salt));
}
export function wrap(stretched: Bytes, salt: Bytes, kpriv: Bytes, chain: Bytes): Bytes {
  return seal(wrapKey(stretched, salt), NONCE_0, byte(), cat(kpriv, chain));
}

export const proofMessage = (cert: Bytes, challenge: Bytes): Bytes =>
  cat(label("kincard/proof/1"), VERSION_SUITE, cert, challenge);

export interface LedgerEntry {
  readonly slot: number;
  readonly id: Bytes;
  readonly transferHash: Bytes;
}
export interface LedgerParts {
  readonly challenge: Bytes;
  readonly setId: Bytes;
  readonly master: Bytes;
  readonly ownId: Bytes;
  readonly sourceId: Bytes;
  readonly state: number;
  readonly k: number;
  readonly n: number;
  readonly entries: readonly LedgerEntry[];
}
export function ledgerBody(p: LedgerParts): Bytes {
  const entries = p.entries.map((e) => cat(byte(e.slot), e.id, e.transferHash));
  while (entries.length < 2) entries.push(new Uint8Array(49));
  const names = cat(p.ownId, p.sourceId, byte(p.state, p.k, p.n));
  return cat(VERSION_SUITE, p.challenge, p.setId, p.master, names, ...entries);
}

/** CRC-32 of IEEE 802.3, bit by bit: short, and unlike any table the card or host may use. */
export function crc32(data: Bytes): Bytes {
  let crc = 0xffffffff;
  for (const value of data) {
    crc ^= value;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  const sum = ~crc >>> 0;
  return byte(sum >>> 24, (sum >>> 16) & 255, (sum >>> 8) & 255, sum & 255);
}
/** One line of the byte link, without its LF. */
export function frame(seq: number, apdu: Bytes): string {
  const body = cat(byte(seq), apdu);
  return Buffer.from(cat(body, crc32(body))).toString("base64");
}
