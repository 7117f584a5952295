/**
 * Random bytes of the platform (Web Crypto's getRandomValues, in browsers and Node alike).
 */

export function randomBytes(size: number): Uint8Array {
  return globalThis.crypto.getRandomValues(new Uint8Array(size));
}
