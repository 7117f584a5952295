/**
 * Coverage by counters in the program itself: a statement is put where control can part (functions,
 * branches, loops, cases, the right of && || ??, both sides of ?:), each with a number of its own.
 * The engine reads the counters after each input, as AFL and libFuzzer do.
 */
import { parse, type Node } from "acorn";
import MagicString from "magic-string";

/** Counters in a map; more sites than that share. */
export const SITES = 1 << 15;
export const COUNTERS = "__kc";

type Any = Node & Readonly<Record<string, unknown>>;
const isNode = (value: unknown): value is Any =>
  typeof value === "object" && value !== null && typeof (value as Any).type === "string";

/** What runs only sometimes, as a child of its parent's key: statements, and expressions. */
const STATEMENTS: Readonly<Record<string, readonly string[]>> = {
  IfStatement: ["consequent", "alternate"],
  ForStatement: ["body"],
  ForInStatement: ["body"],
  ForOfStatement: ["body"],
  WhileStatement: ["body"],
  DoWhileStatement: ["body"],
};
const EXPRESSIONS: Readonly<Record<string, readonly string[]>> = {
  ConditionalExpression: ["consequent", "alternate"],
  LogicalExpression: ["right"],
};

/** The code with its counters; `first` is the number of the first site. */
export function instrument(code: string, sourceType: "module" | "script", first = 0) {
  const text = new MagicString(code);
  let site = first;
  const count = () => `${COUNTERS}[${site++ % SITES}]++`;
  // From the inside out: what is outer is put before what stands at the same place, and behind it.
  const around = ({ start, end }: Any, open: string, close: string) => {
    text.prependRight(start, open);
    text.appendLeft(end, close);
  };
  const statement = (node: Any) => {
    if (node.type === "BlockStatement") text.prependRight(node.start + 1, `${count()};`);
    else around(node, `{${count()};`, "}");
  };
  const expression = (node: Any) => around(node, `(${count()},`, ")");
  const walk = (node: Any): void => {
    for (const value of Object.values(node)) {
      for (const child of [value].flat()) if (isNode(child)) walk(child);
    }
    for (const key of STATEMENTS[node.type] ?? []) {
      if (isNode(node[key])) statement(node[key]);
    }
    for (const key of EXPRESSIONS[node.type] ?? []) {
      if (isNode(node[key])) expression(node[key]);
    }
    const body = node.body;
    if (/Function/.test(node.type) && isNode(body)) {
      if (body.type !== "BlockStatement") expression(body);
      else if (!directive(body)) statement(body);
    }
    if (node.type === "CatchClause" && isNode(body)) statement(body);
    if (node.type === "SwitchCase") {
      const [head] = node.consequent as Any[];
      if (head) text.prependRight(head.start, `${count()};`);
    }
  };
  walk(parse(code, { ecmaVersion: "latest", sourceType }) as unknown as Any);
  return { code: text.toString(), sites: site - first };
}

/** A body that begins with "use strict", which must stay first. */
function directive(body: Any): boolean {
  const [head] = body.body as Any[];
  return head !== undefined && "directive" in head;
}
