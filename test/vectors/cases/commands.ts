/** Everything else: points at OPEN, naming, code, activation, paths, and malformed APDUs. */
import { channelHeader, nonce, sealCommand, shortApdu } from "../channel.js";
import { byte, cat, flip, fromHex, put, seal as aead, type Bytes } from "../suite.js";
import { BAD_POINTS } from "./forge.js";
import type { Case, Flag, World } from "./types.js";

type Make = (w: World) => Bytes;
const nothing: Make = () => byte();
const test = (
  command: Case["command"],
  comment: string,
  flag: Flag,
  word: Case["word"],
  input: Make = nothing,
  p1 = 0,
): Case => ({ comment, flags: [flag], command, input, word, ...(p1 ? { p1 } : {}) });

export const openCases: readonly Case[] = [
  ...BAD_POINTS.map(([comment, spoil]) =>
    test("OPEN", `E_h: ${comment}`, "InvalidPoint", "CRYPTO", (w) =>
      spoil(w.peers[0].klink.public),
    ),
  ),
  test("OPEN", "one byte too short", "Length", "LENGTH", (w) => w.maker.public.subarray(0, 32)),
  test("OPEN", "an uncompressed point", "Length", "LENGTH", () => new Uint8Array(65).fill(4, 0, 1)),
];

const peerId = (index: 0 | 1) => (w: World) => w.peers[index].id;
const naming = (comment: string, flag: Flag, word: Case["word"], input: Make): Case =>
  test("NAME_DESTINATIONS", comment, flag, word, input);
const one =
  (n: number): Make =>
  (w) =>
    cat(byte(n), peerId(0)(w));
const two =
  (n: number): Make =>
  (w) =>
    cat(byte(n), peerId(0)(w), peerId(1)(w));

export const namingCases: readonly Case[] = [
  ...[0, 1, 4, 255].map((n) => naming(`n = ${n}`, "Range", "DATA", one(n))),
  naming("two ids for a set of two", "Range", "DATA", two(2)),
  naming("the source's own id", "WrongName", "DATA", (w) => cat(byte(2), w.card.id)),
  naming("the source's own id as the second", "WrongName", "DATA", (w) =>
    cat(byte(3), peerId(0)(w), w.card.id),
  ),
  naming("the same id twice", "WrongName", "DATA", (w) => cat(byte(3), peerId(0)(w), peerId(0)(w))),
  naming("no id", "Length", "LENGTH", () => byte(2)),
  naming("15 bytes of an id", "Length", "LENGTH", (w) => one(2)(w).subarray(0, 16)),
  naming("an id and a byte", "Length", "DATA", (w) => cat(one(2)(w), byte(0))),
  naming("31 bytes of two ids", "Length", "DATA", (w) => two(3)(w).subarray(0, 32)),
  naming("three ids", "Length", "LENGTH", (w) => cat(two(3)(w), w.card.id)),
  naming("one id", "Valid", "OK", one(2)),
];
export const namingInSharing: readonly Case[] = [
  naming("n = 3 in a set of two", "Range", "NAMES", one(3)),
];

const path =
  (depth: number, length: number): Make =>
  () =>
    put(new Uint8Array(1 + length), 0, byte(depth));
export const keyCases: readonly Case[] = [
  test("PUBLIC_KEY", "no data", "Length", "LENGTH"),
  test("PUBLIC_KEY", "depth 1 without an index", "Length", "DATA", path(1, 0)),
  test("PUBLIC_KEY", "depth 2 with one index", "Length", "DATA", path(2, 4)),
  test("PUBLIC_KEY", "depth 0 with an index", "Length", "DATA", path(0, 4)),
  test("PUBLIC_KEY", "depth 9", "Range", "DATA", path(9, 32)),
  test("PUBLIC_KEY", "depth 9, all of it", "Length", "LENGTH", path(9, 36)),
  test("PUBLIC_KEY", "depth 8", "Valid", "OK", path(8, 32)),
  test("SIGN", "a digest of 31 bytes", "Length", "LENGTH", path(0, 31)),
  test("SIGN", "a digest of 31 bytes at depth 1", "Length", "DATA", path(1, 35)),
  test("SIGN", "a digest of 33 bytes", "Length", "DATA", path(0, 33)),
  test("SIGN", "depth 1 without an index", "Length", "DATA", path(1, 32)),
  test("SIGN", "depth 9", "Range", "DATA", path(9, 64)),
  test("LEDGER", "a challenge of 31 bytes", "Length", "LENGTH", () => new Uint8Array(31)),
  test("FINISH", "nothing was sealed yet", "Order", "STATE"),
  test("RESEND", "nothing was sealed yet", "Order", "STATE"),
  test("ACTIVATE", "the wallet exists", "Order", "STATE", () => new Uint8Array(33)),
  test("NAME_SOURCE", "a wallet takes no key", "Order", "STATE", () => new Uint8Array(32)),
];
export const finishCases: readonly Case[] = [
  test("FINISH", "a sealed slot has no receipt", "Order", "UNCONFIRMED"),
  test("FINISH", "P1 = 2", "Range", "P1P2", nothing, 2),
  test("CHANGE_CODE", "while sharing", "Order", "STATE", () => new Uint8Array(33)),
];

/** RESEND while peers[0]'s slot is sealed and the other open. */
export const resendCases: readonly Case[] = [
  test("RESEND", "a slot that is open", "Order", "STATE", nothing, 1),
  test("RESEND", "P1 = 2", "Range", "P1P2", nothing, 2),
  test("RESEND", "a byte of data", "Length", "LENGTH", () => byte(0)),
  test("RESEND", "the sealed slot", "Valid", "OK"),
];
export const resendAfterReceipt: readonly Case[] = [
  test("RESEND", "a slot that has its receipt", "Order", "USED"),
  test("RESEND", "a slot that is open", "Order", "STATE", nothing, 1),
];
export const resendWithoutCode: readonly Case[] = [
  test("RESEND", "without the code", "Access", "CODE"),
];
/** In plain: the state's cell comes before the access that it lacks. */
function resendNowhere(comment: string, word: Case["word"]): Case {
  return { ...test("RAW", comment, "Order", word), input: () => fromHex("80480000") };
}

/** A channel without the code. */
export const codelessCases: readonly Case[] = [
  test("NAME_DESTINATIONS", "without the code", "Access", "CODE", one(2)),
  test("PUBLIC_KEY", "without the code", "Access", "CODE", path(0, 0)),
  test("SIGN", "without the code", "Access", "CODE", path(0, 32)),
  test("LEDGER", "without the code", "Access", "CODE", () => new Uint8Array(32)),
  test("CHANGE_CODE", "without the code", "Access", "CODE", () => new Uint8Array(33)),
  test("CODE", "31 bytes", "Length", "LENGTH", () => new Uint8Array(31)),
  test("CODE", "a wrong code", "Range", "WRONG_CODE", (w) => flip(stretched(w), 31)),
  test("CODE", "the right code", "Valid", "OK", (w) => stretched(w)),
];
function stretched(w: World): Bytes {
  if (!w.stretched) throw new Error("this situation has no access code");
  return w.stretched;
}

const activation =
  (cost: number, length = 32): Make =>
  (w) =>
    cat(byte(cost), w.source.bytes("S", length));
export const activateCases: readonly Case[] = [
  ...[0, 9, 21, 255].map((cost) =>
    test("ACTIVATE", `cost ${cost}`, "Range", "DATA", activation(cost)),
  ),
  test("ACTIVATE", "S of 31 bytes", "Length", "LENGTH", activation(10, 31)),
];
export const unsaltedCases: readonly Case[] = [
  test("ACTIVATE", "without SALT in this channel", "Order", "STATE", activation(10)),
  test("NAME_SOURCE", "31 bytes", "Length", "LENGTH", () => new Uint8Array(31)),
  test("NAME_SOURCE", "33 bytes", "Length", "LENGTH", () => new Uint8Array(33)),
  test("NAME_SOURCE", "no data", "Length", "LENGTH"),
  test("NAME_SOURCE", "its own id", "WrongName", "NAMES", (w) => cat(w.card.id, w.setId)),
  test("CANCEL", "no offer", "Order", "EMPTY"),
  test("CODE", "no code was set", "Order", "EMPTY", () => new Uint8Array(32)),
];

const zeros =
  (length: number): Make =>
  () =>
    new Uint8Array(length);
export const emptyCases: readonly Case[] = [
  test("CERTIFY", "certified already", "Order", "STATE", (w) => w.card.certificate),
  test("PERSONALISE", "certified already", "Order", "STATE"),
  test("OFFER", "no source was named", "Order", "EMPTY"),
  test("SEAL", "no key to give", "Order", "EMPTY", zeros(239)),
  test("ACCEPT", "no offer was made", "Order", "EMPTY", zeros(366)),
  test("CONFIRM", "nothing was sealed", "Order", "EMPTY", zeros(32)),
];
export const walletCases: readonly Case[] = [
  test("ACCEPT", "a wallet takes no key", "Order", "STATE", zeros(366)),
  test("OFFER", "a wallet makes no offer", "Order", "STATE"),
];
export const copyCases: readonly Case[] = [
  test("SEAL", "a copy gives no key", "Order", "USED", zeros(239)),
  test("CONFIRM", "a copy has nothing sealed", "Order", "USED", zeros(32)),
  test("OFFER", "a copy makes no offer", "Order", "USED"),
  resendNowhere("RESEND: a copy has nothing sealed", "USED"),
];
export const sharedCases: readonly Case[] = [
  test("SEAL", "the set is finished", "Order", "USED", zeros(239)),
  test("ACCEPT", "a source takes no key", "Order", "USED", zeros(366)),
  resendNowhere("RESEND: the set is finished", "USED"),
];
export const blankCases: readonly Case[] = [
  test("CERTIFICATE", "not certified", "Order", "BLANK"),
  test("OPEN", "not certified", "Order", "BLANK", (w) => w.maker.public),
  test("SEAL", "not certified", "Order", "BLANK", zeros(239)),
];

const raw = (comment: string, word: Case["word"], apdu: string | Make, flag: Flag = "Framing") =>
  test("RAW", comment, flag, word, typeof apdu === "string" ? () => fromHex(apdu) : apdu);
const long =
  (head: string, length: number): Make =>
  () =>
    cat(fromHex(head), byte(0, length >> 8, length & 255), new Uint8Array(length));

export const apduCases: readonly Case[] = [
  raw("class 00 with an own instruction", "INS", "00100000"),
  raw("class 81", "CLA", "81100000"),
  raw("class FF", "CLA", "ff100000"),
  raw("instruction 4C", "INS", "804c0000"),
  raw("instruction 11, odd", "INS", "80110000"),
  raw("instruction 00", "INS", "80000000"),
  raw("STATUS with P1 = 1", "P1P2", "80100100"),
  raw("STATUS with P2 = 1", "P1P2", "80100001"),
  raw("STATUS with a byte of data", "LENGTH", "801000000100"),
  raw("three bytes", "LENGTH", "801000"),
  raw("Lc says more than there is", "LENGTH", "80380000ff00"),
  raw("more data than Lc says", "LENGTH", "803a000001000000000000"),
  raw("extended Lc says more than there is", "LENGTH", "8038000000016e00"),
  raw("extended Lc 0 with Le behind it", "LENGTH", "801000000000000000"),
  raw("half an extended Le", "LENGTH", "801000000000"),
  raw("SELECT with P1 = 0", "P1P2", "00a4000009f04b494e4341524401"),
  raw("SELECT with P2 = 0C", "P1P2", "00a4040c09f04b494e4341524401"),
  raw("the last part of a chain for an instruction that is none", "INS", "804c0000020102"),
  raw("513 bytes", "LENGTH", long("80380000", 513)),
  raw("SELECT of another application", "NOT_FOUND", "00a4040009f04b494e4341524402"),
  raw("GET RESPONSE when nothing is left", "INS", "00c0000000"),
  raw("GET RESPONSE with P1 when nothing is left", "INS", "00c0010000"),
  raw("GET RESPONSE with the chaining bit", "CLA", "10c0000000"),
  raw("RESEND on a card without a key", "EMPTY", "80480000", "Order"),
  raw("NAME_SOURCE outside a channel", "CHANNEL", long("80300000", 32), "Access"),
  raw("class 84 without a channel", "CHANNEL", long("84300000", 48), "Access"),
];

interface Spoilt {
  readonly key?: "toCard" | "toHost";
  readonly count?: number;
  readonly aad?: Bytes;
  readonly nonce?: Bytes;
}
const PROVE = channelHeader(0x44);
/** PROVE with a challenge of zeros as the first message of a channel, but for what `s` says. */
function prove(w: World, s: Spoilt = {}): Bytes {
  if (!w.channel) throw new Error("this situation has no channel");
  const key = w.channel[s.key ?? "toCard"];
  return aead(key, s.nonce ?? nonce(s.count ?? 0), s.aad ?? PROVE, new Uint8Array(32));
}
const sealedTest = (comment: string, input: (w: World) => Bytes): Case =>
  raw(comment, "CRYPTO", (w) => shortApdu(PROVE, input(w)), "WrongKey");
export const channelCases: readonly Case[] = [
  sealedTest("ciphertext: a bit turned over", (w) => flip(prove(w), 0)),
  sealedTest("tag: a bit turned over", (w) => flip(prove(w), 47)),
  sealedTest("counter one ahead", (w) => prove(w, { count: 1 })),
  sealedTest("counter one ahead, as if big-endian", (w) =>
    prove(w, { nonce: put(new Uint8Array(12), 3, byte(1)) }),
  ),
  sealedTest("counter at the end of the nonce", (w) =>
    prove(w, { nonce: put(new Uint8Array(12), 11, byte(1)) }),
  ),
  sealedTest("under the key of the other direction", (w) => prove(w, { key: "toHost" })),
  sealedTest("aad of another instruction", (w) => prove(w, { aad: channelHeader(0x46) })),
  sealedTest("aad of class 80", (w) => prove(w, { aad: put(PROVE, 0, byte(0x80)) })),
  sealedTest("without aad", (w) => prove(w, { aad: byte() })),
  sealedTest("tag cut off", (w) => prove(w).subarray(0, 32)),
  sealedTest("not sealed", () => new Uint8Array(32)),
  sealedTest("empty", () => byte()),
  sealedTest("a tag of nothing with 15 bytes", () => new Uint8Array(15)),
  raw("P1 = 1, sealed", "P1P2", (w) => {
    const head = channelHeader(0x44, 1);
    return shortApdu(head, sealCommand(toCard(w), 0, head, new Uint8Array(32)));
  }),
  raw("OPEN inside the channel, with P1 = 1", "CLA", (w) => {
    const head = channelHeader(0x20, 1);
    return shortApdu(head, sealCommand(toCard(w), 0, head, w.maker.public));
  }),
  raw("a challenge of 31 bytes, sealed", "LENGTH", (w) =>
    shortApdu(PROVE, sealCommand(toCard(w), 0, PROVE, new Uint8Array(31))),
  ),
  raw(
    "PROVE as it should be, with an extended Le",
    "OK",
    (w) => cat(PROVE, byte(0, 0, 48), prove(w), byte(0, 0)),
    "Valid",
  ),
  raw("PROVE as it should be", "OK", (w) => shortApdu(PROVE, prove(w)), "Valid"),
];
function toCard(w: World): Bytes {
  if (!w.channel) throw new Error("this situation has no channel");
  return w.channel.toCard;
}
