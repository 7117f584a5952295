/**
 * The bundle's own names, the shortest for what is mentioned most: the minifier deals them out in
 * the order of declarations, and functions come first. 650 bytes of the bundle; the interpreter
 * reads each name letter by letter at every run.
 */
import MagicString from "magic-string";
import type { Plugin } from "rollup";
import {
  calledFunction,
  children,
  parseCode,
  resolveNames,
  type AnyNode,
  type Binding,
  type Identifier,
} from "../check/ast.js";

const LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
const SHORT = [...LETTERS];
const LONGER = SHORT.flatMap((a) => SHORT.map((b) => a + b));
const RESERVED = new Set(["do", "if", "in", "of"]);

interface Used {
  readonly places: Identifier[];
  /** Names that mean something else where it is mentioned. */
  readonly taken: Set<string>;
}

export function shortenNames(code: string): MagicString {
  const text = new MagicString(code);
  const program = parseCode(code);
  const outer = calledFunction(program);
  const names = resolveNames(program);
  const own = outer && names.scopes.get(outer);
  if (!own) return text;
  const used = new Map<Binding, Used>();
  const visit = (node: AnyNode, around: readonly Set<string>[]): void => {
    const scope = names.scopes.get(node);
    const inner =
      scope && scope.parent && scope !== own ? [...around, new Set(scope.names.keys())] : around;
    if (node.type === "Identifier") {
      const binding = names.bindingOf(node);
      if (binding?.scope === own) {
        const one = used.get(binding) ?? { places: [], taken: new Set<string>() };
        one.places.push(node);
        for (const set of around) for (const name of set) one.taken.add(name);
        used.set(binding, one);
      }
    }
    for (const child of children(node)) visit(child, inner);
  };
  visit(program, []);

  const given = new Set([...RESERVED, ...names.globals.map(({ name }) => name)]);
  const order = [...used].sort(
    ([a, { places: m }], [b, { places: n }]) =>
      n.length - m.length || m[0]!.start - n[0]!.start || (a.name < b.name ? -1 : 1),
  );
  for (const [, { places, taken }] of order) {
    const name = [...SHORT, ...LONGER].find((one) => !given.has(one) && !taken.has(one))!;
    given.add(name);
    for (const { start, end } of places) text.overwrite(start, end, name);
  }
  return text;
}

export function namesPlugin(): Plugin {
  return {
    name: "shorten-names",
    renderChunk(code) {
      const text = shortenNames(code);
      return { code: text.toString(), map: text.generateMap({ hires: true }) };
    },
  };
}
