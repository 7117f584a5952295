/**
 * A recording: one JSON object a line (JSON Lines), so that it can be added to, cut and searched.
 * A run begins with its header; then one line an exchange, with what each byte is, and one a note.
 * Docs: docs/recordings.md. Browser-safe.
 *
 *   {"kincard":"recording","format":1,"protocol":1,"inside":false}
 *   {"at":12,"ms":40,"link":"tcp:127.0.0.1:9001","name":"STATUS","command":"80100000",
 *    "answer":"0101…9000","commandParts":[[4,"frame","CLA INS P1 P2"]],"answerParts":[…]}
 *   {"at":60,"note":"The source seals the key","link":"…"}
 *
 * `at` and `ms` are milliseconds since the run began, and that the exchange took. A command that
 * was never answered has `lost` (why) in place of the answer. `inside` is what the card and the app
 * see inside a seal: of the messages that one card has for another, which are secret to nobody; and
 * of everything, access codes too, under a header that says so: of virtual cards, by a program that
 * owns them. A reader refuses any other. A line that a crash cut short is left out.
 */

import { fromHex, toHex } from "../crypto/bytes.js";
import { Failure } from "../failures/failure.js";
import { PROTOCOL_VERSION } from "../wire/generated.js";
import type { CommandName } from "../wire/generated.js";
import { COVERS } from "./parts.js";
import type { Cover, Part } from "./parts.js";

export const FORMAT = 1;

export interface Header {
  /** The cards are virtual, and what goes through their channels is recorded too. */
  readonly inside: boolean;
}
/** Commands that carry messages from card to card: sealed, but no secret is in them. */
export const CARRIED: ReadonlySet<string> = new Set<CommandName>([
  ...(["OFFER", "SEAL", "RESEND", "ACCEPT", "CONFIRM"] as const),
]);

/** What is inside the seals of a command and its answer. */
export interface Inside {
  /** The command; of a fetched answer the one that it answers. */
  readonly name: string;
  readonly command: Uint8Array;
  readonly answer: Uint8Array;
  readonly commandParts: readonly Part[];
  readonly answerParts: readonly Part[];
}
export interface Exchange {
  readonly at: number;
  readonly ms: number;
  readonly link: string;
  readonly name: string;
  readonly sealed: boolean;
  readonly command: Uint8Array;
  readonly commandParts: readonly Part[];
  /** Empty where there was none: `lost` says why. */
  readonly answer: Uint8Array;
  readonly answerParts: readonly Part[];
  readonly lost?: string;
  readonly inside?: Inside;
}
export interface Note {
  readonly at: number;
  readonly note: string;
  readonly link?: string;
}
export type Entry = Exchange | Note;
export interface Run extends Header {
  readonly entries: readonly Entry[];
}

export const isExchange = (entry: Entry): entry is Exchange => "command" in entry;

type PartLine = readonly [size: number, cover: Cover, name: string, by?: string];
const partLine = ({ size, cover, name, by }: Part): PartLine =>
  by === undefined ? [size, cover, name] : [size, cover, name, by];

/** How a run's first line begins. */
export const START = '{"kincard":"recording"';
export const headerLine = ({ inside }: Header): string =>
  JSON.stringify({ kincard: "recording", format: FORMAT, protocol: PROTOCOL_VERSION, inside });

export function entryLine(entry: Entry): string {
  if (!isExchange(entry)) return JSON.stringify(entry);
  const { at, ms, link, name, sealed, lost, inside } = entry;
  const opened = inside && {
    ...{ name: inside.name, command: toHex(inside.command), answer: toHex(inside.answer) },
    commandParts: inside.commandParts.map(partLine),
    answerParts: inside.answerParts.map(partLine),
  };
  return JSON.stringify({
    ...{ at, ms, link, name, sealed, command: toHex(entry.command) },
    ...(lost === undefined ? { answer: toHex(entry.answer) } : { lost }),
    commandParts: entry.commandParts.map(partLine),
    answerParts: entry.answerParts.map(partLine),
    ...(opened ? { inside: opened } : {}),
  });
}

/** Throws a Failure (input/recording) that names the line. */
export function readRecording(text: string): Run[] {
  const lines = text.replace(/^\uFEFF/, "").split("\n");
  const runs: { inside: boolean; entries: Entry[] }[] = [];
  for (const [index, line] of lines.entries()) {
    if (line.trim() === "") continue;
    // Cut short by a crash: the file ends there, or a new run begins behind it.
    const next = lines[index + 1];
    const cut = runs.length > 0 && (next === undefined || next.startsWith(START));
    if (cut && !isJson(line)) continue;
    const value = parse(line, index + 1);
    if (value.kincard !== undefined) {
      if (value.kincard !== "recording" || value.format !== FORMAT)
        throw fault(index + 1, `it is no recording of format ${FORMAT}`);
      runs.push({ inside: value.inside === true, entries: [] });
      continue;
    }
    const run = runs.at(-1);
    if (!run) throw fault(index + 1, "it is not a recording: its header is missing");
    const entry = readEntry(value, index + 1);
    if (isExchange(entry) && entry.inside && !run.inside && !mayBeOpen(entry.inside))
      throw fault(index + 1, "it holds what is inside a seal, and does not say so in its header");
    run.entries.push(entry);
  }
  if (runs.length === 0) throw fault(1, "it is empty");
  return runs;
}

/** A message of one card for another. */
const mayBeOpen = ({ name, commandParts, answerParts }: Inside) =>
  CARRIED.has(name) && [...commandParts, ...answerParts].every(({ cover }) => cover !== "secret");

type Line = Readonly<Record<string, unknown>>;

function isJson(text: string): boolean {
  try {
    return JSON.parse(text) !== undefined;
  } catch {
    return false;
  }
}

function parse(text: string, line: number): Line {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value as Line;
  } catch {
    // said below
  }
  throw fault(line, "it is not a recording");
}

function readEntry(value: Line, line: number): Entry {
  const at = number(value.at, line);
  if (typeof value.note === "string") {
    const link = value.link === undefined ? undefined : string(value.link, line);
    return link === undefined ? { at, note: value.note } : { at, note: value.note, link };
  }
  const lost = value.lost === undefined ? undefined : string(value.lost, line);
  const command = hex(value.command, line);
  const answer = lost === undefined ? hex(value.answer, line) : new Uint8Array(0);
  const exchange = {
    ...{ at, ms: number(value.ms, line), link: string(value.link, line) },
    ...{ name: string(value.name, line), sealed: value.sealed === true },
    ...{ command, commandParts: parts(value.commandParts, command.length, line) },
    ...{ answer, answerParts: parts(value.answerParts, answer.length, line) },
  };
  const inside = value.inside === undefined ? undefined : readInside(value.inside as Line, line);
  return {
    ...exchange,
    ...(lost === undefined ? {} : { lost }),
    ...(inside ? { inside } : {}),
  };
}

function readInside(value: Line, line: number): Inside {
  const command = hex(value.command, line);
  const answer = hex(value.answer, line);
  return {
    ...{ name: string(value.name, line), command, answer },
    commandParts: parts(value.commandParts, command.length, line),
    answerParts: parts(value.answerParts, answer.length, line),
  };
}

/** They must cover all the bytes. */
function parts(value: unknown, size: number, line: number): Part[] {
  if (!Array.isArray(value)) throw fault(line, "it lacks what its bytes are");
  const found = value.map((each: unknown): Part => {
    const [partSize, cover, name, by] = (Array.isArray(each) ? each : []) as unknown[];
    if (!COVERS.includes(cover as Cover)) throw fault(line, "a part has no known cover");
    const named = { name: string(name, line), size: number(partSize, line) };
    const known = { ...named, cover: cover as Cover };
    return by === undefined ? known : { ...known, by: string(by, line) };
  });
  const covered = found.reduce((sum, each) => sum + each.size, 0);
  if (covered !== size) throw fault(line, `its parts are ${covered} bytes of ${size}`);
  return found;
}

const fault = (line: number, why: string) => new Failure("input/recording", { line, why });

function number(value: unknown, line: number): number {
  if (typeof value === "number" && Number.isFinite(value) && value >= 0) return value;
  throw fault(line, "a number is missing");
}
function string(value: unknown, line: number): string {
  if (typeof value === "string") return value;
  throw fault(line, "a text is missing");
}
function hex(value: unknown, line: number): Uint8Array {
  try {
    return fromHex(string(value, line));
  } catch {
    throw fault(line, "its bytes are not hexadecimal");
  }
}
