/**
 * What each byte of a command and of its answer is: docs/protocol.md 3 to 6 as tables, with what
 * protects each part and who stands for it. Browser-safe.
 */

import { LAYOUTS, SIZES } from "../wire/generated.js";
import type { CommandName } from "../wire/generated.js";

/**
 * frame: header, lengths, status word; public: in the clear, nobody stands for it; signed: in the
 * clear, under the signature that follows; signature; mac: a keyed hash; sealed: unreadable to
 * whoever carries it; secret: what is inside a seal and must never be outside.
 */
export const COVERS = [
  ...["frame", "public", "signed", "signature", "mac", "sealed", "secret"],
] as const;
export type Cover = "frame" | "public" | "signed" | "signature" | "mac" | "sealed" | "secret";

/** So many bytes; `by` is the key that signed, sealed or hashed them. */
export interface Part {
  readonly name: string;
  readonly size: number;
  readonly cover: Cover;
  readonly by?: string;
}

const part = (name: string, size: number, cover: Cover = "public", by?: string): Part =>
  by === undefined ? { name, size, cover } : { name, size, cover, by };
const { Cert, Offer, Msg, Status, Ledger, LedgerSlot, Hello } = LAYOUTS;
const { POINT, SIGNATURE, ID, SET_ID, SALT, HASH, TAG, HEADER, RECEIPT } = SIZES;

const CERTIFICATE: readonly Part[] = [
  part("version, suite", Cert.MAKER_ID, "signed", "Kmaker"),
  part("maker id", Cert.MAKER_ID_SIZE, "signed", "Kmaker"),
  part("Kcard", POINT, "signed", "Kmaker"),
  part("maker's signature", SIGNATURE, "signature", "Kmaker"),
];
const OFFER: readonly Part[] = [
  part("header", HEADER, "signed", "Kcard"),
  ...CERTIFICATE,
  part("Klink", POINT, "signed", "Kcard"),
  part("counter", Offer.COUNTER_SIZE, "signed", "Kcard"),
  part("source's id", ID, "signed", "Kcard"),
  part("set id", SET_ID, "signed", "Kcard"),
  part("card's signature", SIGNATURE, "signature", "Kcard"),
];
const TRANSFER: readonly Part[] = [
  part("header", HEADER, "signed", "Kcard"),
  ...CERTIFICATE,
  part("Klink", POINT, "signed", "Kcard"),
  part("H(OFFER)", HASH, "signed", "Kcard"),
  part("card's signature", SIGNATURE, "signature", "Kcard"),
  part("ENC: the wallet key", Msg.ENC_SIZE - TAG, "sealed", "Ktrans"),
  part("tag", TAG, "sealed", "Ktrans"),
];
const RECEIPT_PARTS = [part("RECEIPT", RECEIPT, "mac", "Kreceipt")];
const STATUS: readonly Part[] = [
  part("version, suite", Status.STATE),
  ...[part("state", 1), part("flags", 1), part("set size", 1), part("copy", 1)],
  ...[part("slot 1", 1), part("slot 2", 1), part("misses", 1), part("drops", 1)],
  ...[part("wait", Status.WAIT_SIZE), part("firmware", Status.FIRMWARE_SIZE), part("ABI", 1)],
];
const slot = (number: number): readonly Part[] => [
  part(`slot ${number}`, LedgerSlot.STATE_SIZE, "signed", "Kcard"),
  part(`copy ${number}'s id`, ID, "signed", "Kcard"),
  part("H(TRANSFER)", HASH, "signed", "Kcard"),
];
const LEDGER: readonly Part[] = [
  part("version, suite", Ledger.CHALLENGE, "signed", "Kcard"),
  part("challenge", HASH, "signed", "Kcard"),
  part("set id", SET_ID, "signed", "Kcard"),
  part("wallet's public key", POINT, "signed", "Kcard"),
  part("own id", ID, "signed", "Kcard"),
  part("source's id", ID, "signed", "Kcard"),
  part("state, copy, set size", 3, "signed", "Kcard"),
  ...slot(1),
  ...slot(2),
  part("card's signature", SIGNATURE, "signature", "Kcard"),
];
const STRETCHED = part("stretched access code", HASH, "secret");
const NEW_CODE = [part("cost", 1), STRETCHED];

/** Data of a command and of its answer. What comes after the last part is "more". */
const COMMAND_DATA: Readonly<Partial<Record<CommandName, readonly Part[]>>> = {
  CERTIFY: [...CERTIFICATE, part("NFC address", SIZES.URL_MAX)],
  OPEN: [part("E_h", POINT)],
  CODE: [STRETCHED],
  CHANGE_CODE: NEW_CODE,
  ACTIVATE: NEW_CODE,
  NAME_SOURCE: [part("source's id", ID), part("set id", SET_ID)],
  NAME_DESTINATIONS: [part("set size", 1), part("copy's id", ID), part("copy's id", ID)],
  SEAL: OFFER,
  ACCEPT: TRANSFER,
  CONFIRM: RECEIPT_PARTS,
  PUBLIC_KEY: [part("path", 1 + 4 * SIZES.PATH_MAX)],
  SIGN: [part("path and digest", 1 + 4 * SIZES.PATH_MAX + HASH)],
  PROVE: [part("challenge", HASH)],
  LEDGER: [part("challenge", HASH)],
  CONSENT: [part("H(OFFER), c, N_D or N_S", HASH)],
};
const ANSWER_DATA: Readonly<Partial<Record<CommandName, readonly Part[]>>> = {
  STATUS,
  PERSONALISE: [
    part("Kcard", POINT, "signed", "Kcard"),
    part("card's signature", SIGNATURE, "signature", "Kcard"),
  ],
  CERTIFICATE,
  OPEN: [
    part("E_c", POINT),
    part("hello: certificate, proof, salt", Hello.SIZE, "sealed", "Khello"),
    part("tag", TAG, "sealed", "Khello"),
  ],
  SALT: [part("salt", SALT)],
  ACTIVATE: [part("set id", SET_ID), part("wallet's public key", POINT)],
  OFFER,
  SEAL: TRANSFER,
  RESEND: TRANSFER,
  ACCEPT: RECEIPT_PARTS,
  PUBLIC_KEY: [
    part("public key", POINT),
    part("chain code", HASH),
    part("parent's public key", POINT),
  ],
  SIGN: [part("signature by the wallet", SIGNATURE), part("recovery id", 1)],
  PROVE: [part("card's signature", SIGNATURE, "signature", "Kcard")],
  LEDGER,
  CONSENT: [part("c, N_D or N_S", HASH)],
};

export type Side = "command" | "answer";

/**
 * The parts of `size` bytes of data that begin at `from`, of a command that is not sealed. An
 * answer that is a refusal has other data (`sw` is not 9000): it is public.
 */
export function plainParts(name: CommandName, side: Side, size: number, from = 0): readonly Part[] {
  const table = (side === "command" ? COMMAND_DATA : ANSWER_DATA)[name] ?? [];
  return cut([...table, part("more", Infinity)], from, size);
}

/** The same of what goes through the channel; `last`: the tag ends it. */
export function sealedParts(side: Side, size: number, last: boolean): readonly Part[] {
  const by = side === "command" ? "Ktocard" : "Ktohost";
  const tag = last ? Math.min(TAG, size) : 0;
  const parts = [part("sealed", size - tag, "sealed", by), part("tag", tag, "sealed", by)];
  return parts.filter((each) => each.size > 0);
}

/** What of `parts`, one after the other, lies in `size` bytes from `from` on. */
function cut(parts: readonly Part[], from: number, size: number): Part[] {
  const found: Part[] = [];
  let at = 0;
  for (const each of parts) {
    const begin = Math.max(at, from);
    const end = Math.min(at + each.size, from + size);
    if (end > begin) found.push({ ...each, size: end - begin });
    at += each.size;
  }
  return found;
}

/** CLA INS P1 P2, Lc, Le and the status word. */
export const framePart = (name: string, size: number): Part => part(name, size, "frame");
export const publicPart = (name: string, size: number): Part => part(name, size);
