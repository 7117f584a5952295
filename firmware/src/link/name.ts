/**
 * What the board is called on the air and in the tag's address: "Kincard" and four digits, drawn
 * anew at boot and whenever a link ends, so that it tells which board lies here now and not which
 * card it is. Nothing of the card's own goes into it.
 */
import { digits } from "../board/board.js";

export let name = "";

export function renewName(): void {
  name = "Kincard " + digits(0);
}
