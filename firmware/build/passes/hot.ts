/**
 * Espruino finds a variable by walking its scope's list, in the order in which the names came to
 * be. This declares those of the bundle's own scope that are mentioned most in its functions at the
 * top of it, so that they are found first: an eighth of all instructions less by `npm run
 * bench:espruino` (the bundle's scope has 190 names). Costs two or three bytes for each. What
 * runs while a reader waits for a frame's answer is mentioned seldom and has to be found at once:
 * there a mention counts for many.
 *
 * Source: jsvFindChildFromString in Espruino's src/jsvar.c. Limit: mentions are counted as they
 * stand in the text, not as they are run.
 */
import MagicString from "magic-string";
import type { Plugin } from "rollup";
import {
  calledFunction,
  children,
  isFunction,
  isName,
  memberName,
  parseCode,
  resolveNames,
  walk,
  type AnyNode,
  type Binding,
  type CallExpression,
  type Names,
  type Program,
} from "../check/ast.js";
import { afterDirectives, bodyOf } from "./hoist.js";

/** More save little, and each costs time at boot, when it is declared a second time. */
const MOST = 32;
/** Of this event the handler's mentions (and of what was inlined into it) count so much each. */
const [WAITED, WEIGHT] = ["NFCrx", 16];

/** The functions that `on(WAITED, ...)` is given, by their names or by a parameter's. */
function handlers(program: Program, names: Names): ReadonlySet<AnyNode> {
  const declared = new Map<Binding | undefined, AnyNode>();
  const calls: CallExpression[] = [];
  walk(program, (node) => {
    if (node.type === "FunctionDeclaration" && node.id)
      declared.set(names.bindingOf(node.id), node);
    if (node.type === "CallExpression") calls.push(node);
  });
  const bindingOf = (node: AnyNode | undefined) =>
    node?.type === "Identifier" ? names.bindingOf(node) : undefined;
  const given: (Binding | undefined)[] = [];
  for (const {
    callee,
    arguments: [event, handler],
  } of calls) {
    if (memberName(callee) !== "on" || event?.type !== "Literal" || event.value !== WAITED)
      continue;
    const own = bindingOf(handler);
    given.push(own);
    const taker = own?.scope.node;
    if (!taker || !isFunction(taker) || taker.type !== "FunctionDeclaration") continue;
    const at = taker.params.findIndex((param) => bindingOf(param) === own);
    for (const call of calls)
      if (declared.get(bindingOf(call.callee)) === taker) given.push(bindingOf(call.arguments[at]));
  }
  const found = new Set<AnyNode>();
  for (const binding of given) {
    const node = binding && declared.get(binding);
    if (node) found.add(node);
  }
  return found;
}

export function declareHot(code: string, most = MOST): MagicString {
  const text = new MagicString(code);
  const program = parseCode(code);
  const outer = calledFunction(program);
  const body = outer && bodyOf(outer);
  if (!outer || !body?.length) return text;
  const names = resolveNames(program);
  const mentions = new Map<Binding, number>();
  const waited = handlers(program, names);
  const visit = (node: AnyNode, depth: number, weight: number, parent?: AnyNode): void => {
    const own = waited.has(node) ? WEIGHT : weight;
    const isOwnName = parent?.type === "FunctionDeclaration" && parent.id === node;
    const counts = depth > 1 && isName(node, parent) && !isOwnName;
    const binding = counts ? names.bindingOf(node) : undefined;
    if (binding?.scope.node === outer) mentions.set(binding, (mentions.get(binding) ?? 0) + own);
    const inner = depth + (isFunction(node) ? 1 : 0);
    for (const child of children(node)) visit(child, inner, own, node);
  };
  visit(program, 0, 1);
  const hot = [...mentions].sort(([a, n], [b, m]) => m - n || (a.name < b.name ? -1 : 1));
  const list = hot.slice(0, most).map(([{ name }]) => name);
  if (list.length) text.appendLeft(body[afterDirectives(body)]!.start, `var ${list.join(",")};`);
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
