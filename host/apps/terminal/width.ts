/**
 * How many columns a text takes on a terminal: two for East Asian wide characters (Unicode's
 * EastAsianWidth.txt, W and F, by its blocks) and for emoji, none for marks over another character.
 */

const clusters = new Intl.Segmenter("en", { granularity: "grapheme" });
const WIDE_BLOCKS =
  "\\u1100-\\u115f\\u2329\\u232a\\u2e80-\\u303e\\u3041-\\ua4cf\\ua960-\\ua97f\\uac00-\\ud7a3\\uf900-\\ufaff" +
  "\\ufe10-\\ufe19\\ufe30-\\ufe6f\\uff00-\\uff60\\uffe0-\\uffe6\\u{17000}-\\u{18dff}\\u{1b000}-\\u{1b2ff}" +
  "\\u{20000}-\\u{3fffd}";
/** U+FE0F asks for the emoji where a character has two looks. */
const WIDE = new RegExp(`[${WIDE_BLOCKS}\\p{Emoji_Presentation}\\ufe0f]`, "u");
const NOTHING = /^[\p{Mn}\p{Me}\p{Cc}\p{Cf}]*$/u;

export function columnsOf(text: string): number {
  let columns = 0;
  for (const { segment } of clusters.segment(text)) {
    if (!NOTHING.test(segment)) columns += WIDE.test(segment) ? 2 : 1;
  }
  return columns;
}

/** Its beginning, in so many columns at most. */
export function cutTo(text: string, columns: number): string {
  let cut = "";
  let left = columns;
  for (const { segment } of clusters.segment(text)) {
    left -= columnsOf(segment);
    if (left < 0) break;
    cut += segment;
  }
  return cut;
}

/** With spaces behind it up to so many columns. */
export const padTo = (text: string, columns: number): string =>
  text + " ".repeat(Math.max(0, columns - columnsOf(text)));
