/**
 * Statements that only call the kernel, one after the other, become one call of its entry `list`
 * (firmware/kernel/gen/list.ts): to the interpreter each call is 8,000 instructions and 14 bytes, in
 * a list some 100 and 7. Taken are calls whose arguments are known here but for one local variable
 * that is added, bytes stored into the arena, functions made of nothing else, and what follows
 * them: an `if` or `return` of such calls.
 *
 * The lists lie behind the arena (main.ts puts them there): LISTS stands for all of them.
 */
import MagicString from "magic-string";
import type { Plugin } from "rollup";
import { CARD_ENTRIES } from "../../wire/facade.js";
import { numbers } from "../../wire/layout.js";
import { BuildRefused } from "../check/findings.js";
import { calledFunction, children, isFunction, parseCode, resolveNames } from "../check/ast.js";
import type { AnyNode, Binding, FunctionNode, Names } from "../check/ast.js";
import { bodyOf } from "./hoist.js";

/** A sum: what is known of it, and the local variable in it, if any. */
interface Sum {
  readonly known: number;
  readonly x?: Binding | undefined;
}
interface Call {
  readonly entry: number;
  /** [value, whether the arena's address is added]. */
  readonly given: readonly (readonly [Sum, boolean])[];
  /** A 0 ends the list. */
  must: boolean;
}
interface Entry {
  readonly number: number;
  readonly pointers: readonly boolean[];
  readonly isFlag: boolean;
}
/** What parameters and variables of a function stand for. */
type Values = ReadonlyMap<Binding, Sum>;

const [MUST, BASE, X] = [0x80, 0x8000, 0x4000];
const MOST = 0x3fff;
const ENTRIES = new Map<string, Entry>(
  CARD_ENTRIES.map(({ card, number, arguments: taken, gives }) => [
    card,
    {
      number,
      pointers: taken.map(([, kind]) => kind !== "int"),
      isFlag: gives === undefined,
    },
  ]),
);
const AT = (numbers() as unknown as { At: { SIZE: number } }).At;

class Lists {
  readonly #text: MagicString;
  readonly #names: Names;
  readonly #functions = new Map<Binding, FunctionNode>();
  readonly #bytes: Binding | undefined;
  readonly #places = new Map<string, number>();
  /** The first list has nothing in it: what the card calls to see that the entry is there. */
  bytes = "\0";

  constructor(code: string) {
    const program = parseCode(code);
    this.#text = new MagicString(code);
    this.#names = resolveNames(program);
    const outer = calledFunction(program);
    for (const node of (outer && bodyOf(outer)) ?? []) {
      const id = node.type === "FunctionDeclaration" ? node.id : undefined;
      const binding = id && this.#names.bindingOf(id);
      if (binding && isFunction(node)) this.#functions.set(binding, node);
    }
    this.#bytes = outer && this.#names.scopes.get(outer)?.names.get("bytes");
    // A bundle that knows no lists keeps its calls.
    if (outer && this.#names.scopes.get(outer)?.names.has("nCallList"))
      for (const node of this.#functions.values())
        if (!this.#isFacade(node)) this.#visit(node, this.#constants(node));
  }
  get text(): MagicString {
    return this.#text;
  }

  #isFacade(node: FunctionNode): boolean {
    return node.type === "FunctionDeclaration" && ENTRIES.has(node.id?.name ?? "");
  }

  // ---- values -------------------------------------------------------------------------------

  /** Variables of a function that are set once, where they are declared, to what is known. */
  #constants(node: FunctionNode): Values {
    const found = new Map<Binding, Sum>();
    const spoilt = new Set<Binding>();
    const look = (at: AnyNode): void => {
      const target = this.#assignedBy(at);
      if (target) spoilt.add(target);
      if (at.type === "VariableDeclarator" && at.id.type === "Identifier" && at.init) {
        const value = this.#sum(at.init, found);
        const binding = this.#names.bindingOf(at.id)!;
        if (found.has(binding)) spoilt.add(binding);
        if (value && !value.x) found.set(binding, value);
        else spoilt.add(binding);
      }
      children(at).forEach(look);
    };
    look(node.body as AnyNode);
    for (const binding of spoilt) found.delete(binding);
    return found;
  }
  #sum(node: AnyNode, values: Values): Sum | undefined {
    if (node.type === "Literal")
      return typeof node.value === "number" ? { known: node.value } : undefined;
    if (node.type === "Identifier") {
      const binding = this.#names.bindingOf(node);
      if (!binding) return undefined;
      const value = values.get(binding);
      if (value) return value;
      const local = binding.scope.parent?.parent !== undefined;
      return local ? { known: 0, x: binding } : undefined;
    }
    if (node.type !== "BinaryExpression") return undefined;
    const left = this.#sum(node.left as AnyNode, values);
    const right = this.#sum(node.right, values);
    if (!left || !right) return undefined;
    if (node.operator === "+" && !(left.x && right.x))
      return { known: left.known + right.known, x: left.x ?? right.x };
    if (node.operator === "-" && !right.x) return { known: left.known - right.known, x: left.x };
    if (node.operator === "*" && !left.x && !right.x) return { known: left.known * right.known };
    return undefined;
  }

  // ---- calls --------------------------------------------------------------------------------

  /** A call of an entry, or of a function that consists of such; `flag`: its answer counts. */
  #calls(node: AnyNode, values: Values, flag: boolean): Call[] | undefined {
    if (node.type === "LogicalExpression" && node.operator === "&&" && flag) {
      const left = this.#calls(node.left, values, true);
      const right = left && this.#calls(node.right, values, true);
      return right && [...left!, ...right];
    }
    if (node.type !== "CallExpression" || node.callee.type !== "Identifier") return undefined;
    const binding = this.#names.bindingOf(node.callee);
    const called = binding && this.#functions.get(binding);
    if (!called || called.params.length !== node.arguments.length) return undefined;
    const given = node.arguments.map((argument) => this.#sum(argument as AnyNode, values));
    if (given.some((value) => value === undefined)) return undefined;
    const sums = given as Sum[];
    const entry = ENTRIES.get(binding.name);
    if (!entry) return this.#inside(called, sums, flag);
    if (flag && !entry.isFlag) return undefined;
    const call = {
      entry: entry.number,
      given: sums.map((sum, i) => [sum, entry.pointers[i]!] as const),
      must: flag,
    };
    return fits(call) ? [call] : undefined;
  }
  /** The body of a function of the card's as calls, with what its parameters are. */
  #inside(node: FunctionNode, given: readonly Sum[], flag: boolean): Call[] | undefined {
    const values = new Map<Binding, Sum>(this.#constants(node));
    for (const [i, param] of node.params.entries()) {
      if (param.type !== "Identifier") return undefined;
      const binding = this.#names.scopes.get(node)!.names.get(param.name)!;
      if (this.#isAssigned(node, binding)) return undefined;
      values.set(binding, given[i]!);
    }
    // What is local to it means nothing outside.
    const own = this.#names.scopes.get(node);
    const all: Call[] = [];
    const body = bodyOf(node) ?? [];
    for (const [i, statement] of body.entries()) {
      if (statement.type === "VariableDeclaration") {
        for (const { id, init } of statement.declarations) {
          const value = init ? this.#sum(init, values) : undefined;
          if (!value || id.type !== "Identifier") return undefined;
          values.set(this.#names.bindingOf(id)!, value);
        }
        continue;
      }
      const last = i === body.length - 1 && statement.type === "ReturnStatement";
      if (last !== flag && (last || i === body.length - 1)) return undefined;
      const calls =
        last && statement.argument
          ? this.#calls(statement.argument, values, true)
          : this.#statement(statement, values);
      if (!calls) return undefined;
      all.push(...calls);
    }
    return all.some(({ given: g }) => g.some(([sum]) => sum.x?.scope === own)) ? undefined : all;
  }
  /** The variable that a node gives a new value, if it is such a node. */
  #assignedBy(at: AnyNode): Binding | undefined {
    const target =
      at.type === "AssignmentExpression"
        ? at.left
        : at.type === "UpdateExpression"
          ? at.argument
          : undefined;
    return target?.type === "Identifier" ? this.#names.bindingOf(target) : undefined;
  }
  #isAssigned(node: FunctionNode, binding: Binding): boolean {
    let found = false;
    const look = (at: AnyNode): void => {
      if (this.#assignedBy(at) === binding) found = true;
      children(at).forEach(look);
    };
    look(node.body as AnyNode);
    return found;
  }
  #statement(node: AnyNode, values: Values): Call[] | undefined {
    if (node.type !== "ExpressionStatement") return undefined;
    const { expression } = node;
    if (expression.type !== "AssignmentExpression") return this.#calls(expression, values, false);
    const { left, right, operator } = expression;
    if (operator !== "=" || left.type !== "MemberExpression" || !left.computed) return undefined;
    if (left.object.type !== "Identifier") return undefined;
    if (!this.#bytes || this.#names.bindingOf(left.object) !== this.#bytes) return undefined;
    const at = this.#sum(left.property as AnyNode, values);
    const value = this.#sum(right, values);
    if (!at || !value || value.x || value.known < 0 || value.known > 255) return undefined;
    const call = { entry: 0, given: [[at, true] as const, [value, false] as const], must: false };
    return fits(call) ? [call] : undefined;
  }

  // ---- what is replaced ---------------------------------------------------------------------

  #visit(node: AnyNode, values: Values): void {
    const list = node.type === "BlockStatement" ? node.body : undefined;
    if (list) this.#block(list, values);
    else children(node).forEach((child) => this.#visit(child, values));
  }
  #block(list: readonly AnyNode[], values: Values): void {
    let from = 0;
    let calls: Call[] = [];
    const flush = (to: number): void => {
      if (calls.length > 1)
        this.#text.overwrite(list[from]!.start, list[to - 1]!.end, `${this.#list(calls)};`);
      calls = [];
    };
    for (const [i, statement] of list.entries()) {
      const more = this.#statement(statement, values);
      if (more && oneVariable([...calls, ...more])) {
        if (!calls.length) from = i;
        calls = [...calls, ...more];
        continue;
      }
      if (more) {
        flush(i);
        [from, calls] = [i, more];
        continue;
      }
      const asked = this.#asked(statement, calls, values);
      if (asked && calls.length) this.#text.remove(list[from]!.start, statement.start);
      if (asked) calls = [];
      else flush(i);
      this.#visitInside(statement, asked, values);
    }
    flush(list.length);
  }
  /**
   * The question at the begin of an `if` or `return`, with the calls before it: replaced. What was
   * replaced, or undefined.
   */
  #asked(statement: AnyNode, before: readonly Call[], values: Values): AnyNode | undefined {
    const question =
      statement.type === "IfStatement"
        ? statement.test
        : statement.type === "ReturnStatement"
          ? (statement.argument ?? undefined)
          : undefined;
    if (!question) return undefined;
    const no = statement.type === "IfStatement";
    const parts = no ? operands(question, "||") : operands(question, "&&");
    const all: Call[] = [...before];
    let end = 0;
    for (const part of parts) {
      const asks = no && part.type === "UnaryExpression" && part.operator === "!";
      if (no && !asks) break;
      const calls = this.#calls(asks ? part.argument : part, values, true);
      if (!calls || !oneVariable([...all, ...calls])) break;
      all.push(...calls);
      end++;
    }
    if (!end || all.length < 2) return undefined;
    // A chain is cut behind its operand, whose brackets are then its own.
    const last = parts[end - 1]!;
    this.#text.overwrite(parts[0]!.start, last.end, `${no ? "!" : ""}${this.#list(all)}`);
    return end === parts.length ? question : last;
  }
  #visitInside(statement: AnyNode, asked: AnyNode | undefined, values: Values): void {
    for (const child of children(statement))
      if (!asked || child.start >= asked.end) this.#visit(child, values);
  }

  #list(calls: readonly Call[]): string {
    const x = calls.flatMap(({ given }) => given.map(([sum]) => sum.x)).find((one) => one);
    let list = "";
    for (const { entry, given, must } of calls) {
      list += String.fromCharCode(entry | ((given.length - 1) << 5) | (must ? MUST : 0));
      for (const [sum, pointer] of given) {
        const value = sum.known | (pointer ? BASE : 0) | (sum.x ? X : 0);
        list += String.fromCharCode(value & 255, value >> 8);
      }
    }
    list += "\0";
    let place = this.#places.get(list);
    if (place === undefined) {
      place = this.bytes.length;
      this.#places.set(list, place);
      this.bytes += list;
    }
    return `nCallList(base + ${AT.SIZE + place}, base, ${x?.name ?? 0})`;
  }
}

const fits = ({ given }: Call): boolean =>
  given.every(([{ known }]) => Number.isInteger(known) && known >= 0 && known <= MOST);
function oneVariable(calls: readonly Call[]): boolean {
  const all = calls.flatMap(({ given }) => given.flatMap(([{ x }]) => (x ? [x] : [])));
  return new Set(all).size < 2;
}
/** a, b, c of `a || b || c`. */
function operands(node: AnyNode, operator: string): AnyNode[] {
  return node.type === "LogicalExpression" && node.operator === operator
    ? [...operands(node.left, operator), ...operands(node.right, operator)]
    : [node];
}

const LISTS = /\bLISTS = "[^"]*"/;
export function callLists(code: string): MagicString {
  const lists = new Lists(code);
  const found = LISTS.exec(code);
  if (found) {
    // whole words: the arena is seen as such too
    const escaped = [...lists.bytes.padEnd((lists.bytes.length + 3) & ~3, "\0")]
      .map((c) => "\\x" + c.charCodeAt(0).toString(16).padStart(2, "0"))
      .join("");
    lists.text.overwrite(found.index, found.index + found[0].length, `LISTS = "${escaped}"`);
  } else if (lists.bytes.length > 1) throw new BuildRefused("the bundle has no room for LISTS");
  return lists.text;
}

export function listsPlugin(): Plugin {
  return {
    name: "call-the-kernel-by-lists",
    renderChunk(code) {
      const text = callLists(code);
      return { code: text.toString(), map: text.generateMap({ hires: true }) };
    },
  };
}
