/**
 * Byte strings: joining, comparing, hexadecimal, reading fields in order. Browser-safe.
 *
 * Limits: `wipe` clears the buffer that it is given. JavaScript may have copied a value elsewhere;
 * on the host this is best effort (a card's rule is stricter).
 */

import { Failure } from "../failures/failure.js";

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** Compares without a data-dependent stop; the lengths are public. */
export function equal(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= (a[i] as number) ^ (b[i] as number);
  return difference === 0;
}

export function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}

/** Fills secrets with zeros. */
export function wipe(...buffers: readonly (Uint8Array | undefined)[]): void {
  for (const buffer of buffers) buffer?.fill(0);
}

export function toHex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += byte.toString(16).padStart(2, "0");
  return text;
}

/** Reads hexadecimal of `size` bytes; `what` names the value in the Failure (input/hex...). */
export function fromHex(text: string, what = "value", size?: number): Uint8Array {
  if (text.length % 2 || !/^[0-9a-fA-F]*$/.test(text)) {
    throw new Failure("input/hex", { what });
  }
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = parseInt(text.slice(2 * i, 2 * i + 2), 16);
  if (size !== undefined && bytes.length !== size) {
    throw new Failure("input/hex-size", { what, bytes: bytes.length, needed: size });
  }
  return bytes;
}

/** Big-endian. */
export function uint16(value: number): Uint8Array {
  return Uint8Array.of((value >>> 8) & 255, value & 255);
}

/** Big-endian. */
export function uint32(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255);
}

/** Takes fixed-size fields off a byte string, in order; Failure format/... where they don't fit. */
export class Reader {
  readonly #bytes: Uint8Array;
  readonly #what: string;
  #at = 0;

  /** `what` names the bytes in a Failure, in the protocol's words. */
  constructor(bytes: Uint8Array, what: string) {
    this.#bytes = bytes;
    this.#what = what;
  }

  /** The next `size` bytes, copied. */
  take(size: number): Uint8Array {
    const end = this.#at + size;
    if (end > this.#bytes.length) throw new Failure("format/short", { what: this.#what });
    const field = this.#bytes.slice(this.#at, end);
    this.#at = end;
    return field;
  }

  byte(): number {
    return this.take(1)[0] as number;
  }

  uint16(): number {
    return this.byte() * 256 + this.byte();
  }

  uint32(): number {
    return this.uint16() * 65536 + this.uint16();
  }

  /** Must be called last: nothing may follow the last field. */
  end(): void {
    if (this.#at !== this.#bytes.length) throw new Failure("format/long", { what: this.#what });
  }
}
