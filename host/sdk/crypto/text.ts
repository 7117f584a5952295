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

/**
 * What moves a cursor, turns or breaks a line, or is no character at all (half of one, U+FFFF:
 * neither stands in XML).
 */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Surrogate}\p{Noncharacter_Code_Point}]/gu;

/** Text of a stranger's, for people: nothing in it moves a cursor or turns the line round. */
export const visible = (text: string) => text.replace(UNPRINTABLE, "?");
export const isVisible = (text: string) => visible(text) === text;

const clusters = new Intl.Segmenter("en", { granularity: "grapheme" });
/** Not only what has no ink and no width. */
const SEEN = /[^\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/u;

/**
 * How many characters people see (Unicode's grapheme clusters, UAX 29): an emoji of seven code
 * points is one, and so is a letter with its accents. Normalising can make more of one ("㍿" are
 * four letters): nobody typed those, so the fewer count.
 */
export function charactersIn(text: string): number {
  const count = (form: string) =>
    Array.from(clusters.segment(form)).filter(({ segment }) => SEEN.test(segment)).length;
  return Math.min(count(text), count(text.normalize("NFKD")));
}

/** JSON of a file: some editors put a byte order mark before it, which JSON does not know. */
export const parseJson = (text: string): unknown => JSON.parse(text.replace(/^\ufeff/, ""));

/** The beginning of a sentence. */
export const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** "1 byte", "2 bytes". */
export const counted = (count: number, what: string): string =>
  `${count} ${what}${count === 1 ? "" : "s"}`;
