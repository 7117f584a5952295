/**
 * Kmaker at rest: sealed under a passphrase with scrypt (RFC 7914, N = 2^17, r = 8, p = 1) and
 * ChaCha20-Poly1305, in a JSON text with a check sum. Browser-safe.
 *
 * The check sum tells a damaged file from a wrong passphrase; the seal's tag covers the public
 * key and the parameters, so nothing in the file can be exchanged.
 */

import { scryptAsync } from "@noble/hashes/scrypt.js";
import { counterNonce, seal, unseal } from "../crypto/aead.js";
import { equal, fromHex, toHex, wipe } from "../crypto/bytes.js";
import { hash } from "../crypto/hash.js";
import { FILE_LABELS } from "../crypto/labels.js";
import { randomBytes } from "../crypto/random.js";
import { Failure } from "../failures/failure.js";
import { Maker } from "./maker.js";

/** log2 of scrypt's N for new files; an old file's own is taken up to COST_MOST. */
const COST = 17;
const COST_MOST = 20;
const PASSPHRASE_LEAST = 8;

export interface SealedMaker {
  readonly kincard: "maker";
  readonly version: 1;
  readonly publicKey: string;
  readonly created: string;
  readonly scrypt: { readonly cost: number; readonly salt: string };
  readonly sealed: string;
  /** SHA-256 over all of the above. */
  readonly check: string;
}
export type MakerProgress = (done: number) => void;
export interface SealOptions {
  readonly onProgress?: MakerProgress;
  /** log2 of scrypt's N (default 17). */
  readonly cost?: number;
}

type Unchecked = Omit<SealedMaker, "check">;
type Header = Omit<Unchecked, "sealed">;

const utf8 = (text: string) => new TextEncoder().encode(text);
/** One fixed order of fields, whatever the order in the file. */
const headerBytes = ({ publicKey, created, scrypt }: Header) =>
  utf8(JSON.stringify([FILE_LABELS.MAKER, publicKey, created, scrypt.cost, scrypt.salt]));
const checkOf = (file: Unchecked) => toHex(hash(headerBytes(file), fromHex(file.sealed)));

/** Throws a Failure when it is too weak; NFKD, so that every keyboard types the same bytes. */
function passphraseBytes(passphrase: string): Uint8Array {
  const bytes = utf8(passphrase.normalize("NFKD"));
  if (bytes.length >= PASSPHRASE_LEAST) return bytes;
  throw new Failure("maker/passphrase-short", { least: PASSPHRASE_LEAST });
}

async function fileKey(passphrase: string, header: Header, onProgress?: MakerProgress) {
  const bytes = passphraseBytes(passphrase);
  const { cost, salt } = header.scrypt;
  const options = { N: 2 ** cost, r: 8, p: 1, dkLen: 32, maxmem: 2 ** (COST_MOST + 10) + 4096 };
  try {
    return await scryptAsync(bytes, fromHex(salt), { ...options, onProgress });
  } finally {
    wipe(bytes);
  }
}

export async function sealMaker(
  maker: Maker,
  passphrase: string,
  { onProgress, cost = COST }: SealOptions = {},
): Promise<SealedMaker> {
  const header: Header = {
    kincard: "maker",
    version: 1,
    publicKey: toHex(maker.publicKey),
    created: new Date().toISOString(),
    scrypt: { cost, salt: toHex(randomBytes(16)) },
  };
  const key = await fileKey(passphrase, header, onProgress);
  // A key made from a fresh salt seals once: the nonce may be 0.
  const sealed = maker.withSecret((secret) =>
    seal(key, counterNonce(0), headerBytes(header), secret),
  );
  wipe(key);
  const file = { ...header, sealed: toHex(sealed) };
  return { ...file, check: checkOf(file) };
}

/** Kmaker; Failure maker/passphrase-wrong when the passphrase is. */
export async function unsealMaker(
  file: SealedMaker,
  passphrase: string,
  onProgress?: MakerProgress,
): Promise<Maker> {
  const key = await fileKey(passphrase, file, onProgress);
  const secret = unseal(key, counterNonce(0), fromHex(file.sealed), headerBytes(file));
  wipe(key);
  if (!secret) throw new Failure("maker/passphrase-wrong", {});
  try {
    const maker = Maker.fromSecret(secret);
    if (equal(maker.publicKey, fromHex(file.publicKey))) return maker;
    throw new Failure("maker/foreign-key", {});
  } finally {
    wipe(secret);
  }
}

/** Reads the JSON text; Failure maker/damaged when a single character is not what was written. */
export function parseSealedMaker(text: string): SealedMaker {
  try {
    const file = JSON.parse(text) as SealedMaker;
    const { cost } = file.scrypt;
    const whole =
      file.kincard === "maker" &&
      file.version === 1 &&
      Number.isInteger(cost) &&
      cost >= 10 &&
      cost <= COST_MOST &&
      fromHex(file.publicKey).length === 33 &&
      fromHex(file.sealed).length === 48 &&
      checkOf(file) === file.check;
    if (whole) return file;
  } catch {
    // Falls through to the one sentence for every kind of damage.
  }
  throw new Failure("maker/damaged", {});
}

export function formatSealedMaker(file: SealedMaker): string {
  return JSON.stringify(file, null, 2) + "\n";
}
