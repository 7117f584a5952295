/**
 * Signed messages as people paste them: message, address and signature in one text. Bitcoin's
 * wallets and forums took OpenPGP's clear text (RFC 9580, 7) as their model, without its escapes:
 *
 *   -----BEGIN BITCOIN SIGNED MESSAGE-----
 *   the message
 *   -----BEGIN SIGNATURE-----
 *   the address
 *   the signature
 *   -----END BITCOIN SIGNED MESSAGE-----
 *
 * Others name the parts "BITCOIN SIGNATURE" and put header lines before the signature, one of them
 * "Address: ...". Nothing is verified here. Browser-safe.
 */

export interface SignedMessage {
  readonly message: string;
  readonly address: string;
  /** In base64. */
  readonly signature: string;
}

const BEGIN = /^-{5}BEGIN (?:BITCOIN )?SIGNED MESSAGE-{5}[ \t]*\r?\n/;
const MIDDLE = /^-{5}BEGIN (?:BITCOIN )?SIGNATURE-{5}[ \t]*$/;
const END = /-{5}END (?:BITCOIN )?(?:SIGNED MESSAGE|SIGNATURE)-{5}$/;
const HEADER = /^([A-Za-z]+): *(.*)$/;

/** Undefined: it is none. The message is what stands there, without the line break behind it. */
export function readSignedMessage(text: string): SignedMessage | undefined {
  const whole = text.trim();
  const begin = BEGIN.exec(whole);
  const end = END.exec(whole);
  if (!begin || !end) return undefined;
  const lines = whole.slice(begin[0].length, end.index).split("\n");
  // The last one: a message may hold what looks like one.
  const middle = lines.findLastIndex((line) => MIDDLE.test(line.trimEnd()));
  if (middle < 0) return undefined;
  const message = lines.slice(0, middle).join("\n").replace(/\r$/, "");
  const below = lines.slice(middle + 1).flatMap((line) => line.trim() || []);
  const headers = below.map((line) => HEADER.exec(line)).filter((found) => found !== null);
  const named = headers.find(([, name]) => name?.toLowerCase() === "address")?.[2];
  const rest = below.filter((line) => !HEADER.test(line));
  const address = named ?? rest.shift();
  // Some wrap it.
  const signature = rest.join("");
  return address && signature ? { message, address, signature } : undefined;
}

/** What `readSignedMessage` reads. */
export const formatSignedMessage = ({ message, address, signature }: SignedMessage): string =>
  [
    "-----BEGIN BITCOIN SIGNED MESSAGE-----",
    message,
    "-----BEGIN SIGNATURE-----",
    address,
    signature,
    "-----END BITCOIN SIGNED MESSAGE-----",
  ].join("\n");
