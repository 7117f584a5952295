/** Parsing, walking, and which declaration a name means: what the plugins and the checks share. */
import {
  parse,
  type AnyNode,
  type CallExpression,
  type CatchClause,
  type Identifier,
  type Program,
} from "acorn";
import type { ArrowFunctionExpression, FunctionDeclaration, FunctionExpression } from "acorn";

export type { AnyNode, CallExpression, Identifier, Program };
export type FunctionNode = FunctionDeclaration | FunctionExpression | ArrowFunctionExpression;

export function parseCode(code: string): Program {
  return parse(code, {
    ecmaVersion: "latest",
    sourceType: "script",
    // what the compiler leaves for the bundler
    allowImportExportEverywhere: true,
    locations: true,
  });
}

export function isNode(value: unknown): value is AnyNode {
  return typeof value === "object" && value !== null && "type" in value && "start" in value;
}
export function children(node: AnyNode): AnyNode[] {
  return Object.values(node).flatMap((value: unknown) =>
    Array.isArray(value) ? value.filter(isNode) : isNode(value) ? [value] : [],
  );
}
/**
 * Depth first, in source order of the properties; `enter` returns false to skip a node's inside.
 */
export function walk(node: AnyNode, enter: (node: AnyNode, parent?: AnyNode) => boolean | void) {
  const visit = (at: AnyNode, parent?: AnyNode): void => {
    if (enter(at, parent) === false) return;
    for (const child of children(at)) visit(child, at);
  };
  visit(node);
}

export function isFunction(node: AnyNode): node is FunctionNode {
  return (
    node.type === "FunctionDeclaration" ||
    node.type === "FunctionExpression" ||
    node.type === "ArrowFunctionExpression"
  );
}

/** The function that a bundle calls itself, `(function () { ... })()`; undefined if it is no bundle. */
export function calledFunction(program: Program): FunctionNode | undefined {
  for (const statement of program.body) {
    if (statement.type !== "ExpressionStatement") continue;
    const { expression } = statement;
    const call = expression.type === "UnaryExpression" ? expression.argument : expression;
    if (call.type === "CallExpression" && isFunction(call.callee)) return call.callee;
  }
  return undefined;
}
/** A name that code says, as against a property's key or a label. */
export function isName(node: AnyNode, parent: AnyNode | undefined): node is Identifier {
  if (node.type !== "Identifier") return false;
  switch (parent?.type) {
    case "MemberExpression":
      return parent.computed || parent.object === node;
    case "Property":
    case "PropertyDefinition":
    case "MethodDefinition":
      return parent.computed || parent.value === node;
    case "LabeledStatement":
    case "BreakStatement":
    case "ContinueStatement":
    case "ExportSpecifier":
    case "ImportSpecifier":
    case "MetaProperty":
      return false;
    default:
      return true;
  }
}

/** The name of `object.name` and `object["name"]`, undefined if it is computed. */
export function memberName(node: AnyNode): string | undefined {
  if (node.type !== "MemberExpression") return undefined;
  const { property } = node;
  if (!node.computed && property.type === "Identifier") return property.name;
  return property.type === "Literal" && typeof property.value === "string"
    ? property.value
    : undefined;
}
/** The key of an object literal's or class's member, undefined if it is computed. */
export function keyName(node: AnyNode): string | undefined {
  if (node.type !== "Property" && node.type !== "MethodDefinition") return undefined;
  if (!node.computed && node.key.type === "Identifier") return node.key.name;
  return node.key.type === "Literal" ? String(node.key.value) : undefined;
}

export interface Binding {
  readonly name: string;
  readonly kind: "var" | "param" | "function" | "catch" | "self";
  readonly scope: Scope;
}
export interface Scope {
  readonly node: Program | FunctionNode | CatchClause;
  readonly parent: Scope | undefined;
  readonly names: Map<string, Binding>;
}
export interface Names {
  readonly scopes: Map<AnyNode, Scope>;
  /** Undefined for a global. */
  bindingOf(identifier: Identifier): Binding | undefined;
  readonly globals: readonly Identifier[];
}

function patternNames(pattern: AnyNode): Identifier[] {
  const found: Identifier[] = [];
  walk(pattern, (node, parent) => {
    if (isFunction(node)) return false;
    if (isName(node, parent)) found.push(node);
  });
  return found;
}

/** `var` and functions belong to a function or the program, a catch clause holds its own name. */
export function resolveNames(program: Program): Names {
  const scopes = new Map<AnyNode, Scope>();
  const bindings = new Map<Identifier, Binding>();
  const globals: Identifier[] = [];

  const open = (node: Scope["node"], parent?: Scope): Scope => {
    const scope = { node, parent, names: new Map<string, Binding>() };
    scopes.set(node, scope);
    return scope;
  };
  const declare = (scope: Scope, name: string, kind: Binding["kind"]) => {
    const known = scope.names.get(name);
    // a parameter stays one, a function wins over a var
    if (!known || (known.kind === "var" && kind === "function") || known.kind === "self")
      scope.names.set(name, { name, kind, scope });
  };
  const holder = (scope: Scope): Scope =>
    scope.node.type === "CatchClause" && scope.parent ? holder(scope.parent) : scope;

  const declareAll = (node: AnyNode, scope: Scope): void => {
    let inner = scope;
    if (isFunction(node)) {
      if (node.type === "FunctionDeclaration" && node.id)
        declare(holder(scope), node.id.name, "function");
      inner = open(node, scope);
      if (node.type === "FunctionExpression" && node.id) declare(inner, node.id.name, "self");
      for (const param of node.params)
        for (const { name } of patternNames(param)) declare(inner, name, "param");
    } else if (node.type === "CatchClause") {
      inner = open(node, scope);
      if (node.param)
        for (const { name } of patternNames(node.param)) declare(inner, name, "catch");
    } else if (node.type === "VariableDeclarator")
      for (const { name } of patternNames(node.id)) declare(holder(scope), name, "var");
    else if (node.type === "ClassDeclaration" && node.id)
      declare(holder(scope), node.id.name, "var");
    else if (node.type === "ImportDeclaration")
      for (const { local } of node.specifiers) declare(holder(scope), local.name, "function");
    for (const child of children(node)) declareAll(child, inner);
  };

  const lookUp = (name: string, scope: Scope | undefined): Binding | undefined =>
    scope && (scope.names.get(name) ?? lookUp(name, scope.parent));
  const resolveAll = (node: AnyNode, scope: Scope, parent?: AnyNode): void => {
    if (isName(node, parent)) {
      const binding = lookUp(node.name, scope);
      if (binding) bindings.set(node, binding);
      else globals.push(node);
    }
    const inner = scopes.get(node) ?? scope;
    for (const child of children(node)) {
      // a declaration's own name belongs to the scope around it
      const own = node.type === "FunctionDeclaration" && child === node.id;
      resolveAll(child, own ? scope : inner, node);
    }
  };

  const top = open(program);
  for (const child of children(program)) declareAll(child, top);
  for (const child of children(program)) resolveAll(child, top, program);
  return { scopes, globals, bindingOf: (identifier) => bindings.get(identifier) };
}
