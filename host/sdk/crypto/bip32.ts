/**
 * BIP32 on the host's side: paths as text, and extended public keys (bips/bip-0032; version bytes:
 * SLIP-0132) by @scure/bip32, their serialisation and children alike. Browser-safe.
 */

import { HDKey } from "@scure/bip32";
import { Failure } from "../failures/failure.js";
import { SIZES } from "../wire/generated.js";
import { concat, isZero, uint32 } from "./bytes.js";
import { hash160 } from "./hash.js";

const HARDENED = 0x80000000;

/** Version bytes of extended public keys. */
export const XPUB_VERSIONS = {
  xpub: "0488b21e",
  ypub: "049d7cb2",
  zpub: "04b24746",
  tpub: "043587cf",
  upub: "044a5262",
  vpub: "045f1cf6",
} as const;
export type XpubVersion = keyof typeof XPUB_VERSIONS;

/** What a card answers to PUBLIC_KEY. `parent` is missing for the master key. */
export interface ExtendedKey {
  readonly path: readonly number[];
  readonly publicKey: Uint8Array;
  readonly chainCode: Uint8Array;
  readonly parent?: Uint8Array;
}

/** What stands for "hardened": h and H too, and what keyboards make of an apostrophe. */
const INDEX = /^(\d{1,10})(['hH’‘′]?)$/;

/** "m/84'/0'/0'/0/1" as numbers (also h or H for hardened); "m" and "" are the master key. */
export function parsePath(text: string): number[] {
  const parts = text.trim().split("/");
  if (parts[0] === "m" || parts[0] === "M" || parts[0] === "") parts.shift();
  if (parts.length > SIZES.PATH_MAX) {
    throw new Failure("input/path-depth", { levels: parts.length, most: SIZES.PATH_MAX });
  }
  return parts.map((part) => {
    const match = INDEX.exec(part);
    const index = Number(match?.[1]);
    if (!match || index >= HARDENED) {
      throw new Failure("input/path-index", { part });
    }
    return match[2] ? index + HARDENED : index;
  });
}

/** First levels that standards give a meaning when hardened: BIP 44, 48, 49, 84, 86. */
const PURPOSES: readonly number[] = [44, 48, 49, 84, 86];
/** Purpose, coin and account are hardened in all of them. */
const HARDENED_LEVELS = 3;

/**
 * The path as it was probably meant, where it begins like a wallet's but is not hardened there (a
 * shell eats apostrophes): another key than any other wallet looks for. Undefined: nothing is odd.
 */
export function hardenedInstead(path: readonly number[]): number[] | undefined {
  const [purpose = 0] = path;
  if (!PURPOSES.includes(purpose % HARDENED)) return undefined;
  const meant = path.map((index, level) =>
    level < HARDENED_LEVELS && index < HARDENED ? index + HARDENED : index,
  );
  return meant.some((index, level) => index !== path[level]) ? meant : undefined;
}

/**
 * What SLIP-0132 gives each kind of version bytes to: the purpose, and the coin (1: test networks).
 */
const MEANT_FOR: Readonly<
  Record<XpubVersion, { readonly purpose?: number; readonly coin: number }>
> = {
  xpub: { coin: 0 },
  ypub: { purpose: 49, coin: 0 },
  zpub: { purpose: 84, coin: 0 },
  tpub: { coin: 1 },
  upub: { purpose: 49, coin: 1 },
  vpub: { purpose: 84, coin: 1 },
};

/**
 * The path that these version bytes promise, where this one is another: whoever reads the key would
 * look for its addresses in the wrong place. Undefined: they fit.
 */
export function pathPromised(path: readonly number[], version: XpubVersion): number[] | undefined {
  const { purpose, coin } = MEANT_FOR[version];
  const [first, second] = path;
  const fits = purpose === undefined || first === purpose + HARDENED;
  // Other coins than Bitcoin's two have no version bytes here, and borrow the main network's.
  const network = second === undefined || (second === 1 + HARDENED) === (coin === 1);
  if (fits && network) return undefined;
  const start = purpose === undefined ? (first ?? 44 + HARDENED) : purpose + HARDENED;
  return [start, coin + HARDENED, path[2] ?? HARDENED, ...path.slice(3)];
}

export function formatPath(path: readonly number[]): string {
  const part = (index: number) => (index >= HARDENED ? `${index - HARDENED}'` : `${index}`);
  return ["m", ...path.map(part)].join("/");
}

/** depth [1] || depth x index [4], as PUBLIC_KEY and SIGN take it. */
export function encodePath(path: readonly number[]): Uint8Array {
  if (path.length > SIZES.PATH_MAX) throw new RangeError("the path is too deep for a card");
  return concat(Uint8Array.of(path.length), ...path.map(uint32));
}

/** First four bytes of RIPEMD-160(SHA-256(public key)). */
export function fingerprint(publicKey: Uint8Array): Uint8Array {
  return hash160(publicKey).slice(0, 4);
}

/** The extended public key as text. */
export function formatXpub(key: ExtendedKey, version: XpubVersion = "xpub"): string {
  return nodeOf(key, version).publicExtendedKey;
}

/** The key as @scure/bip32 takes it, which derives its children. */
export function nodeOf(key: ExtendedKey, version: XpubVersion = "xpub"): HDKey {
  const { path, publicKey, chainCode, parent } = key;
  const above = parent && !isZero(parent) ? fingerprint(parent) : new Uint8Array(4);
  return new HDKey({
    ...{ publicKey, chainCode, depth: path.length, index: path.at(-1) ?? 0 },
    parentFingerprint: new DataView(above.buffer, above.byteOffset).getUint32(0),
    // no private key ever comes here
    versions: { public: Number(`0x${XPUB_VERSIONS[version]}`), private: 0 },
  });
}
