/**
 * Did the owner of this address sign this message? Signatures of other people's wallets, by their
 * rules and not by the card's:
 *
 * - 65 bytes, header 27..42 and r || s: Bitcoin Core's signmessage, Electrum's, bips/bip-0137. The
 *   key is recovered, and either of its encodings may be the address's, whatever the header says of
 *   its kind: wallets differ there, and the owner is the same. s may be high.
 * - a witness: bips/bip-0322, simple (with or without the prefix "smp").
 *
 * What can't be judged here is a Failure that says so (input/signature-kind, input/address-kind),
 * and never a wrong signature. Browser-safe.
 */

import { recoverPoint, uncompressed, verifyAnyS } from "../crypto/ecdsa.js";
import { fromBase64 } from "../crypto/text.js";
import type { UnknownSignature } from "../failures/facts.js";
import { Failure } from "../failures/failure.js";
import { isKeyOf, readAddress } from "./address.js";
import type { Address } from "./address.js";
import { isFullForm, readWitness, verifyWitness } from "./bip322.js";
import { messageDigest } from "./message.js";

/** "other-line-breaks": good for the same text with each line's end written as CR LF. */
export type Verdict = "good" | "other-line-breaks" | "bad";

const RECOVERABLE_SIZE = 65;
/** Four recovery ids each: uncompressed, compressed, P2SH-P2WPKH, P2WPKH (bips/bip-0137). */
const HEADERS = { LEAST: 27, MOST: 42 } as const;
const PREFIX = { SIMPLE: "smp", FULL: ["ful", "pof"] } as const;

/**
 * Failure input/address... or input/signature... when one of them is none, or of a kind that can't
 * be judged here; input/message... for a text that nobody can have signed.
 */
export function verifySigned(message: string, address: string, signature: string): Verdict {
  const named = readAddress(address);
  const verify = reader(named, signature.trim());
  if (verify(message)) return "good";
  // A browser's field turns every line's end into LF: somebody else's may have been CR LF.
  const other = message.replace(/\r?\n/g, "\r\n");
  return other !== message && verify(other) ? "other-line-breaks" : "bad";
}

type Verify = (message: string) => boolean;

function reader(address: Address, text: string): Verify {
  if (PREFIX.FULL.some((prefix) => text.startsWith(prefix))) throw unknown("full");
  const bytes = base64(text);
  if (bytes?.length === RECOVERABLE_SIZE) return recoverable(address, bytes);
  const simple = text.startsWith(PREFIX.SIMPLE) ? text.slice(PREFIX.SIMPLE.length) : undefined;
  const stack = simple === undefined ? bytes : base64(simple);
  const witness = stack && readWitness(stack);
  if (witness) return (message) => verifyWitness(message, address, witness) ?? raise("script");
  throw bytes && isFullForm(bytes) ? unknown("full") : new Failure("input/signature", {});
}

function recoverable(address: Address, bytes: Uint8Array): Verify {
  if (address.kind === "P2WSH" || address.kind === "P2TR") throw unknown("address");
  const header = bytes[0] as number;
  if (header < HEADERS.LEAST || header > HEADERS.MOST) throw unknown("header");
  const signature = bytes.subarray(1);
  return (message) => {
    const digest = messageDigest(message);
    const signer = recoverPoint(digest, signature, (header - HEADERS.LEAST) & 3);
    if (!signer || !verifyAnyS(signer, digest, signature)) return false;
    // Segregated witness takes no uncompressed key, so there the first alone can be meant.
    const keys = address.kind === "P2PKH" ? [signer, uncompressed(signer)] : [signer];
    return keys.some((key) => isKeyOf(address, key));
  };
}

function base64(text: string): Uint8Array | undefined {
  try {
    return fromBase64(text);
  } catch {
    return undefined;
  }
}

const unknown = (kind: UnknownSignature) => new Failure("input/signature-kind", { kind });
function raise(kind: UnknownSignature): never {
  throw unknown(kind);
}
