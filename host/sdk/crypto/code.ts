/**
 * The access code and its stretching, docs/protocol.md 5: 6 to 32 bytes of UTF-8 after NFKD,
 * S = scrypt(code, salt, N = 2^cost, r = 8, p = 1) [32] (RFC 7914). Browser-safe.
 *
 * A stretched code is kept until `wipe`, because every card of a set takes the same one (salt and
 * cost travel with the key) and stretching is slow on purpose.
 *
 * Limits: whoever passes a JavaScript string leaves it in memory; normalising makes one for a
 * moment in any case.
 */

import { scryptAsync } from "@noble/hashes/scrypt.js";
import { SCRYPT, SIZES } from "../wire/generated.js";
import { toHex, wipe } from "./bytes.js";

export const CODE_LEAST = 6;
export const CODE_MOST = 32;

/** The access code can't be used; the message says why and never quotes it. */
export class CodeError extends Error {
  override readonly name = "CodeError";
}

export interface StretchOptions {
  /** Called with 0..1 while scrypt works. */
  onProgress?: (done: number) => void;
  signal?: AbortSignal;
}

/** NFKD, then UTF-8. Throws CodeError with a sentence when the result is not allowed. */
export function normaliseCode(input: string | Uint8Array): Uint8Array {
  const text = typeof input === "string" ? input : decode(input);
  // A lone surrogate has no UTF-8: TextEncoder would quietly put U+FFFD in its place.
  if (/\p{Surrogate}/u.test(text)) throw new CodeError("the access code is not valid text");
  if (/[\0\r\n]/.test(text)) throw new CodeError("the access code must not hold a line break");
  const bytes = new TextEncoder().encode(text.normalize("NFKD"));
  if (bytes.length >= CODE_LEAST && bytes.length <= CODE_MOST) return bytes;
  const size = bytes.length;
  wipe(bytes);
  throw new CodeError(
    size === 0
      ? "the access code is empty"
      : size < CODE_LEAST
        ? `the access code is too short: it needs at least ${CODE_LEAST} characters`
        : `the access code is too long: ${size} bytes of UTF-8, at most ${CODE_MOST}`,
  );
}

function decode(input: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(input);
  } catch {
    throw new CodeError("the access code is not valid UTF-8");
  }
}

/** S for one salt and cost. The caller wipes the result. */
export async function stretch(
  code: Uint8Array,
  salt: Uint8Array,
  cost: number,
  options: StretchOptions = {},
): Promise<Uint8Array> {
  if (cost < SCRYPT.LEAST || cost > SCRYPT.MOST || !Number.isInteger(cost)) {
    throw new CodeError(`scrypt cost ${cost} is not in ${SCRYPT.LEAST}..${SCRYPT.MOST}`);
  }
  if (salt.length !== SIZES.SALT) throw new CodeError("the card's salt has the wrong length");
  return scryptAsync(code, salt, {
    N: 2 ** cost,
    r: 8,
    p: 1,
    dkLen: 32,
    maxmem: 2 ** (SCRYPT.MOST + 10) + 4096,
    onProgress: (done) => {
      options.signal?.throwIfAborted();
      options.onProgress?.(done);
    },
  });
}

/** An access code that the user gave, ready for any number of cards. */
export class AccessCode {
  private readonly stretched = new Map<string, Uint8Array>();
  private wiped = false;

  private constructor(private readonly bytes: Uint8Array) {}

  /** Throws CodeError for a code that no card takes. `input` is not kept and not wiped. */
  static from(input: string | Uint8Array): AccessCode {
    return new AccessCode(normaliseCode(input));
  }

  /** A copy of S: the caller wipes it. */
  async stretch(salt: Uint8Array, cost: number, options?: StretchOptions): Promise<Uint8Array> {
    if (this.wiped) throw new CodeError("the access code was already wiped");
    const key = `${toHex(salt)}/${cost}`;
    let value = this.stretched.get(key);
    if (!value) {
      value = await stretch(this.bytes, salt, cost, options);
      this.stretched.set(key, value);
    }
    return value.slice();
  }

  /** Whether `stretch` would answer at once: no progress display is needed. */
  has(salt: Uint8Array, cost: number): boolean {
    return this.stretched.has(`${toHex(salt)}/${cost}`);
  }

  /** Forgets the code and everything made from it. */
  wipe(): void {
    wipe(this.bytes, ...this.stretched.values());
    this.stretched.clear();
    this.wiped = true;
  }
}
