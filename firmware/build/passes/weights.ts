/**
 * How often a bundle's functions run, by a model: each function of a table (the handlers, by
 * command) once; who calls out of a table as often as it has functions, and whoever calls that;
 * a listener or a timer's function once; what only the boot calls never. A call inside a branch
 * counts half, one inside a loop twice as much.
 *
 * Checked against the names that the interpreter looked up in a three-card backup: the order that
 * comes of it costs a tenth more steps than the order by the counts themselves.
 */
import { children, isFunction, isName, memberName, walk } from "../check/ast.js";
import type {
  AnyNode,
  Binding,
  CallExpression,
  FunctionNode,
  Names,
  Program,
} from "../check/ast.js";

/** How often a place in a function is passed when the function runs once. */
const BRANCH = 0.5;
const LOOP = 2;

/** The handler of this event runs while a reader waits, and is run so much more often. */
const [WAITED, WEIGHT] = ["NFCrx", 100];

interface Mention {
  readonly binding: Binding;
  readonly times: number;
  readonly isCall: boolean;
}
interface Run {
  readonly node: FunctionNode;
  readonly mentions: readonly Mention[];
  times: number;
}

/** By how much a child of `node` is passed more or less often than `node`. */
function share(node: AnyNode, child: AnyNode): number {
  switch (node.type) {
    case "IfStatement":
    case "ConditionalExpression":
      return child === node.test ? 1 : BRANCH;
    case "LogicalExpression":
      return child === node.left ? 1 : BRANCH;
    case "ForStatement":
      return child === node.init ? 1 : LOOP;
    case "WhileStatement":
      return LOOP;
    default:
      return 1;
  }
}

/** All functions of `outer`, inner ones by themselves, with what they mention of its names. */
function functionsOf(outer: AnyNode, names: Names): Run[] {
  const found: Run[] = [];
  const enter = (node: FunctionNode): void => {
    const mentions: Mention[] = [];
    const visit = (at: AnyNode, parent: AnyNode, times: number): void => {
      if (isFunction(at)) {
        enter(at);
        return;
      }
      const binding = isName(at, parent) ? names.bindingOf(at) : undefined;
      if (binding?.scope.node === outer) {
        const isCall = parent.type === "CallExpression" && parent.callee === at;
        mentions.push({ binding, times, isCall });
      }
      for (const child of children(at)) visit(child, at, times * share(at, child));
    };
    visit(node.body as AnyNode, node, 1);
    found.push({ node, mentions, times: 0 });
  };
  for (const child of children(outer))
    walk(child, (node) => {
      if (!isFunction(node)) return true;
      enter(node);
      return false;
    });
  return found;
}

/** Every function of the bundle with how often it runs. `boot` = what calls nothing but itself. */
function runs(outer: FunctionNode, names: Names): readonly Run[] {
  const all = functionsOf(outer, names);
  const declared = new Map<Binding, Run>();
  for (const run of all)
    if (run.node.type === "FunctionDeclaration" && run.node.id)
      declared.set(names.bindingOf(run.node.id)!, run);

  const tables = new Set<AnyNode>();
  const handedOn = new Set<Binding>();
  walk(outer, (node, parent) => {
    if (node.type === "ArrayExpression")
      for (const element of node.elements) {
        const named = element?.type === "Identifier" && names.bindingOf(element);
        const made = named ? declared.get(named)?.node : element;
        if (made && isFunction(made)) tables.add(made);
      }
    // inside of functions only: what the bundle itself hands to a timer is its boot
    const isCallee = parent?.type === "CallExpression" && parent.callee === node;
    const isOwn = parent?.type === "FunctionDeclaration" && parent.id === node;
    const binding = isName(node, parent) && !isCallee && !isOwn && names.bindingOf(node);
    if (binding && declared.has(binding)) handedOn.add(binding);
  });
  const own = new Map<Run, number>();
  for (const run of all) if (tables.has(run.node)) own.set(run, 1);
  for (const binding of handedOn) own.set(declared.get(binding)!, 1);

  // Who calls out of the table, and who calls those.
  const often = new Set<Run>(all.filter(({ node }) => callsTable(node)));
  for (let size = -1; size !== often.size;) {
    size = often.size;
    for (const run of all) {
      const calls = run.mentions.some(({ binding, isCall }) => {
        const called = declared.get(binding);
        return isCall && called !== undefined && often.has(called);
      });
      if (calls && !tables.has(run.node)) often.add(run);
    }
  }
  for (const run of often) own.set(run, tables.size);

  // From callers to what they call; calls nest, six deep at most, and never in a ring.
  for (const run of all) run.times = own.get(run) ?? 0;
  for (let depth = 0; depth < 8; depth++) {
    const next = new Map<Run, number>(own);
    for (const run of all)
      for (const { binding, times, isCall } of run.mentions) {
        const called = isCall ? declared.get(binding) : undefined;
        if (called && !often.has(called))
          next.set(called, (next.get(called) ?? 0) + run.times * times);
      }
    for (const run of all) run.times = next.get(run) ?? 0;
  }
  return all;
}
function callsTable(node: FunctionNode): boolean {
  let found = false;
  for (const child of children(node))
    walk(child, (at) => {
      if (isFunction(at)) return false;
      if (at.type === "CallExpression" && at.callee.type === "MemberExpression")
        found ||= at.callee.computed;
      return true;
    });
  return found;
}

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

/** How often each name of the bundle's own scope is looked up. */
export function lookUps(
  program: Program,
  outer: FunctionNode,
  names: Names,
): ReadonlyMap<Binding, number> {
  const weights = new Map<Binding, number>();
  const waited = handlers(program, names);
  for (const { node, mentions, times } of runs(outer, names)) {
    const often = waited.has(node) ? WEIGHT : times;
    for (const { binding, times: each } of mentions)
      weights.set(binding, (weights.get(binding) ?? 0) + often * each);
  }
  return weights;
}
