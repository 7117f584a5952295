/**
 * Builtins that Espruino lacks or that do not do what ECMAScript says (measured, 2v29; the lists of
 * what exists were read out of the interpreter). The second line of defence: the first is
 * firmware/src/board/language.d.ts, which does not declare them, so that typed code cannot name
 * them; this sees what slipped through `any`, through the bundler or the minifier.
 */
import { at, type Finding } from "./findings.js";
import { keyName, memberName, resolveNames, walk } from "./ast.js";
import type { AnyNode, Identifier, Names, Program } from "./ast.js";

const words = (list: string): string[] => list.split(" ");
const VIEWS = words(
  "Uint8Array Uint8ClampedArray Uint16Array Uint24Array Uint32Array Int8Array Int16Array " +
    "Int32Array Float32Array Float64Array",
);
const GLOBALS = new Set([
  ...VIEWS,
  ...words(
    "undefined NaN Infinity arguments global globalThis Object Function Array ArrayBuffer DataView " +
      "String Number Boolean Math JSON Date Error TypeError SyntaxError ReferenceError " +
      "InternalError Promise parseInt parseFloat isNaN isFinite encodeURIComponent " +
      "decodeURIComponent atob btoa print console require process E NRF Pin BTN BTN1 LED1 LED2 LED3 " +
      "Serial1 Bluetooth USB Terminal getTime setTime setTimeout setInterval clearTimeout " +
      "clearInterval changeInterval setWatch clearWatch digitalRead digitalWrite digitalPulse " +
      "analogRead analogWrite pinMode getPinMode peek8 peek16 peek32 poke8 poke16 poke32 load save " +
      "reset dump trace setBusyIndicator setSleepIndicator",
  ),
]);
const STATICS: { readonly [global: string]: readonly string[] } = {
  Math: words(
    "E LN10 LN2 LOG10E LOG2E PI SQRT1_2 SQRT2 abs acos asin atan atan2 ceil clip cos exp floor log " +
      "max min pow round sign sin sqrt tan wrap",
  ),
  Object: words(
    "keys values entries assign create setPrototypeOf getPrototypeOf fromEntries defineProperty " +
      "defineProperties getOwnPropertyNames getOwnPropertyDescriptor getOwnPropertyDescriptors " +
      "prototype",
  ),
  Array: ["isArray"],
  String: ["fromCharCode"],
  Number: words("MAX_VALUE MIN_VALUE NaN NEGATIVE_INFINITY POSITIVE_INFINITY"),
  JSON: ["parse", "stringify"],
  Date: ["now", "parse"],
  Promise: words("all resolve reject"),
  ArrayBuffer: [],
  ...Object.fromEntries(VIEWS.map((name) => [name, []])),
};
/** Methods and properties that no Espruino value has. */
const MISSING = new Set(
  words(
    "at codePointAt copyWithin flat flatMap findLast findLastIndex lastIndexOf localeCompare " +
      "matchAll normalize reduceRight search trimStart trimEnd trimLeft trimRight toPrecision " +
      "toExponential toLocaleString toLocaleLowerCase toLocaleUpperCase isPrototypeOf " +
      "propertyIsEnumerable finally BYTES_PER_ELEMENT",
  ),
);
const HELPERS: { readonly [name: string]: string } = {
  __spreadArray: "spread of arrays",
  __extends: "class extends",
  __assign: "object spread",
  __rest: "object rest",
  __generator: "generators",
  __awaiter: "async functions",
  __values: "for..of over an iterable",
  __read: "destructuring of an iterable",
  __makeTemplateObject: "tagged templates",
  __decorate: "decorators",
};
const ERRORS = words("TypeError ReferenceError SyntaxError InternalError");

export function builtinFindings(program: Program, names = resolveNames(program)): Finding[] {
  const found: Finding[] = [];
  const say = (node: AnyNode, rule: string, message: string) => found.push(at(node, rule, message));
  const globals = new Set(names.globals);
  const ownKeys = definedKeys(program);
  const views = viewBindings(program, names);
  const isGlobal = (node: AnyNode): node is Identifier =>
    node.type === "Identifier" && globals.has(node);
  const isView = (node: AnyNode): boolean =>
    makesView(node, globals) ||
    (node.type === "Identifier" && views.has(names.bindingOf(node) ?? node));

  for (const node of names.globals) {
    const helper = node.name.startsWith("__");
    if (helper)
      say(
        node,
        "helper",
        `compiler helper ${node.name}: ${HELPERS[node.name] ?? "this syntax"} cannot be lowered`,
      );
    else if (node.name === "eval") say(node, "builtin", "eval");
    else if (!GLOBALS.has(node.name))
      say(node, "builtin", `${node.name} does not exist on the board`);
  }
  walk(program, (node) => {
    switch (node.type) {
      case "MemberExpression":
        return memberRules(node);
      case "NewExpression":
        if (isGlobal(node.callee) && VIEWS.includes(node.callee.name)) {
          const [first] = node.arguments;
          if (first?.type === "Literal" && typeof first.value === "string")
            say(node, "builtin", "a typed array cannot be made of a string: E.toUint8Array");
        }
        if (isGlobal(node.callee) && node.callee.name === "Function")
          say(node, "builtin", "new Function");
        return;
      case "AssignmentExpression":
        if (memberName(node.left) === "length") say(node, "builtin", "writing `.length` throws");
        return;
      case "BinaryExpression":
        if (
          node.operator === "instanceof" &&
          isGlobal(node.right) &&
          ERRORS.includes(node.right.name)
        )
          say(node, "builtin", "errors of the interpreter itself are instances of no class");
        return;
      case "CallExpression":
        if (memberName(node.callee) === "parse" && node.arguments.length > 1)
          say(node, "builtin", "JSON.parse ignores its reviver");
        return;
      default:
        return;
    }
  });
  return found;

  function memberRules(node: AnyNode & { type: "MemberExpression" }): void {
    const name = memberName(node);
    if (name === undefined) return;
    const { object } = node;
    const known = isGlobal(object) ? STATICS[object.name] : undefined;
    if (isGlobal(object) && /^(random|randInt|srand)$/.test(name))
      return void say(node, "random", `${object.name}.${name} is no source for keys: E.hwRand`);
    if (memberName(object) === "prototype" && object.type === "MemberExpression") {
      const owner = object.object;
      const fine = isGlobal(owner) && owner.name === "Object" && name === "hasOwnProperty";
      if (isGlobal(owner) && GLOBALS.has(owner.name) && !fine)
        say(node, "builtin", `${owner.name}.prototype.${name} is undefined`);
      return;
    }
    if (known && !known.includes(name) && isGlobal(object) && name !== "prototype")
      return void say(node, "builtin", `${object.name}.${name} does not exist`);
    if (MISSING.has(name) && !ownKeys.has(name))
      return void say(node, "builtin", `.${name} does not exist`);
    if (name === "slice" && isView(object))
      say(node, "builtin", "slice of a typed array gives a linked list: new X(a.subarray(..))");
  }
}

/** Keys that the code itself gives to objects: those are not the builtin of that name. */
function definedKeys(program: Program): Set<string> {
  const keys = new Set<string>();
  walk(program, (node) => {
    const key =
      node.type === "AssignmentExpression" ? memberName(node.left) : keyName(node as AnyNode);
    if (key !== undefined) keys.add(key);
  });
  return keys;
}
function makesView(node: AnyNode, globals: ReadonlySet<Identifier>): boolean {
  if (node.type === "CallExpression") {
    const name = memberName(node.callee);
    return name === "subarray" || name === "toUint8Array";
  }
  return (
    node.type === "NewExpression" &&
    node.callee.type === "Identifier" &&
    globals.has(node.callee) &&
    VIEWS.includes(node.callee.name)
  );
}
/** Variables that some statement makes a view. */
function viewBindings(program: Program, names: Names): Set<unknown> {
  const globals = new Set(names.globals);
  const found = new Set<unknown>();
  walk(program, (node) => {
    const [target, value] =
      node.type === "VariableDeclarator"
        ? [node.id, node.init]
        : node.type === "AssignmentExpression"
          ? [node.left, node.right]
          : [];
    if (target?.type === "Identifier" && value && makesView(value, globals))
      found.add(names.bindingOf(target) ?? target);
  });
  return found;
}
