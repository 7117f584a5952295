/**
 * Calls of the kernel without the function around them (firmware/wire/facade.ts): `copy(a, b, n)`
 * becomes `nCopy(base + a, base + b, n)`. A call of a function of its own costs the interpreter
 * 24,500 instructions, of a native one 7,800; the sources keep their names and types.
 *
 * Limits: only functions that are one `return` of such a call, their parameters once each and in
 * order. Arguments are whole numbers: `base + (a + b)` is written without its brackets.
 */
import MagicString from "magic-string";
import type { Plugin } from "rollup";
import {
  calledFunction,
  children,
  isName,
  parseCode,
  resolveNames,
  type AnyNode,
  type Binding,
} from "../check/ast.js";
import { bodyOf } from "./hoist.js";

const NATIVE = /^n[A-Z]/;

/** A function that only hands on what it is given. */
interface Facade {
  readonly native: string;
  /** What each argument is added to, "" = nothing. */
  readonly bases: readonly string[];
}

function facadeOf(node: AnyNode): Facade | undefined {
  if (node.type !== "FunctionDeclaration" || node.body.body.length !== 1) return undefined;
  const [statement] = node.body.body;
  if (statement?.type !== "ReturnStatement" || statement.argument?.type !== "CallExpression")
    return undefined;
  const { callee, arguments: given } = statement.argument;
  if (callee.type !== "Identifier" || !NATIVE.test(callee.name)) return undefined;
  if (given.length !== node.params.length) return undefined;
  const bases: string[] = [];
  for (const [i, argument] of given.entries()) {
    const sum = argument.type === "BinaryExpression" && argument.operator === "+";
    const taken = sum ? argument.right : argument;
    const param = node.params[i]!;
    if (taken.type !== "Identifier" || param.type !== "Identifier" || taken.name !== param.name)
      return undefined;
    if (sum && argument.left.type !== "Identifier") return undefined;
    bases.push(sum && argument.left.type === "Identifier" ? argument.left.name : "");
  }
  return { native: callee.name, bases };
}

/** What may stand behind `base +` as it is. */
function isPlain(node: AnyNode): boolean {
  if (node.type === "BinaryExpression")
    return /^[-+*]$/.test(node.operator) && isPlain(node.left as AnyNode);
  return /^(Identifier|Literal|MemberExpression|CallExpression)$/.test(node.type);
}

export function callDirectly(code: string): MagicString {
  const text = new MagicString(code);
  const program = parseCode(code);
  const outer = calledFunction(program);
  const names = resolveNames(program);
  const facades = new Map<Binding, Facade>();
  for (const statement of (outer && bodyOf(outer)) ?? []) {
    const facade = facadeOf(statement);
    if (facade && statement.type === "FunctionDeclaration" && statement.id)
      facades.set(names.bindingOf(statement.id)!, facade);
  }
  const visit = (node: AnyNode): void => {
    for (const child of children(node)) visit(child);
    if (node.type !== "CallExpression" || !isName(node.callee, node)) return;
    const binding = names.bindingOf(node.callee);
    const facade = binding && facades.get(binding);
    if (!facade || node.arguments.length !== facade.bases.length) return;
    text.overwrite(node.callee.start, node.callee.end, facade.native);
    for (const [i, base] of facade.bases.entries()) {
      const argument = node.arguments[i]!;
      if (!base) continue;
      const plain = isPlain(argument);
      text.prependLeft(argument.start, plain ? `${base} + ` : `${base} + (`);
      if (!plain) text.appendRight(argument.end, ")");
    }
  };
  visit(program);
  return text;
}

export function directPlugin(): Plugin {
  return {
    name: "call-the-kernel-directly",
    renderChunk(code) {
      const text = callDirectly(code);
      return { code: text.toString(), map: text.generateMap({ hires: true }) };
    },
  };
}
