/**
 * The bundle in two pieces: as many of its functions as fill the log's first page (storage-names.ts),
 * and the rest with one statement that reads them in. `eval` of a file in flash leaves the bodies
 * where they are (Espruino 2v29: src/jswrap_functions.c jswrap_eval takes the string as it is,
 * src/jsparse.c cuts a function's body out of it), and what it declares belongs to the function
 * around it, where the rest looks for it.
 */
import { createHash } from "node:crypto";
import { calledFunction, parseCode } from "../../firmware/build/check/ast.js";
import { BuildRefused } from "../../firmware/build/check/findings.js";
import { bodyOf } from "../../firmware/build/passes/hoist.js";
import { pretokenise } from "../../firmware/build/passes/pretokenise.js";
import { FIRST_SIZE, pieceName } from "./storage-names.js";

export interface Pieces {
  /** Exactly FIRST_SIZE bytes, tokenised: function declarations, then line ends. */
  readonly first: Uint8Array;
  readonly firstName: string;
  /** Source text of the rest. */
  readonly rest: string;
}

interface Declaration {
  readonly start: number;
  readonly end: number;
}

/**
 * The bundle without the function around it: the interpreter would read all of that over once to
 * find its end, and a second time to run it. Its names are the board's own then: nothing else runs
 * there, and the minifier gives none that the bundle uses of the board's.
 */
export function unwrapped(code: string): string {
  const outer = calledFunction(parseCode(code));
  const body = outer && bodyOf(outer);
  const [first] = body ?? [];
  if (!body || !first) return code;
  return (
    code.slice(0, code.lastIndexOf("(function", first.start)) +
    code.slice(first.start, body.at(-1)!.end)
  );
}

/** The functions that stand before the program's first statement of another kind. */
function declarations(code: string): Declaration[] {
  const found: Declaration[] = [];
  for (const statement of bodyOf(parseCode(code)) ?? []) {
    if (statement.type === "FunctionDeclaration") found.push(statement);
    else if (found.length) break;
  }
  return found;
}

/** Which of them fit into the first page, the last ones first. */
function chosen(code: string, all: readonly Declaration[]): Set<Declaration> {
  const taken = new Set<Declaration>();
  let room = FIRST_SIZE;
  for (const one of [...all].reverse()) {
    const size = pretokenise(code.slice(one.start, one.end)).length;
    if (size > room) continue;
    room -= size;
    taken.add(one);
  }
  return taken;
}

export function pieces(bundle: string): Pieces {
  const code = unwrapped(bundle);
  const all = declarations(code);
  const taken = chosen(code, all);
  const text = all.filter((one) => taken.has(one)).map(({ start, end }) => code.slice(start, end));
  const tokens = Buffer.from(pretokenise(text.join("")), "latin1");
  if (tokens.length > FIRST_SIZE)
    throw new BuildRefused(`the first piece has ${tokens.length} bytes of ${FIRST_SIZE}`);
  const first = new Uint8Array(FIRST_SIZE).fill(10);
  first.set(tokens);
  const firstName = pieceName(createHash("sha256").update(first).digest("hex"));
  const end = all.at(-1)?.end;
  if (end === undefined) return { first, firstName, rest: code };
  // Behind the other declarations, whose names are found sooner.
  const read = `eval(require("Storage").read(${JSON.stringify(firstName)}));`;
  const kept = all.filter((one) => !taken.has(one));
  const others = kept.map(({ start, end: to }) => code.slice(start, to)).join("");
  const before = code.slice(0, all[0]!.start);
  return { first, firstName, rest: before + others + read + code.slice(end) };
}
