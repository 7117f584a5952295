/**
 * What nobody could do with a real card's protocol, but anybody with an emulation's flash and the
 * access code: take the wallet's key out of the board. The demo does it to have something to look
 * for in the bytes that the relay saw. It shows why the emulation says that it protects nothing.
 */

import { counterNonce, unseal } from "../../sdk/crypto/aead.js";
import { concat, equal, wipe } from "../../sdk/crypto/bytes.js";
import { isScalar, pointOf } from "../../sdk/crypto/curve.js";
import { hmac } from "../../sdk/crypto/hash.js";
import { LABELS, SIZES } from "../../sdk/wire/generated.js";

export interface Loot {
  readonly secret: Uint8Array;
  readonly chainCode: Uint8Array;
  /** The key as the card stores it, and as it travels inside ENC. */
  readonly wrapped: Uint8Array;
}

/** How far from its salt in the record the wrapped key may lie. */
const NEAR = 256;

/** Kwrap of docs/protocol.md 5. */
function wrapKey(stretched: Uint8Array, salt: Uint8Array): Uint8Array {
  const body = concat(new TextEncoder().encode(LABELS.CODE), salt);
  return hmac(stretched, Uint8Array.of(body.length), body);
}

/** The wallet's key from a board's flash; undefined when it is not there. */
export function steal(
  flash: Uint8Array,
  stretched: Uint8Array,
  salt: Uint8Array,
  publicKey: Uint8Array,
): Loot | undefined {
  const key = wrapKey(stretched, salt);
  try {
    for (const at of occurrences(flash, salt)) {
      for (let from = Math.max(0, at - NEAR); from < at + NEAR; from++) {
        const wrapped = flash.slice(from, from + SIZES.WRAPPED);
        const node = unseal(key, counterNonce(0), wrapped);
        if (!node) continue;
        const [secret, chainCode] = [node.slice(0, 32), node.slice(32)];
        wipe(node);
        if (isScalar(secret) && equal(pointOf(secret), publicKey)) {
          return { secret, chainCode, wrapped };
        }
      }
    }
    return undefined;
  } finally {
    wipe(key);
  }
}

/** Every place where `needle` stands in `hay`. */
export function occurrences(hay: Uint8Array, needle: Uint8Array): number[] {
  const found: number[] = [];
  const buffer = Buffer.from(hay.buffer, hay.byteOffset, hay.length);
  for (let at = buffer.indexOf(needle); at >= 0; at = buffer.indexOf(needle, at + 1))
    found.push(at);
  return found;
}
