/**
 * Espruino hoists nothing: a function declaration exists once it was run through. This moves every
 * one to the top of the function (or program) around it, where ECMAScript says it already is.
 * Declarations inside blocks stay: what they mean differs between engines, and the check refuses
 * them.
 */
import MagicString from "magic-string";
import type { Plugin } from "rollup";
import { isFunction, parseCode, walk, type AnyNode } from "../check/ast.js";

/** The statements of a program or function, after which directives ("use strict") end. */
export function bodyOf(node: AnyNode): AnyNode[] | undefined {
  if (node.type === "Program") return node.body;
  if (isFunction(node) && node.body.type === "BlockStatement") return node.body.body;
  return undefined;
}
/** Index of the first statement that is no directive. */
export function afterDirectives(body: readonly AnyNode[]): number {
  const first = body.findIndex((s) => s.type !== "ExpressionStatement" || !s.directive);
  return first < 0 ? body.length : first;
}

export function hoist(code: string): MagicString {
  const text = new MagicString(code);
  walk(parseCode(code), (node) => {
    const body = bodyOf(node);
    if (!body) return;
    const rest = body.slice(afterDirectives(body));
    const first = rest.findIndex((statement) => statement.type !== "FunctionDeclaration");
    for (const statement of first < 0 ? [] : rest.slice(first))
      if (statement.type === "FunctionDeclaration")
        text.move(statement.start, statement.end, rest[first]!.start);
  });
  return text;
}

export function hoistPlugin(): Plugin {
  return {
    name: "hoist-functions",
    renderChunk(code) {
      const text = hoist(code);
      return { code: text.toString(), map: text.generateMap({ hires: true }) };
    },
  };
}
