/**
 * Building blocks of bad messages: the same field made wrong in every way that a receiver must
 * notice. Each gives pairs of what is wrong and the bytes.
 */
import type { Layout } from "../messages.js";
import { CURVE_N, CURVE_P, byte, cat, flip, fromNumber, highS, put, type Bytes } from "../suite.js";
import type { Case, World } from "./types.js";

type Named = readonly [string, (good: Bytes) => Bytes];

/** Ways to spoil a signature in place; `high` is apart since it has its own flag. */
export const BAD_SIGNATURES: readonly Named[] = [
  ["r = 0", (s) => put(s, 0, new Uint8Array(32))],
  ["s = 0", (s) => put(s, 32, new Uint8Array(32))],
  ["r = n", (s) => put(s, 0, fromNumber(CURVE_N))],
  ["s = n", (s) => put(s, 32, fromNumber(CURVE_N))],
  ["r and s swapped", (s) => cat(s.subarray(32), s.subarray(0, 32))],
  ["all zeros", () => new Uint8Array(64)],
  ["all ones", () => new Uint8Array(64).fill(255)],
];

/** x = 5 has no y on secp256k1; x = 1 has one, so that p + 1 is a second name for a point. */
const OFF_CURVE = fromNumber(5n);
const ALIAS = fromNumber(CURVE_P + 1n);

/** 33 bytes that are no point, from 33 that are. */
export const BAD_POINTS: readonly Named[] = [
  ...[0x00, 0x01, 0x04, 0x05, 0x06, 0x82].map((prefix): Named => [
    `prefix ${prefix.toString(16).padStart(2, "0")}`,
    (p) => put(p, 0, byte(prefix)),
  ]),
  ["x not on the curve", () => cat(byte(2), OFF_CURVE)],
  ["x not on the curve, prefix 03", () => cat(byte(3), OFF_CURVE)],
  ["x = 0", () => cat(byte(2), new Uint8Array(32))],
  ["x = p", () => cat(byte(2), fromNumber(CURVE_P))],
  ["x = p + 1, which modulo p is on the curve", () => cat(byte(2), ALIAS)],
  ["x = 2^256 - 1", () => cat(byte(2), new Uint8Array(32).fill(255))],
  ["all zeros (infinity)", () => new Uint8Array(33)],
];

/** The first and the last bit of every field turned over. `word` may depend on the field. */
export function flips(
  layout: Layout,
  command: "CERTIFY" | "SEAL" | "ACCEPT" | "CONFIRM",
  message: (world: World) => Bytes,
  word: (field: string) => Case["word"],
): Case[] {
  return layout.flatMap(([field, offset, length]) =>
    [...new Set([offset, offset + length - 1])].map((at): Case => {
      const first = at === offset;
      return {
        comment: `${field}: ${first ? "first" : "last"} byte, bit ${first ? 0 : 7}`,
        flags: ["FlippedByte"],
        command,
        input: (world) => flip(message(world), at, first ? 0x01 : 0x80),
        word: word(field),
      };
    }),
  );
}

/** Signatures at `offset` of `message` made wrong in every way. */
export function badSignatures(
  what: string,
  offset: number,
  command: "CERTIFY" | "SEAL" | "ACCEPT",
  message: (world: World) => Bytes,
): Case[] {
  const spoil = (world: World, change: (signature: Bytes) => Bytes) => {
    const good = message(world);
    return put(good, offset, change(good.slice(offset, offset + 64)));
  };
  const cases = BAD_SIGNATURES.map(([name, change]): Case => ({
    comment: `${what}: ${name}`,
    flags: ["InvalidSignature"],
    command,
    input: (world) => spoil(world, change),
    word: "CRYPTO",
  }));
  cases.push({
    comment: `${what}: high s, otherwise valid`,
    flags: ["HighS"],
    command,
    input: (world) => spoil(world, highS),
    word: "CRYPTO",
  });
  return cases;
}

/** One byte less, one more than the longest, nothing, and the first byte. */
export function badLengths(
  command: "CERTIFY" | "SEAL" | "ACCEPT" | "CONFIRM",
  message: (world: World) => Bytes,
  longest = message,
): Case[] {
  const make = (comment: string, change: (good: Bytes) => Bytes): Case => ({
    comment,
    flags: ["Length"],
    command,
    input: (world) => change(message(world)),
    word: "LENGTH",
  });
  return [
    make("one byte too short", (m) => m.subarray(0, -1)),
    { ...make("one byte too long", (m) => m), input: (world) => cat(longest(world), byte(0)) },
    make("no data at all", () => byte()),
    make("the first byte only", (m) => m.subarray(0, 1)),
  ];
}
