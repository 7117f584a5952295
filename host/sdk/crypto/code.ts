/**
 * The access code and its stretching, docs/protocol.md 5: 6 to 32 bytes of UTF-8 after NFKD, and at
 * least 6 characters as people see them (an emoji alone has 4 to 30 bytes, and is one guess),
 * S = scrypt(code, salt, N = 2^cost, r = 8, p = 1) [32] (RFC 7914). Browser-safe.
 *
 * A stretched code is kept until `wipe`, because every card of a set takes the same one (salt and
 * cost travel with the key) and stretching is slow on purpose.
 *
 * Limits: whoever passes a JavaScript string leaves it in memory; normalising makes one for a
 * moment in any case.
 */

import { scryptAsync } from "@noble/hashes/scrypt.js";
import { Failure } from "../failures/failure.js";
import { SCRYPT, SIZES } from "../wire/generated.js";
import { equal, toHex, wipe } from "./bytes.js";
import { charactersIn } from "./text.js";

/** In characters as people see them; so it has as many bytes at least, which is the card's rule. */
export const CODE_LEAST = 6;
/** In bytes. */
export const CODE_MOST = 32;

export interface StretchOptions {
  /** Called with 0..1 while scrypt works. */
  onProgress?: (done: number) => void;
  signal?: AbortSignal;
}

/** NFKD, then UTF-8. Throws a Failure (code/...), which never quotes it, when it is not allowed. */
export function normaliseCode(input: string | Uint8Array): Uint8Array {
  const text = typeof input === "string" ? input : decode(input);
  // A lone surrogate has no UTF-8: TextEncoder would quietly put U+FFFD in its place.
  if (/\p{Surrogate}/u.test(text)) throw new Failure("code/text", {});
  if (/[\0\r\n]/.test(text)) throw new Failure("code/line-break", {});
  const bytes = new TextEncoder().encode(text.normalize("NFKD"));
  const size = bytes.length;
  const few = charactersIn(text) < CODE_LEAST;
  if (!few && size <= CODE_MOST) return bytes;
  wipe(bytes);
  if (size === 0) throw new Failure("code/empty", {});
  if (few) throw new Failure("code/short", { least: CODE_LEAST });
  throw new Failure("code/long", { bytes: size, most: CODE_MOST });
}

function decode(input: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(input);
  } catch {
    throw new Failure("code/utf8", {});
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
    throw new Failure("code/cost", { cost, least: SCRYPT.LEAST, most: SCRYPT.MOST });
  }
  if (salt.length !== SIZES.SALT) throw new Failure("code/salt", {});
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
  readonly #stretched = new Map<string, Uint8Array>();
  readonly #bytes: Uint8Array;
  #wiped = false;

  private constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /**
   * Throws a Failure (code/...) for a code that no card takes. `input` is not kept and not wiped.
   */
  static from(input: string | Uint8Array): AccessCode {
    return new AccessCode(normaliseCode(input));
  }

  /** A copy of S: the caller wipes it. */
  async stretch(salt: Uint8Array, cost: number, options?: StretchOptions): Promise<Uint8Array> {
    if (this.#wiped) throw new Failure("code/wiped", {});
    const key = `${toHex(salt)}/${cost}`;
    let value = this.#stretched.get(key);
    if (!value) {
      value = await stretch(this.#bytes, salt, cost, options);
      this.#stretched.set(key, value);
    }
    return value.slice();
  }

  /** Whether it is this code: a card that refused one is not asked about it twice. */
  same(other: AccessCode): boolean {
    return equal(this.#bytes, other.#bytes);
  }

  /** Whether `stretch` would answer at once: no progress display is needed. */
  has(salt: Uint8Array, cost: number): boolean {
    return this.#stretched.has(`${toHex(salt)}/${cost}`);
  }

  /** Forgets the code and everything made from it. */
  wipe(): void {
    wipe(this.#bytes, ...this.#stretched.values());
    this.#stretched.clear();
    this.#wiped = true;
  }
}
