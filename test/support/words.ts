/** Status words by name, for messages that say what a card said. */
import { STATUS_WORDS, type StatusWordName } from "../../host/sdk/wire/generated.js";

const BY_VALUE = new Map(
  Object.entries(STATUS_WORDS).map(([name, { value }]) => [value as number, name]),
) as ReadonlyMap<number, StatusWordName>;

/** The word's name; a number that the wire table does not have, in hex. */
export function statusWord(value: number): StatusWordName | string {
  return BY_VALUE.get(value) ?? value.toString(16);
}
