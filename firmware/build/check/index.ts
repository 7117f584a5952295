/** The check of everything that is to run on the interpreter, on one module or on the bundle. */
import {
  calledFunction,
  isFunction,
  parseCode,
  resolveNames,
  type AnyNode,
  type Program,
} from "./ast.js";
import { builtinFindings } from "./builtins.js";
import { callGraph, nesting, type Call, type CallGraph } from "./calls.js";
import { entropyFindings } from "./entropy.js";
import { at, type Finding } from "./findings.js";
import { earlyUses } from "./order.js";
import { syntaxFindings } from "./syntax.js";

/** What the C stack of the smallest board holds, by design. */
export const MOST_NESTED_CALLS = 6;

function parsed(code: string): Program | Finding {
  try {
    return parseCode(code);
  } catch (error) {
    const { message, loc } = error as { message: string; loc?: { line: number; column: number } };
    return { rule: "syntax", message, line: loc?.line ?? 1, column: loc?.column ?? 0 };
  }
}

/** Syntax and builtins: what one module, just compiled, can be asked. */
export function checkModule(code: string): Finding[] {
  const program = parsed(code);
  if ("rule" in program) return [program];
  return [...syntaxFindings(program), ...builtinFindings(program)];
}

/**
 * A variable of the whole bundle that is read by code which runs before the variable's statement:
 * an order of modules that would give `undefined` on any engine.
 */
export function orderFindings(code: string): Finding[] {
  const program = parseCode(code);
  const outermost = calledFunction(program) ?? program;
  return earlyUses(program)
    .filter(({ how, binding }) => how !== "mention" && binding.scope.node === outermost)
    .map(({ binding, node, how }) =>
      at(
        node,
        "order",
        how === "call"
          ? `this call reads \`${binding.name}\` before its \`var\` has run`
          : `\`${binding.name}\` is used before its \`var\` has run`,
      ),
    );
}

/** Every variable that may be touched before its `var` ran, in any function: none may be left. */
export function earlyFindings(code: string): Finding[] {
  return earlyUses(parseCode(code)).map(({ binding, node }) =>
    at(node, "var", `\`${binding.name}\` may be touched before its \`var\` has run`),
  );
}

export type NameOf = (node: AnyNode) => string;
export function ownName(node: AnyNode): string {
  if (node.type === "Program") return "(start)";
  return isFunction(node) && node.id ? node.id.name : "(function)";
}
export function chainText(calls: readonly Call[], nameOf: NameOf): string {
  const [first] = calls;
  return first ? [first.from, ...calls.map(({ to }) => to)].map(nameOf).join(" > ") : "";
}

export function callFindings(
  graph: CallGraph,
  nameOf: NameOf,
  most = MOST_NESTED_CALLS,
): Finding[] {
  if (graph.cycle) {
    const text = chainText(graph.cycle, nameOf);
    return [at(graph.cycle[0]!.node, "recursion", `recursion: ${text}`)];
  }
  const deep = nesting(graph);
  if (deep <= most) return [];
  const text = chainText(graph.deepest, nameOf);
  return [
    at(graph.deepest.at(-1)!.node, "nesting", `${deep} nested calls, ${most} allowed: ${text}`),
  ];
}

/** All of it, on code that is to run as it stands. */
export function checkBundle(code: string, nameOf: NameOf = ownName, most?: number): Finding[] {
  const findings = checkModule(code);
  if (findings.length) return findings;
  const program = parseCode(code);
  const sources = entropyFindings(program);
  const graph = callGraph(program, resolveNames(program));
  return [...sources, ...earlyFindings(code), ...callFindings(graph, nameOf, most)];
}
