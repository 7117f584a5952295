/**
 * The last door before a terminal: words may hold what a card, a certificate, a file or a driver
 * said, and nothing in those moves the cursor, turns the line round or hides what follows. Line
 * breaks stay, and the colours that style.ts makes.
 */

import { visible } from "../../sdk/crypto/text.js";

/** Bold, dim, red, green, yellow, cyan, white on black and their ends: none of them can hide a word. */
// eslint-disable-next-line no-control-regex
const OURS = /(\u001b\[(?:0|1|2|22|31|32|33|36|39|97;40)m)/;

export const safe = (text: string): string =>
  text
    .split(OURS)
    .map((part, at) => (at % 2 ? part : part.split("\n").map(visible).join("\n")))
    .join("");

/** The same for JSON, which stays what it was: escapes in place of the characters. */
export const safeJson = (json: string): string =>
  Array.from(json, (character) =>
    visible(character) === character ? character : escaped(character),
  ).join("");

const escaped = (character: string) =>
  character
    .split("")
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .join("");
