/**
 * The bundle's functions, the most called first: the interpreter finds a name by walking the list
 * of all, in the order in which they were declared (hot.ts). Before the minifier, which keeps the
 * order and leaves nothing between one function and the next.
 */
import MagicString from "magic-string";
import type { Plugin } from "rollup";
import { calledFunction, parseCode, resolveNames, type Binding } from "../check/ast.js";
import { bodyOf } from "./hoist.js";
import { lookUps } from "./weights.js";

export function sortFunctions(code: string): MagicString {
  const text = new MagicString(code);
  const program = parseCode(code);
  const outer = calledFunction(program);
  const body = outer && bodyOf(outer);
  if (!outer || !body) return text;
  const names = resolveNames(program);
  const weights = lookUps(program, outer, names);
  const functions = body.filter((statement) => statement.type === "FunctionDeclaration");
  const of = new Map<unknown, number>(
    functions.map((one) => [one, weights.get(names.bindingOf(one.id!) as Binding) ?? 0]),
  );
  const sorted = [...functions].sort((a, b) => of.get(b)! - of.get(a)!);
  // Behind the last statement: a declaration may stand anywhere.
  const at = body.at(-1)!.end;
  const touch = functions.some(({ end }) => end === at || functions.some((f) => f.start === end));
  if (!touch) for (const { start, end } of sorted) text.move(start, end, at);
  return text;
}

export function sortPlugin(): Plugin {
  return {
    name: "sort-functions",
    renderChunk(code) {
      const text = sortFunctions(code);
      return { code: text.toString(), map: text.generateMap({ hires: true }) };
    },
  };
}
