/**
 * Where random numbers of the bundle can come from: `E.hwRand` alone, the hardware's. Espruino's
 * own generator (`Math.random`, `Math.randInt`, `E.srand`) is seeded with 32 bits: who saw one
 * number of it has them all. Its names may not occur at all, in no string and by no computed key
 * of the objects that have it, so that nothing can reach it; and `E.hwRand` is neither called by
 * another name nor kept, but for what draws raw samples.
 */
import { children, isNode, keyName, memberName, walk, type AnyNode, type Program } from "./ast.js";
import { at, type Finding } from "./findings.js";

/** What hands out, or sets, the interpreter's own numbers. */
const PSEUDO = /^(random|randInt|srand)$/;
/** The objects that have them, or have those. */
const HOLDERS = /^(Math|E|global|globalThis|window|process)$/;

export function entropyFindings(program: Program): Finding[] {
  const found: Finding[] = [];
  const say = (node: AnyNode, message: string) => found.push(at(node, "entropy", message));
  walk(program, (node, parent) => {
    if (node.type === "Literal" && typeof node.value === "string" && PSEUDO.test(node.value)) {
      say(node, `"${node.value}" could name the interpreter's own generator`);
    }
    if (node.type === "Identifier" && PSEUDO.test(node.name)) {
      say(node, `\`${node.name}\` could be the interpreter's own generator`);
    }
    if (node.type === "MemberExpression" && node.computed && isHolder(node.object)) {
      if (memberName(node) === undefined) say(node, "a computed member could be any generator");
    }
    if (node.type === "Identifier" && HOLDERS.test(node.name) && isHandedOn(node, parent)) {
      say(node, `\`${node.name}\` is handed on: its members could be reached by any name`);
    }
    if (node.type === "Identifier" && node.name === "hwRand" && !isOfE(node, parent)) {
      say(node, "hwRand is E's alone");
    }
  });
  return found;
}

const isHolder = (node: AnyNode) => node.type === "Identifier" && HOLDERS.test(node.name);
/** Used otherwise than for a member of it, or for what type it is. */
function isHandedOn(node: AnyNode, parent: AnyNode | undefined): boolean {
  if (!parent) return false;
  if (parent.type === "MemberExpression") return parent.object !== node && parent.computed;
  if (parent.type === "UnaryExpression") return parent.operator !== "typeof";
  // A key of the card's own, a name of its own.
  if (parent.type === "Property" && !parent.computed && parent.key === node) return false;
  return children(parent).includes(node) && !declares(node, parent);
}
function declares(node: AnyNode, parent: AnyNode): boolean {
  if (parent.type === "VariableDeclarator") return parent.id === node;
  return "params" in parent && (parent.params as unknown[]).includes(node);
}
function isOfE(node: AnyNode, parent: AnyNode | undefined): boolean {
  if (parent?.type === "Property") return keyName(parent) === "hwRand" && parent.key === node;
  if (parent?.type !== "MemberExpression" || parent.property !== node) return false;
  return isNode(parent.object) && parent.object.type === "Identifier" && parent.object.name === "E";
}
