/**
 * Syntax that Espruino's parser refuses or misunderstands (measured, 2v29). Whatever is not in
 * ES5's grammar is refused too: the compiler lowers it, so that its presence means a hole in the
 * chain.
 */
import { at, type Finding } from "./findings.js";
import { isFunction, keyName, walk, type AnyNode, type Program } from "./ast.js";

/** Node types that may stand in code for the interpreter; import and export end at the bundler. */
const ES5 = new Set(
  (
    "Program ExpressionStatement BlockStatement EmptyStatement ReturnStatement IfStatement " +
    "SwitchStatement SwitchCase ThrowStatement TryStatement CatchClause WhileStatement " +
    "DoWhileStatement ForStatement ForInStatement FunctionDeclaration FunctionExpression " +
    "VariableDeclaration VariableDeclarator ThisExpression ArrayExpression ObjectExpression " +
    "Property UnaryExpression UpdateExpression BinaryExpression AssignmentExpression " +
    "LogicalExpression MemberExpression ConditionalExpression CallExpression NewExpression " +
    "SequenceExpression Identifier Literal BreakStatement ContinueStatement " +
    "ImportDeclaration ImportSpecifier ImportDefaultSpecifier ImportNamespaceSpecifier " +
    "ExportNamedDeclaration ExportSpecifier ExportDefaultDeclaration ExportAllDeclaration"
  ).split(" "),
);

const REFUSED: { readonly [type: string]: string } = {
  ObjectPattern: "destructuring does not parse",
  ArrayPattern: "destructuring does not parse",
  SpreadElement: "spread does not parse",
  RestElement: "rest parameters do not parse",
  AssignmentPattern: "default parameters do not parse",
  ChainExpression: "`?.` does not parse",
  LabeledStatement: "labels do not work: `break label` is a ReferenceError",
  TaggedTemplateExpression: "tagged templates do not parse",
  YieldExpression: "generators do not parse",
  AwaitExpression: "async functions do not parse",
  ClassDeclaration: "classes must be lowered to functions by the compiler",
  ClassExpression: "classes must be lowered to functions by the compiler",
  DebuggerStatement: "`debugger` stops the board at a debug prompt",
  WithStatement: "`with` does not parse",
  MetaProperty: "`new.target` and `import.meta` do not exist",
  ImportExpression: "there are no modules on the board",
  ArrowFunctionExpression: "arrow functions must be lowered by the compiler (their `let`s leak)",
  ForOfStatement: "for..of must be lowered by the compiler",
  TemplateLiteral: "templates must be lowered by the compiler",
  PrivateIdentifier: "private names do not parse",
};

function literalProblem(node: AnyNode): string | undefined {
  if (node.type !== "Literal") return undefined;
  if (node.regex)
    return "regular expressions are half implemented (no {n}, (?:), lazy): use strings";
  if (node.bigint !== undefined && node.bigint !== null) return "BigInt does not parse";
  if (node.raw?.includes("\\u{")) return "`\\u{..}` does not parse: use \\x..";
  if (typeof node.value === "string" && [...node.value].some((c) => c.codePointAt(0)! > 255))
    return "strings hold 8-bit characters: a character above 0xff is cut off";
  return undefined;
}

/** `atTop`: the node is a statement of a function or the program itself, not of a block. */
function problem(node: AnyNode, atTop: boolean): string | undefined {
  if (node.type in REFUSED) return REFUSED[node.type];
  const literal = literalProblem(node);
  if (literal) return literal;
  switch (node.type) {
    case "FunctionDeclaration":
    case "FunctionExpression":
      if (node.generator) return "generators do not parse";
      if (node.async) return "async functions do not parse";
      if (node.type === "FunctionDeclaration" && !atTop)
        return "a function declared inside a block is not hoisted: move it out";
      return undefined;
    case "Property":
      if (node.computed) return "computed keys do not parse";
      if (keyName(node) === "__proto__") return "`__proto__` as a key is a plain key";
      return node.shorthand || node.method ? "must be lowered by the compiler" : undefined;
    case "BinaryExpression":
      return node.operator === "**" ? "`**` does not parse: use Math.pow" : undefined;
    case "LogicalExpression":
      return node.operator === "??" ? "`??` must be lowered by the compiler" : undefined;
    case "AssignmentExpression":
      return ["**=", "??=", "||=", "&&="].includes(node.operator)
        ? `\`${node.operator}\` does not parse`
        : undefined;
    case "VariableDeclaration":
      return node.kind === "var"
        ? undefined
        : `\`${node.kind}\` must be lowered by the compiler (loops share one binding)`;
    case "ArrayExpression":
      return node.elements.includes(null) ? "array holes are undefined values here" : undefined;
    case "SwitchStatement":
      return node.cases.slice(0, -1).some(({ test }) => !test)
        ? "`default:` must come last: a `case` after it is a SyntaxError"
        : undefined;
    default:
      return ES5.has(node.type) ? undefined : `${node.type} is not ES5`;
  }
}

const TOPS = ["Program", "ExportNamedDeclaration", "ExportDefaultDeclaration"];

/**
 * A `do..while` that is skipped over after a `break` ends the skipping: the next `case` runs
 * (measured, 2v29). Functions inside a case are code of their own.
 */
function doInSwitch(node: AnyNode): AnyNode[] {
  const found: AnyNode[] = [];
  if (node.type === "SwitchStatement")
    walk(node, (inner) => {
      if (inner.type === "DoWhileStatement") found.push(inner);
      return !isFunction(inner);
    });
  return found;
}

export function syntaxFindings(program: Program): Finding[] {
  const found: Finding[] = [];
  const bodies = new Set<AnyNode>();
  walk(program, (node, parent) => {
    if (isFunction(node)) bodies.add(node.body);
    const message = problem(node, !parent || bodies.has(parent) || TOPS.includes(parent.type));
    if (message) found.push(at(node, "syntax", message));
    for (const loop of doInSwitch(node))
      found.push(at(loop, "syntax", "a do..while in a switch lets the next case run when skipped"));
  });
  return found;
}
