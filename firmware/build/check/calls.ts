/**
 * The static call graph: no recursion ("Too much recursion" aborts the whole script and cannot be
 * caught), and how deep calls nest at worst (each level takes about 1.6 KB of the board's C stack).
 *
 * Which functions a call may reach is found by following values through variables, parameters,
 * results and properties until nothing changes (Andersen's points-to analysis; an object is the
 * place that makes it, all elements of an array are one). Limits: getters are not followed; code
 * reached by the event loop (timers, `on`, `setWatch`) starts at depth 1.
 */
import { children, isFunction, keyName, memberName, resolveNames } from "./ast.js";
import type { AnyNode, FunctionNode, Names, Program } from "./ast.js";

export interface Call {
  readonly from: AnyNode;
  readonly to: FunctionNode;
  readonly node: AnyNode;
}
export interface CallGraph {
  /** Each function, and the program, with the calls its own code makes. */
  readonly calls: ReadonlyMap<AnyNode, readonly Call[]>;
  /** A chain of calls that comes back to where it began, if there is one. */
  readonly cycle: readonly Call[] | undefined;
  /** The deepest chain of nested calls; empty when there is a cycle. */
  readonly deepest: readonly Call[];
}

/** They keep their argument for the event loop; every other builtin may call it at once. */
const LATER = new Set(["setTimeout", "setInterval", "setWatch", "on", "once", "then", "catch"]);

/** What a value may be: a function, or the place where an object or array was made. */
type Site = object;
type Bag = ReadonlySet<Site>;
const EMPTY: Bag = new Set();
const isCode = (site: Site): site is FunctionNode => "type" in site && isFunction(site as AnyNode);
/** Any element, as far as this analysis tells elements apart. */
const ELEMENT = "[]";

type CallNode = AnyNode & { type: "CallExpression" | "NewExpression" };

class PointsTo {
  private readonly bags = new Map<unknown, Set<Site>>();
  private readonly fields = new Map<Site, Map<string, Set<Site>>>();
  private readonly globals = new Map<string, Site>();
  private readonly returns = new Map<FunctionNode, AnyNode[]>();
  private readonly self = new Map<AnyNode, FunctionNode>();
  private readonly nodes: AnyNode[] = [];
  private changed = false;

  constructor(
    program: Program,
    private readonly names: Names,
  ) {
    const visit = (node: AnyNode, f: FunctionNode | undefined): void => {
      const inside = isFunction(node) ? node : f;
      this.nodes.push(node);
      if (node.type === "ReturnStatement" && node.argument && inside)
        this.returns.set(inside, [...(this.returns.get(inside) ?? []), node.argument]);
      if (node.type === "ThisExpression" && inside) this.self.set(node, inside);
      for (const child of children(node)) visit(child, inside);
    };
    visit(program, undefined);
    do {
      this.changed = false;
      for (const node of this.nodes) this.constrain(node);
    } while (this.changed);
  }

  private bag(key: unknown): Set<Site> {
    return getOrMake(this.bags, key, () => new Set<Site>());
  }
  private field(site: Site, name: string): Set<Site> {
    const all = getOrMake(this.fields, site, () => new Map<string, Set<Site>>());
    return getOrMake(all, name, () => new Set<Site>());
  }
  private pour(into: Set<Site>, from: Bag): void {
    for (const site of from)
      if (!into.has(site)) {
        into.add(site);
        this.changed = true;
      }
  }
  private assign(target: AnyNode, value: Bag): void {
    if (target.type === "Identifier") {
      this.pour(this.bag(this.names.bindingOf(target) ?? target.name), value);
    } else if (target.type === "MemberExpression") {
      for (const site of this.valueOf(target.object))
        this.pour(this.field(site, memberName(target) ?? ELEMENT), value);
    }
  }

  private constrain(node: AnyNode): void {
    switch (node.type) {
      case "FunctionDeclaration":
        if (node.id) this.pour(this.bag(this.names.bindingOf(node.id)), new Set([node]));
        return;
      case "FunctionExpression": {
        const self = node.id && this.names.scopes.get(node)?.names.get(node.id.name);
        if (self?.kind === "self") this.pour(this.bag(self), new Set([node]));
        return;
      }
      case "VariableDeclarator":
        if (node.init) this.assign(node.id, this.valueOf(node.init));
        return;
      case "AssignmentExpression":
        return this.assign(node.left, this.valueOf(node.right));
      case "ObjectExpression":
        for (const property of node.properties)
          if (property.type === "Property")
            this.pour(
              this.field(node, keyName(property) ?? ELEMENT),
              this.valueOf(property.value as AnyNode),
            );
        return;
      case "ArrayExpression":
        for (const item of node.elements)
          if (item) this.pour(this.field(node, ELEMENT), this.valueOf(item));
        return;
      case "CallExpression":
      case "NewExpression":
        return this.passArguments(node);
      default:
        return;
    }
  }
  private passArguments(node: CallNode): void {
    const { callee } = node;
    const name = memberName(callee);
    const receiver = callee.type === "MemberExpression" ? this.valueOf(callee.object) : EMPTY;
    if (name === "push" || name === "unshift" || name === "fill")
      for (const site of receiver)
        for (const value of node.arguments)
          this.pour(this.field(site, ELEMENT), this.valueOf(value));
    if (name === "bind" || name === "call" || name === "apply")
      for (const f of receiver)
        if (isCode(f) && node.arguments[0]) this.pour(this.bag(f), this.valueOf(node.arguments[0]));
    const made = node.type === "NewExpression" ? new Set([node]) : receiver;
    for (const f of this.callees(node)) {
      this.pour(this.bag(f), made);
      f.params.forEach((param, i) => {
        const value = node.arguments[i];
        if (value) this.assign(param, this.valueOf(value));
        // a builtin's callback gets the elements of what it was called on
        for (const site of receiver) this.assign(param, this.field(site, ELEMENT));
      });
    }
  }

  valueOf(node: AnyNode): Bag {
    switch (node.type) {
      case "FunctionExpression":
      case "ArrowFunctionExpression":
      case "ObjectExpression":
      case "ArrayExpression":
      case "NewExpression":
        return new Set([node]);
      case "Identifier": {
        const binding = this.names.bindingOf(node);
        if (binding) return this.bag(binding);
        const site = getOrMake(this.globals, node.name, () => ({ global: node.name }));
        return new Set([site, ...this.bag(node.name)]);
      }
      case "ThisExpression": {
        const f = this.self.get(node);
        return f ? this.bag(f) : EMPTY;
      }
      case "MemberExpression":
        return this.read(node);
      case "AssignmentExpression":
        return this.valueOf(node.right);
      case "ConditionalExpression":
        return new Set([...this.valueOf(node.consequent), ...this.valueOf(node.alternate)]);
      case "LogicalExpression":
        return new Set([...this.valueOf(node.left), ...this.valueOf(node.right)]);
      case "SequenceExpression":
        return this.valueOf(node.expressions.at(-1)!);
      case "CallExpression":
        return this.result(node);
      default:
        return EMPTY;
    }
  }
  private read(node: AnyNode & { type: "MemberExpression" }): Bag {
    const name = memberName(node);
    const found = new Set<Site>();
    for (const site of this.valueOf(node.object)) {
      if (name === "prototype" && isCode(site)) found.add(this.prototypeOf(site));
      for (const holder of [site, ...this.prototypes(site)]) {
        const all = this.fields.get(holder);
        for (const [key, values] of all ?? [])
          if (name === undefined || key === name || key === ELEMENT)
            for (const value of values) found.add(value);
      }
    }
    return found;
  }
  private prototypeOf(f: FunctionNode): Site {
    return getOrMake(this.globals, `prototype ${f.start}`, () => ({ of: f }));
  }
  private prototypes(site: Site): Site[] {
    if (!("type" in site) || (site as AnyNode).type !== "NewExpression") return [];
    const { callee } = site as AnyNode & { type: "NewExpression" };
    return [...this.valueOf(callee)].filter(isCode).map((f) => this.prototypeOf(f));
  }
  private result(node: CallNode): Bag {
    const { callee } = node;
    const name = memberName(callee);
    const receiver = callee.type === "MemberExpression" ? this.valueOf(callee.object) : EMPTY;
    const found = new Set<Site>();
    if (name === "bind") for (const site of receiver) found.add(site);
    if (name === "pop" || name === "shift" || name === "find")
      for (const site of receiver) for (const value of this.field(site, ELEMENT)) found.add(value);
    if (name === "slice" || name === "concat" || name === "filter")
      for (const site of receiver) found.add(site);
    for (const f of this.callees(node))
      for (const value of this.returns.get(f) ?? [])
        for (const site of this.valueOf(value)) found.add(site);
    return found;
  }

  /** What a call may run: `f()`, `f.call()`, `f.apply()`, and callbacks of builtins. */
  callees(node: CallNode): Set<FunctionNode> {
    const { callee } = node;
    const found = new Set([...this.valueOf(callee)].filter(isCode));
    const name = memberName(callee) ?? (callee.type === "Identifier" ? callee.name : "");
    if ((name === "call" || name === "apply") && callee.type === "MemberExpression")
      for (const site of this.valueOf(callee.object)) if (isCode(site)) found.add(site);
    if (found.size === 0 && !LATER.has(name) && !this.isLater(callee))
      for (const argument of node.arguments)
        for (const site of this.valueOf(argument)) if (isCode(site)) found.add(site);
    return found;
  }
  /** A `var` that is never given anything but one of LATER's globals, by its name. */
  private isLater(callee: AnyNode): boolean {
    const own = callee.type === "Identifier" ? this.names.bindingOf(callee) : undefined;
    if (own?.kind !== "var") return false;
    const bound = (at: AnyNode) => at.type === "Identifier" && this.names.bindingOf(at);
    const given: AnyNode[] = [];
    for (const node of this.nodes) {
      if (node.type === "AssignmentExpression" && bound(node.left) === own) given.push(node.right);
      if (node.type === "VariableDeclarator" && node.init && bound(node.id) === own)
        given.push(node.init);
    }
    const isLate = (at: AnyNode) => at.type === "Identifier" && !bound(at) && LATER.has(at.name);
    return given.length > 0 && given.every(isLate);
  }
}
function getOrMake<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  if (!map.has(key)) map.set(key, make());
  return map.get(key)!;
}

export function callGraph(program: Program, names = resolveNames(program)): CallGraph {
  const pointsTo = new PointsTo(program, names);
  const calls = new Map<AnyNode, Call[]>([[program, []]]);
  const visit = (node: AnyNode, owner: AnyNode): void => {
    const inside = isFunction(node) ? node : owner;
    if (isFunction(node)) calls.set(node, calls.get(node) ?? []);
    if (node.type === "CallExpression" || node.type === "NewExpression")
      for (const to of pointsTo.callees(node)) calls.get(owner)!.push({ from: owner, to, node });
    for (const child of children(node)) visit(child, inside);
  };
  visit(program, program);

  const deepest = new Map<AnyNode, Call[]>();
  const active: Call[] = [];
  let cycle: Call[] | undefined;
  const below = (node: AnyNode): Call[] => {
    const known = deepest.get(node);
    if (known) return known;
    let best: Call[] = [];
    for (const call of calls.get(node) ?? []) {
      const start = active.findIndex(({ from }) => from === call.to);
      if (call.to === node || start >= 0) {
        cycle ??= call.to === node ? [call] : [...active.slice(start), call];
        continue;
      }
      active.push(call);
      const chain = [call, ...below(call.to)];
      active.pop();
      if (chain.length > best.length) best = chain;
    }
    deepest.set(node, best);
    return best;
  };
  let longest: Call[] = [];
  for (const node of calls.keys()) {
    // what the event loop calls is itself one call deep
    const chain = below(node);
    if (depth(node, chain) > depth(longest[0]?.from, longest)) longest = chain;
  }
  return { calls, cycle, deepest: cycle ? [] : longest };
}
/** Nested calls at the end of a chain that begins in `from`: a function is already one. */
function depth(from: AnyNode | undefined, chain: readonly Call[]): number {
  return chain.length + (from && isFunction(from) ? 1 : 0);
}
export function nesting(graph: CallGraph): number {
  return depth(graph.deepest[0]?.from, graph.deepest);
}
