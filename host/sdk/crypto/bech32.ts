/**
 * Bech32 (bips/bip-0173) and Bech32m (bips/bip-0350), by @scure/base, as far as addresses of
 * segregated witness need them: a prefix, the witness version and the program. Browser-safe.
 */

import { bech32, bech32m } from "@scure/base";
import { Failure } from "../failures/failure.js";

const LONGEST = 90;

export interface WitnessProgram {
  /** In small letters: "bc", "tb", "bcrt". */
  readonly prefix: string;
  /** 0..16 */
  readonly version: number;
  /** 2 to 40 bytes; 20 or 32 of version 0. */
  readonly program: Uint8Array;
}

/** Throws a Failure (input/bech32) for everything that is not an address of BIP 173 or 350. */
export function decodeWitnessProgram(text: string): WitnessProgram {
  if (text.length > LONGEST) throw wrong();
  const first = bech32.decodeUnsafe(text, LONGEST);
  const found = first ?? bech32m.decodeUnsafe(text, LONGEST);
  const [version, ...groups] = found?.words ?? [];
  // Version 0 has the first checksum, all later ones the second.
  if (!found || version === undefined || version > 16 || (version === 0) !== (first !== undefined))
    throw wrong();
  const program = bech32.fromWordsUnsafe(groups);
  if (!program || program.length < 2 || program.length > 40) throw wrong();
  if (version === 0 && program.length !== 20 && program.length !== 32) throw wrong();
  return { prefix: found.prefix, version, program: Uint8Array.from(program) };
}

/** The address of a program: BIP 173 for version 0, BIP 350 for the others. */
export function encodeWitnessProgram({ prefix, version, program }: WitnessProgram): string {
  const { encode, toWords } = version === 0 ? bech32 : bech32m;
  return encode(prefix as `${string}`, [version, ...toWords(program)], LONGEST);
}

const wrong = () => new Failure("input/bech32", {});
