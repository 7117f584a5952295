/**
 * `var` on Espruino exists from the moment its statement ran: before that a read is a
 * ReferenceError and a write makes a global (measured, 2v29). This finds every `var` that may be
 * touched before its statement ran, by walking each function's statements in order with the set of
 * variables that exist on every path.
 *
 * A nested function touches what it captures when it is mentioned (called or handed on): the
 * walk takes the earliest moment. Limits: calls through properties are not followed back to the
 * function; a mention where the function was put into the property stands for them.
 */
import { children, isFunction, isName, resolveNames, walk } from "./ast.js";
import type { AnyNode, Binding, FunctionNode, Identifier, Names, Program } from "./ast.js";

export interface EarlyUse {
  readonly binding: Binding;
  readonly node: AnyNode;
  /** touched here, or by a function that is called here, or handed on here */
  readonly how: "touch" | "call" | "mention";
}

/** undefined = this place is never reached: everything may count as declared. */
type State = ReadonlySet<Binding> | undefined;
const meet = (a: State, b: State): State =>
  a && b ? new Set([...a].filter((binding) => b.has(binding))) : (a ?? b);

/** Variables of enclosing functions that calling a function may touch, itself or by its calls. */
function captures(program: Program, names: Names): Map<FunctionNode, Set<Binding>> {
  const direct = new Map<FunctionNode, Set<Binding>>();
  const mentions = new Map<FunctionNode, Set<FunctionNode>>();
  const declared = declaredFunctions(program, names);
  const visit = (node: AnyNode, around: readonly FunctionNode[], parent?: AnyNode): void => {
    const inside = isFunction(node) ? [...around, node] : around;
    if (isFunction(node)) {
      direct.set(node, new Set());
      mentions.set(node, new Set());
    }
    const binding = isName(node, parent) ? names.bindingOf(node) : undefined;
    for (const f of binding ? around : []) {
      if (isWithin(f, binding!)) continue;
      direct.get(f)!.add(binding!);
      const known = declared.get(binding!);
      if (known) mentions.get(f)!.add(known);
    }
    for (const child of children(node)) visit(child, inside, node);
  };
  visit(program, []);
  for (let changed = true; changed;) {
    changed = false;
    for (const [f, called] of mentions)
      for (const g of called)
        for (const binding of direct.get(g)!)
          if (!isWithin(f, binding) && !direct.get(f)!.has(binding)) {
            direct.get(f)!.add(binding);
            changed = true;
          }
  }
  return direct;
}
/** Whether the binding belongs to `f` or to a function inside it. */
function isWithin(f: FunctionNode, binding: Binding): boolean {
  for (let scope = binding.scope; ; scope = scope.parent) {
    if (scope.node === f) return true;
    if (!scope.parent) return false;
  }
}
function declaredFunctions(program: Program, names: Names): Map<Binding, FunctionNode> {
  const found = new Map<Binding, FunctionNode>();
  walk(program, (node) => {
    if (node.type !== "FunctionDeclaration" || !node.id) return;
    const binding = names.bindingOf(node.id);
    if (binding) found.set(binding, node);
  });
  return found;
}

export function earlyUses(program: Program, names = resolveNames(program)): EarlyUse[] {
  const captured = captures(program, names);
  const declared = declaredFunctions(program, names);
  const found: EarlyUse[] = [];
  const bodies: AnyNode[] = [program];
  walk(program, (node) => {
    if (isFunction(node)) bodies.push(node);
  });
  for (const body of bodies) new Walk(body, names, captured, declared, found).run();
  return found;
}

class Walk {
  private state: State = new Set();
  /** States at the `break`s and `continue`s of the loops and switches around, innermost last. */
  private readonly breaks: { loop: boolean; broken: State; continued: State }[] = [];

  constructor(
    private readonly owner: AnyNode,
    private readonly names: Names,
    private readonly captured: Map<FunctionNode, Set<Binding>>,
    private readonly declared: Map<Binding, FunctionNode>,
    private readonly found: EarlyUse[],
  ) {}

  run(): void {
    if (this.owner.type === "Program") this.statements(this.owner.body);
    else if (isFunction(this.owner)) {
      for (const param of this.owner.params) this.expression(param);
      if (this.owner.body.type === "BlockStatement") this.statements(this.owner.body.body);
      else this.expression(this.owner.body);
    }
  }

  private touch(binding: Binding, node: AnyNode, how: EarlyUse["how"]): void {
    const own = binding.scope.node === this.owner && binding.kind === "var";
    if (own && this.state && !this.state.has(binding)) this.found.push({ binding, node, how });
  }
  private declare(id: AnyNode): void {
    const binding = id.type === "Identifier" ? this.names.bindingOf(id) : undefined;
    if (binding && this.state) this.state = new Set(this.state).add(binding);
  }

  private expression(node: AnyNode | null | undefined, parent?: AnyNode): void {
    if (!node) return;
    if (isFunction(node)) {
      for (const binding of this.captured.get(node)!) this.touch(binding, node, "mention");
      return;
    }
    if (isName(node, parent)) this.name(node, parent);
    for (const child of children(node)) this.expression(child, node);
  }
  private name(node: Identifier, parent?: AnyNode): void {
    const binding = this.names.bindingOf(node);
    if (!binding) return;
    this.touch(binding, node, "touch");
    const known = this.declared.get(binding);
    const called = parent?.type === "CallExpression" && parent.callee === node;
    for (const touched of (known && this.captured.get(known)) ?? [])
      this.touch(touched, node, called ? "call" : "mention");
  }

  private statements(list: readonly AnyNode[]): void {
    for (const statement of list) this.statement(statement);
  }
  private branch(run: () => void, from: State): State {
    this.state = from;
    run();
    return this.state;
  }
  private loop(run: () => void): { broken: State; continued: State } {
    const frame = { loop: true, broken: undefined as State, continued: undefined as State };
    this.breaks.push(frame);
    run();
    this.breaks.pop();
    return frame;
  }

  private statement(node: AnyNode): void {
    switch (node.type) {
      case "FunctionDeclaration":
      case "EmptyStatement":
        return;
      case "VariableDeclaration":
        for (const { id, init } of node.declarations) {
          this.declare(id);
          this.expression(init);
        }
        return;
      case "BlockStatement":
        return this.statements(node.body);
      case "LabeledStatement":
        return this.statement(node.body);
      case "IfStatement": {
        this.expression(node.test);
        const before = this.state;
        const yes = this.branch(() => this.statement(node.consequent), before);
        const no = this.branch(() => node.alternate && this.statement(node.alternate), before);
        this.state = meet(yes, no);
        return;
      }
      case "ReturnStatement":
      case "ThrowStatement":
        this.expression(node.argument);
        this.state = undefined;
        return;
      case "BreakStatement":
      case "ContinueStatement":
        return this.jump(node.type === "BreakStatement");
      case "WhileStatement":
        return this.forLoop(undefined, node.test, undefined, node.body);
      case "ForStatement":
        return this.forLoop(node.init, node.test, node.update, node.body);
      case "ForInStatement":
      case "ForOfStatement":
        this.expression(node.right);
        if (node.left.type === "VariableDeclaration") this.statement(node.left);
        else this.expression(node.left);
        return this.forLoop(undefined, node.right, undefined, node.body);
      case "DoWhileStatement": {
        const { broken, continued } = this.loop(() => this.statement(node.body));
        this.state = meet(this.state, continued);
        this.expression(node.test);
        this.state = meet(this.state, broken);
        return;
      }
      case "SwitchStatement":
        return this.switchStatement(node.discriminant, node.cases);
      case "TryStatement": {
        const before = this.state;
        const done = this.branch(() => this.statement(node.block), before);
        const caught = node.handler
          ? this.branch(() => this.statement(node.handler!.body), before)
          : undefined;
        if (node.finalizer) {
          const after = this.branch(() => this.statement(node.finalizer!), before);
          const added = [...(after ?? [])].filter((binding) => !before?.has(binding));
          const joined = after && meet(done, caught);
          this.state = joined && new Set([...joined, ...added]);
        } else this.state = meet(done, caught);
        return;
      }
      default:
        this.expression(node);
    }
  }
  private jump(out: boolean): void {
    const frame = this.breaks.filter((around) => out || around.loop).at(-1);
    if (frame && out) frame.broken = meet(frame.broken, this.state);
    else if (frame) frame.continued = meet(frame.continued, this.state);
    this.state = undefined;
  }
  private forLoop(
    init: AnyNode | null | undefined,
    test: AnyNode | null | undefined,
    update: AnyNode | null | undefined,
    body: AnyNode,
  ): void {
    if (init?.type === "VariableDeclaration") this.statement(init);
    else this.expression(init);
    this.expression(test);
    const before = this.state;
    const { broken, continued } = this.loop(() => this.statement(body));
    this.state = meet(this.state, continued);
    this.expression(update);
    this.state = test ? meet(before, broken) : broken;
  }
  private switchStatement(
    discriminant: AnyNode,
    cases: readonly { test?: AnyNode | null; consequent: readonly AnyNode[] }[],
  ): void {
    this.expression(discriminant);
    const before = this.state;
    const frame = { loop: false, broken: undefined as State, continued: undefined as State };
    this.breaks.push(frame);
    this.state = undefined;
    for (const { test, consequent } of cases) {
      const fallen = this.state;
      this.state = before;
      this.expression(test);
      this.state = meet(before, fallen);
      this.statements(consequent);
    }
    this.breaks.pop();
    const open = cases.some(({ test }) => !test) ? this.state : meet(this.state, before);
    this.state = meet(open, frame.broken);
  }
}
