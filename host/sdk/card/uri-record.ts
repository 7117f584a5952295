/**
 * The payload of an NDEF URI record (NFC Forum, URI Record Type Definition 1.0): what CERTIFY
 * stores for a card's NFC tag (docs/protocol.md 4). One byte stands for the address's beginning,
 * the rest follows in UTF-8. Browser-safe.
 *
 * Limits: the two schemes a phone's browser opens; nothing is signed, so nobody may rest anything
 * on the address that a tag shows.
 */

import { concat } from "../crypto/bytes.js";
import { Failure } from "../failures/failure.js";
import { SIZES } from "../wire/generated.js";

/** Identifier codes (the specification's table 3), longest beginnings first. */
const PREFIXES = [
  [0x02, "https://www."],
  [0x01, "http://www."],
  [0x04, "https://"],
  [0x03, "http://"],
] as const;

/** Reads an address as people type it. Throws a Failure (input/url...). */
export function uriRecord(text: string): Uint8Array {
  const url = parse(text.trim());
  const { href } = url;
  const [code, prefix] = PREFIXES.find(([, start]) => href.startsWith(start)) ?? [];
  if (code === undefined) throw new Failure("input/url-scheme", {});
  if (url.username || url.password) throw new Failure("input/url-user", {});
  if (href.includes("#")) throw new Failure("input/url-fragment", {});
  const payload = concat(Uint8Array.of(code), new TextEncoder().encode(href.slice(prefix.length)));
  if (payload.length > SIZES.URL_MAX) {
    const most = SIZES.URL_MAX - 1;
    throw new Failure("input/url-long", { bytes: payload.length - 1, most, prefix });
  }
  return payload;
}

function parse(text: string): URL {
  try {
    return new URL(text);
  } catch {
    throw new Failure("input/url", {});
  }
}
