/**
 * A card's label: the first 95 bits of its id as 19 characters of Crockford's base32 and one check
 * character, in five groups of four: what the maker prints and the user compares. Browser-safe.
 *
 * The check character is a code over GF(32) (x^5 + x^2 + 1): the weighted sum of all characters is
 * zero, each place with its own weight, so one wrong character and any two exchanged ones are
 * always found. Letters that look like digits are read as digits (I, L: 1, O: 0).
 */

import { Failure } from "../failures/failure.js";

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const DATA_CHARACTERS = 19;
const GROUP = 4;

/** 19 values of 5 bits. */
export type LabelText = readonly number[];

function multiply(a: number, b: number): number {
  let product = 0;
  for (let bit = 16; bit; bit >>= 1) {
    product <<= 1;
    if (product & 32) product ^= 0b100101;
    if (b & bit) product ^= a;
  }
  return product;
}

/** Weights are 2, 4, 8, ... in GF(32); the check character's own weight is 1. */
function checkOf(values: LabelText): number {
  let weight = 1;
  return values.reduce((sum, value) => sum ^ multiply(value, (weight = multiply(weight, 2))), 0);
}

/** The label's 19 values of an id. */
export function labelOf(id: Uint8Array): LabelText {
  let bits = 0n;
  for (const byte of id) bits = (bits << 8n) | BigInt(byte);
  const unused = BigInt(8 * id.length - 5 * DATA_CHARACTERS);
  bits >>= unused;
  const values: number[] = [];
  for (let i = 0; i < DATA_CHARACTERS; i++, bits >>= 5n) values.unshift(Number(bits & 31n));
  return values;
}

/** "9Q3K-41ZB-..." */
export function formatLabel(id: Uint8Array): string {
  const values = labelOf(id);
  const text = [...values, checkOf(values)].map((value) => ALPHABET.charAt(value)).join("");
  return (text.match(new RegExp(`.{${GROUP}}`, "g")) as string[]).join("-");
}

/**
 * A label while it is typed, in groups of four; undefined where it should be left alone: something
 * in it belongs to no label, or it is longer than one. Nothing that was typed is ever dropped.
 */
export function groupLabel(text: string): string | undefined {
  const clean = text.toUpperCase().replace(/[\s-]/g, "");
  if (clean.length > DATA_CHARACTERS + 1 || /[^0-9A-Z]/.test(clean)) return undefined;
  return (clean.match(new RegExp(`.{1,${GROUP}}`, "g")) ?? []).join("-");
}

/** Throws a Failure when the text is not a label or was mistyped. */
export function parseLabel(text: string): LabelText {
  const clean = text.toUpperCase().replace(/[\s-]/g, "").replace(/[IL]/g, "1").replace(/O/g, "0");
  const values = Array.from(clean, (character) => ALPHABET.indexOf(character));
  if (values.length !== DATA_CHARACTERS + 1 || values.includes(-1)) {
    throw new Failure("input/label-shape", { text });
  }
  const check = values.pop();
  if (check !== checkOf(values)) throw new Failure("input/label-typo", { text });
  return values;
}

export function labelMatches(label: LabelText, id: Uint8Array): boolean {
  const own = labelOf(id);
  return own.length === label.length && own.every((value, index) => value === label[index]);
}
