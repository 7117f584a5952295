/**
 * Bech32 (bips/bip-0173) and Bech32m (bips/bip-0350), as far as addresses of segregated witness
 * need them: a prefix, the witness version and the program. Browser-safe.
 */

import { Failure } from "../failures/failure.js";

const ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const GENERATORS = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
const CHECK = { BECH32: 1, BECH32M: 0x2bc830a3 } as const;
const CHECK_CHARACTERS = 6;
const LONGEST = 90;

export interface WitnessProgram {
  /** In small letters: "bc", "tb", "bcrt". */
  readonly prefix: string;
  /** 0..16 */
  readonly version: number;
  /** 2 to 40 bytes; 20 or 32 of version 0. */
  readonly program: Uint8Array;
}

function polymod(values: readonly number[]): number {
  let sum = 1;
  for (const value of values) {
    const top = sum >>> 25;
    sum = ((sum & 0x1ffffff) << 5) ^ value;
    GENERATORS.forEach((generator, bit) => {
      if ((top >> bit) & 1) sum ^= generator;
    });
  }
  return sum;
}

/** The prefix takes part in the checksum: high bits, a zero, low bits. */
const expanded = (prefix: string) => {
  const codes = Array.from(prefix, (character) => character.charCodeAt(0));
  return [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31)];
};

/** Groups of 5 bits as bytes; undefined when what is left over is no padding of zeros. */
function bytesOf(values: readonly number[]): Uint8Array | undefined {
  const bytes: number[] = [];
  let rest = 0;
  let bits = 0;
  for (const value of values) {
    rest = ((rest << 5) | value) & 0xfff;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((rest >> bits) & 255);
  }
  if (bits > 4 || rest & ((1 << bits) - 1)) return undefined;
  return Uint8Array.from(bytes);
}

/** Throws a Failure (input/bech32) for everything that is not an address of BIP 173 or 350. */
export function decodeWitnessProgram(text: string): WitnessProgram {
  const small = text.toLowerCase();
  const [, prefix, data] = /^([!-~]{1,83})1([0-9a-z]{7,})$/.exec(small) ?? [];
  const mixed = text !== small && text !== text.toUpperCase();
  const values = Array.from(data ?? "", (character) => ALPHABET.indexOf(character));
  if (prefix === undefined || mixed || text.length > LONGEST || values.includes(-1)) throw wrong();
  const check = polymod([...expanded(prefix), ...values]);
  const [version = 0, ...groups] = values.slice(0, -CHECK_CHARACTERS);
  if (check !== (version === 0 ? CHECK.BECH32 : CHECK.BECH32M)) throw wrong();
  const program = bytesOf(groups);
  if (!program || version > 16 || program.length < 2 || program.length > 40) throw wrong();
  if (version === 0 && program.length !== 20 && program.length !== 32) throw wrong();
  return { prefix, version, program };
}

/** Bytes in groups of 5 bits, the last one filled with zeros. */
function groupsOf(bytes: Uint8Array): number[] {
  const groups: number[] = [];
  let rest = 0;
  let bits = 0;
  for (const byte of bytes) {
    rest = ((rest << 8) | byte) & 0xfff;
    for (bits += 8; bits >= 5; bits -= 5) groups.push((rest >> (bits - 5)) & 31);
  }
  if (bits > 0) groups.push((rest << (5 - bits)) & 31);
  return groups;
}

/** The address of a program: BIP 173 for version 0, BIP 350 for the others. */
export function encodeWitnessProgram({ prefix, version, program }: WitnessProgram): string {
  const values = [version, ...groupsOf(program)];
  const kind = version === 0 ? CHECK.BECH32 : CHECK.BECH32M;
  const empty = new Array<number>(CHECK_CHARACTERS).fill(0);
  const sum = polymod([...expanded(prefix), ...values, ...empty]) ^ kind;
  const check = empty.map((_, at) => (sum >>> (5 * (CHECK_CHARACTERS - 1 - at))) & 31);
  return `${prefix}1${[...values, ...check].map((value) => ALPHABET[value]).join("")}`;
}

const wrong = () => new Failure("input/bech32", {});
