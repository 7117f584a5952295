/**
 * Espruino's `var` exists once its statement ran (check/order.ts). Where a variable may be touched
 * before, this declares it at the top of its function too: `var a;` and, later, `var a=1` keep
 * their ECMAScript meaning on the interpreter. Costs two or three bytes for each such variable, and
 * only there.
 */
import MagicString from "magic-string";
import type { Plugin } from "rollup";
import { parseCode, type AnyNode } from "../check/ast.js";
import { earlyUses } from "../check/order.js";
import { afterDirectives, bodyOf } from "./hoist.js";

export function declareEarly(code: string): MagicString {
  const text = new MagicString(code);
  const wanted = new Map<AnyNode, Set<string>>();
  for (const { binding } of earlyUses(parseCode(code))) {
    const owner = binding.scope.node;
    wanted.set(owner, (wanted.get(owner) ?? new Set()).add(binding.name));
  }
  for (const [owner, names] of wanted) {
    const body = bodyOf(owner)!;
    const first = body[afterDirectives(body)]!;
    text.appendLeft(first.start, `var ${[...names].join(",")};`);
  }
  return text;
}

export function varsPlugin(): Plugin {
  return {
    name: "declare-early",
    renderChunk(code) {
      const text = declareEarly(code);
      return { code: text.toString(), map: text.generateMap({ hires: true }) };
    },
  };
}
