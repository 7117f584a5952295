/**
 * Espruino finds a variable by walking its scope's list, in the order in which the names came to
 * be (jsvFindChildFromString in Espruino's src/jsvar.c). This makes the bundle's own names in the
 * order in which they are looked up most (weights.ts): variables that begin as a constant go to the
 * top, the most looked up of the others are declared there too, at two or three bytes each. The
 * functions' own order is sort.ts's.
 */
import MagicString from "magic-string";
import type { Plugin } from "rollup";
import {
  calledFunction,
  isFunction,
  parseCode,
  resolveNames,
  walk,
  type AnyNode,
  type Binding,
  type Names,
} from "../check/ast.js";
import { afterDirectives, bodyOf } from "./hoist.js";
import { lookUps } from "./weights.js";

/** Of the most looked up so many, whatever they are: more save little, and cost time at boot. */
const MOST = 32;

/** A value that is made without running anything. */
function isConstant(node: AnyNode | null | undefined): boolean {
  if (!node || node.type === "Literal") return true;
  return node.type === "UnaryExpression" && node.operator !== "delete" && isConstant(node.argument);
}
/** Whether making a value runs none of the bundle's functions. */
function isHarmless(node: AnyNode | null | undefined, names: Names): boolean {
  let harmless = true;
  if (node)
    walk(node, (at) => {
      if (isFunction(at)) return false;
      if (/^(Assignment|Update|TaggedTemplate|Yield)/.test(at.type)) harmless = false;
      if (at.type === "CallExpression" || at.type === "NewExpression")
        harmless &&= at.callee.type === "Identifier" && !names.bindingOf(at.callee);
      return true;
    });
  return harmless;
}

interface Constant {
  readonly statement: AnyNode;
  readonly start: number;
  readonly end: number;
}
/**
 * Variables of the bundle's own scope that begin as a constant and may do so at its top: nothing
 * runs before them, and they are declared once (what is touched early is declared early, vars.ts).
 */
function constants(body: readonly AnyNode[], names: Names): Map<Binding, Constant> {
  const found = new Map<Binding, Constant>();
  const others = new Set<Binding>();
  search: for (const statement of body) {
    if (statement.type === "FunctionDeclaration") continue;
    if (statement.type !== "VariableDeclaration") break;
    for (const { id, init, start, end } of statement.declarations) {
      const binding = id.type === "Identifier" ? names.bindingOf(id) : undefined;
      if (binding?.kind !== "var" || !isHarmless(init, names)) break search;
      if (found.has(binding) || !isConstant(init)) others.add(binding);
      else found.set(binding, { statement, start, end });
    }
  }
  for (const binding of others) found.delete(binding);
  return found;
}
/** Takes the declarations of `moved` out of where they stand. */
function remove(
  text: MagicString,
  body: readonly AnyNode[],
  moved: ReadonlyMap<Binding, Constant>,
  names: Names,
): void {
  for (const statement of body) {
    if (statement.type !== "VariableDeclaration") continue;
    const { declarations } = statement;
    const goes = declarations.map(({ id }) => {
      const binding = id.type === "Identifier" ? names.bindingOf(id) : undefined;
      return binding !== undefined && moved.get(binding)?.statement === statement;
    });
    const last = goes.lastIndexOf(false);
    if (last < 0) text.remove(statement.start, statement.end);
    else {
      for (const [i, { start }] of declarations.entries())
        if (goes[i] && i < last) text.remove(start, declarations[i + 1]!.start);
      if (last < declarations.length - 1)
        text.remove(declarations[last]!.end, declarations.at(-1)!.end);
    }
  }
}

export function declareHot(code: string, most = MOST): MagicString {
  const text = new MagicString(code);
  const program = parseCode(code);
  const outer = calledFunction(program);
  const body = outer && bodyOf(outer);
  if (!outer || !body?.length) return text;
  const names = resolveNames(program);
  const order = [...lookUps(program, outer, names)]
    .filter(([, weight]) => weight > 0)
    .sort(([a, n], [b, m]) => m - n || (a.name < b.name ? -1 : 1))
    .map(([binding]) => binding);
  const first = body[afterDirectives(body)]!.start;
  const moved = constants(body, names);
  const chosen = order.filter((one, i) => i < most || moved.has(one));
  for (const one of moved.keys()) if (!chosen.includes(one)) moved.delete(one);
  remove(text, body, moved, names);
  const list = chosen.map((one) => {
    const constant = moved.get(one);
    return constant ? code.slice(constant.start, constant.end) : one.name;
  });
  if (list.length) text.prependRight(first, `var ${list.join(",")};`);
  return text;
}

export function hotPlugin(): Plugin {
  return {
    name: "declare-hot-first",
    renderChunk(code) {
      const text = declareHot(code);
      return { code: text.toString(), map: text.generateMap({ hires: true }) };
    },
  };
}
