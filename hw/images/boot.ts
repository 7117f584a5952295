/**
 * The boot code: a few words for the board, then the bundle, all of it tokenised for Storage.
 *
 * It is `.boot0`, not `.bootcde`. Both are run from flash, their functions' bodies stay there. But
 * `.bootcde` is skipped by whoever holds the board's button at power-up, erased by holding it
 * longer (Puck.js), and skipped by `reset()`: each leaves an open prompt before the vault. `.boot0`
 * always runs; whether the button opens the console is then the card's own decision.
 * Source: Espruino 2v29, src/jsflash.c jsfLoadBootCodeFromFlash, targets/nrf5x/main.c,
 * libs/puckjs/jswrap_puck.c. Executed on the emulated chip.
 */
import { parseCode, walk, isFunction } from "../../firmware/build/check/ast.js";
import { BuildRefused } from "../../firmware/build/check/findings.js";
import { pretokenise } from "../../firmware/build/passes/pretokenise.js";
import type { Board } from "../boards/board.js";
import { pieces } from "./pieces.js";

export const BOOT_FILE = ".boot0";
export const BAUD = 115200;
/** The Linux build's port: a link of this name to a pseudo terminal, in the folder it runs in. */
export const LINUX_PORT = "serial";
/** The interpreter keeps the length of a string in flash in 16 bits, and crops what is longer. */
const BOOT_MOST = 65535;

/**
 * What the board needs before the bundle: its UART at the image's rate when something drives RX
 * (left alone, an open UART costs a battery more than everything else; Espruino decides by the same
 * test).
 */
export function prelude({ serial, id }: Board): string {
  if (id === "linux") return `Serial1.setup(${BAUD},{path:"${LINUX_PORT}"});`;
  if (!serial) return "";
  const { rx, tx } = serial;
  return (
    `pinMode(${rx},"input_pulldown");pinMode(${rx},"input");` +
    `if(digitalRead(${rx}))Serial1.setup(${BAUD},{rx:${rx},tx:${tx}});`
  );
}

/** Directives that make the interpreter take a function's body into RAM, or compile it there. */
const TO_RAM = new Set(["ram", "jit", "compiled"]);
/** Calls that make a function from a string, which lies in RAM. */
const FROM_STRING = new Set(["eval", "Function"]);

/** Why functions of this bundle would not stay in flash; empty when they do. */
export function copiedToRam(code: string): string[] {
  const found: string[] = [];
  walk(parseCode(code), (node) => {
    const where = `at character ${node.start}`;
    if (isFunction(node) && node.body.type === "BlockStatement") {
      const [first] = node.body.body;
      if (first?.type === "ExpressionStatement" && TO_RAM.has(first.directive ?? ""))
        found.push(`the function ${where} asks for "${first.directive}"`);
    }
    if (node.type !== "CallExpression" && node.type !== "NewExpression") return;
    if (node.callee.type === "Identifier" && FROM_STRING.has(node.callee.name))
      found.push(`${node.callee.name}() ${where} makes code in RAM`);
  });
  return found;
}

export interface BootCode {
  /** As it lies in Storage. */
  readonly bytes: Uint8Array;
  /** How many of them are the board's own words, before the bundle. */
  readonly prelude: number;
  /** What it reads in (pieces.ts): the log's first file. */
  readonly first: { readonly name: string; readonly bytes: Uint8Array };
}

export function bootCode(board: Board, bundle: string): BootCode {
  const found = copiedToRam(bundle);
  if (found.length)
    throw new BuildRefused(`function bodies would be copied to RAM: ${found.join("; ")}`);
  const words = prelude(board);
  const { first, firstName, rest } = pieces(bundle);
  const bytes = Buffer.from(pretokenise(words + rest), "latin1");
  if (bytes.length > BOOT_MOST)
    throw new BuildRefused(`${BOOT_FILE} has ${bytes.length} bytes; the interpreter crops 65,536`);
  return {
    bytes: new Uint8Array(bytes),
    prelude: words ? pretokenise(words).length : 0,
    first: { name: firstName, bytes: first },
  };
}
