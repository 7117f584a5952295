/**
 * How Espruino turns values into bytes: strings hold 8-bit characters, and most calls take
 * "anything that can be iterated". Base64 is as forgiving as the interpreter's
 * (src/jswrap_functions.c): no error, unknown characters count as missing.
 */

import { concat } from "../../sdk/crypto/bytes.js";
import { BoardTrap } from "../faults.js";

/** 8-bit characters as bytes. */
export function latin1(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** Strings, numbers, arrays, typed arrays, ArrayBuffers and `{data, count}`, nested at will. */
export function toBytes(...values: unknown[]): Uint8Array {
  const only = values[0];
  if (values.length === 1 && typeof only === "string") return latin1(only);
  const parts: Uint8Array[] = [];
  for (const value of values) parts.push(one(value));
  return parts.length === 1 ? (parts[0] as Uint8Array) : concat(...parts);
}

function one(value: unknown): Uint8Array {
  if (typeof value === "string") return latin1(value);
  if (typeof value === "number") return Uint8Array.of(value);
  if (ArrayBuffer.isView(value)) return elements(value);
  if (Array.isArray(value)) return toBytes(...(value as unknown[]));
  if (Object.prototype.toString.call(value) === "[object ArrayBuffer]") {
    return new Uint8Array(value as ArrayBuffer).slice();
  }
  const repeated = value as { data?: unknown; count?: number } | null;
  if (repeated && typeof repeated === "object" && typeof repeated.count === "number") {
    const data = toBytes(repeated.data);
    return concat(...Array<Uint8Array>(repeated.count).fill(data));
  }
  throw new BoardTrap(`a ${value === null ? "null" : typeof value} where bytes belong`);
}

/** Each element cut to its low byte, as iterating does. */
function elements(view: ArrayBufferView): Uint8Array {
  const { BYTES_PER_ELEMENT: width } = view as unknown as { BYTES_PER_ELEMENT?: number };
  if (width === undefined || width === 1) {
    return new Uint8Array(view.buffer, view.byteOffset, view.byteLength).slice();
  }
  return Uint8Array.from(view as unknown as ArrayLike<number>);
}

/** So many arguments a call takes everywhere. */
const CHUNK = 8192;

export function toBinaryString(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += CHUNK) {
    text += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  }
  return text;
}

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const WHITE = " \t\n\v\f\r";
const CLEAN = /^[A-Za-z0-9+/]*={0,2}$/;

export function btoa(value: unknown): string {
  return globalThis.btoa(toBinaryString(toBytes(value)));
}

export function atob(text: unknown): string {
  if (typeof text !== "string") throw new BoardTrap("atob of something that is no string");
  if (text.length % 4 === 0 && CLEAN.test(text)) {
    return globalThis.atob(text);
  }
  return forgiving(text);
}

function forgiving(text: string): string {
  const solid = [...text].filter((c) => !WHITE.includes(c));
  let length = Math.floor((solid.length * 3) / 4);
  if (solid.at(-1) === "=") length--;
  if (solid.at(-2) === "=") length--;
  // The interpreter takes the length for unsigned: 4 GB, and with it every variable there is.
  if (length < 0) throw new BoardTrap('atob of one or two "=" alone');
  const out: number[] = [];
  for (let i = 0; i < solid.length; i += 4) {
    let triple = 0;
    let valid = 0;
    for (let k = 0; k < 4; k++) {
      const sextet = DIGITS.indexOf(solid[i + k] ?? "?");
      if (sextet < 0) continue;
      triple |= sextet << ((3 - k) * 6);
      valid = k;
    }
    for (let k = 0; k < valid; k++) out.push((triple >> (16 - 8 * k)) & 255);
  }
  while (out.length < length) out.push(0);
  return toBinaryString(Uint8Array.from(out.slice(0, Math.max(length, 0))));
}
