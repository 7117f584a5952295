/**
 * The bundle's first statement closes the prompt. Espruino runs a program statement by statement
 * and walks the declarations of a function when it enters it (170 ms of the bundle's on a Puck.js):
 * what the card's own functions do comes too late for a Ctrl-C. A development image leaves the
 * prompt open while the button is held.
 *
 * And a prompt that opens, there or on a blank card, has no `save()`: what it writes is restored
 * before the next boot, and the card's program on top of it does not fit the memory.
 *
 * Then the class of the card's bytes is named: a global gets its place at its first mention, and
 * whoever looks for a method of `bytes` walks the globals up to it first
 * (jspeiFindChildFromStringInParents in Espruino's src/jsparse.c): 5,000 instructions of a READ.
 *
 * The board's words before it (hw/images/boot.ts) open the serial port first: a port that is opened
 * without a console before it never sends again (Espruino 2v29, targets/nrf5x/jshardware.c,
 * isSending).
 */
import MagicString from "magic-string";
import type { Plugin } from "rollup";
import type { FirmwareConfig } from "../config.js";

const NO_SAVE = "global.save=0;";
const CLOSE = "E.setConsole(null,{force:true});";
const FOUND_FIRST = "Uint8Array;";
const UNLESS_HELD = 'if("undefined"==typeof BTN||!BTN.read())';

export const firstStatement = ({ demo }: FirmwareConfig): string =>
  NO_SAVE + (demo ? UNLESS_HELD : "") + CLOSE + FOUND_FIRST;

export function firstPlugin(config: FirmwareConfig): Plugin {
  return {
    name: "close-the-prompt-first",
    renderChunk(code) {
      const text = new MagicString(code).prepend(firstStatement(config));
      return { code: text.toString(), map: text.generateMap({ hires: true }) };
    },
  };
}
