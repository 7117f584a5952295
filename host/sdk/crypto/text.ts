/** Bytes as text of one character a byte, and as base64 (RFC 4648). Browser-safe. */

export function toLatin1(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}
export const fromLatin1 = (text: string): Uint8Array =>
  Uint8Array.from(text, (character) => character.charCodeAt(0));

export const toBase64 = (bytes: Uint8Array): string => btoa(toLatin1(bytes));
/** Throws when it is none. */
export const fromBase64 = (text: string): Uint8Array => fromLatin1(atob(text));

/** Text of a stranger's, for people: nothing in it moves a cursor or turns the line round. */
export const visible = (text: string) => text.replace(/[\p{Cc}\p{Cf}]/gu, "?");

/** The beginning of a sentence. */
export const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
