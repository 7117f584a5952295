/**
 * A rack in a file (docs/hil.md): boards by their links, and what can be done to each from outside,
 * as shell commands (a switched USB hub, a relay at the button) or by the person beside them; and
 * the versions of the firmware that it is to be tested with, each with the command that puts it on.
 *
 *   {"boards": [{"card": ["serial:/dev/ttyACM0", "ble:C0:…"], "name": "left",
 *                "power": {"on": "uhubctl -l 1-1 -p 2 -a on", "off": "uhubctl -l 1-1 -p 2 -a off"},
 *                "button": "ask", "maker": "02…",
 *                "firmware": {"0.1.0": "kincard flash …", "0.2.0": "kincard flash …"}}]}
 */

import { readFileSync } from "node:fs";
import { fromHex } from "../../sdk/crypto/bytes.js";
import { isPoint } from "../../sdk/crypto/curve.js";
import { parseLinkUri } from "../../sdk/links/registry.js";
import { SIZES } from "../../sdk/wire/generated.js";

/** Two shell commands, or a person who is asked. */
export type Lever = "ask" | { readonly on: string; readonly off: string };
export interface RackBoard {
  /** Its links, one at least. */
  readonly links: readonly string[];
  /** For people; default: the link. */
  readonly name?: string;
  readonly power?: Lever;
  /** on: held; off: released. */
  readonly button?: Lever;
  /** Kmaker [33] of a card that is no DEMO card. */
  readonly maker?: Uint8Array;
  /** By version, as a card says its own: a shell command that puts it on the board. */
  readonly firmware?: ReadonlyMap<string, string>;
}

/** The file is no rack: a sentence that names the board. */
export class RackError extends Error {
  override readonly name = "RackError";
}

const KNOWN = new Set(["card", "name", "power", "button", "maker", "firmware"]);

/** Throws RackError, and what reading a file throws. */
export function readRack(path: string): RackBoard[] {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, "utf8").replace(/^\uFEFF/, ""));
  } catch (error) {
    if (error instanceof SyntaxError) throw new RackError(`${path} is no JSON: ${error.message}`);
    throw error;
  }
  const boards = (value as { boards?: unknown } | null)?.boards;
  if (!Array.isArray(boards)) throw new RackError(`${path} has no list "boards"`);
  return boards.map((board: unknown, index) => readBoard(board, `${path}: board ${index + 1}`));
}

function readBoard(value: unknown, where: string): RackBoard {
  if (typeof value !== "object" || value === null) throw new RackError(`${where} is no object`);
  const board = value as Readonly<Record<string, unknown>>;
  const strange = Object.keys(board).find((key) => !KNOWN.has(key));
  if (strange !== undefined) throw new RackError(`${where}: there is no "${strange}"`);
  const links = typeof board.card === "string" ? [board.card] : board.card;
  const isList = Array.isArray(links) && links.every((link) => typeof link === "string");
  if (!isList || !links.length)
    throw new RackError(`${where} has no "card", a link or a list of them`);
  links.forEach(parseLinkUri);
  const { name } = board;
  if (name !== undefined && typeof name !== "string")
    throw new RackError(`${where}: "name" is no text`);
  return {
    links,
    ...(name === undefined ? {} : { name }),
    ...readLever(board, "power", where),
    ...readLever(board, "button", where),
    ...(board.maker === undefined ? {} : { maker: readMaker(board.maker, where) }),
    ...(board.firmware === undefined ? {} : { firmware: readVersions(board.firmware, where) }),
  };
}

function readLever(
  board: Readonly<Record<string, unknown>>,
  key: "power" | "button",
  where: string,
): Partial<Pick<RackBoard, "power" | "button">> {
  const lever = board[key];
  if (lever === undefined) return {};
  if (lever === "ask") return { [key]: lever };
  const { on, off } = (lever ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof on === "string" && typeof off === "string") return { [key]: { on, off } };
  throw new RackError(`${where}: "${key}" is "ask", or two commands, "on" and "off"`);
}

function readMaker(value: unknown, where: string): Uint8Array {
  const hex = typeof value === "string" ? value : "";
  const maker =
    /^[0-9a-f]+$/i.test(hex) && hex.length === 2 * SIZES.POINT ? fromHex(hex) : undefined;
  if (maker && isPoint(maker)) return maker;
  throw new RackError(`${where}: "maker" is no public key: 66 hex digits`);
}

function readVersions(value: unknown, where: string): ReadonlyMap<string, string> {
  const found = Object.entries((value ?? {}) as Readonly<Record<string, unknown>>);
  const isFine = ([version, command]: [string, unknown]) =>
    /^\d+\.\d+\.\d+$/.test(version) && typeof command === "string";
  if (typeof value === "object" && found.length && found.every(isFine))
    return new Map(found as [string, string][]);
  throw new RackError(`${where}: "firmware" is versions, 1.2.3, each with a command`);
}
