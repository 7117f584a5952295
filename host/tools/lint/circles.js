/**
 * No circle of imports, as a lint rule: a file that reaches itself by what it imports is reported
 * once, with the way round. Imports of types count too: who reads one file of a circle has to read
 * them all.
 */
import { readFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const IMPORT = /^\s*(?:import|export)\b[^"';]*?(?:from\s*)?"(\.[^"]+)"/gm;

/** @type {Map<string, readonly string[]>} */
const known = new Map();
/** @param {string} file @param {string} text @returns {readonly string[]} */
function importsOf(file, text) {
  return [...text.matchAll(IMPORT)].map(([, source]) => {
    const path = resolve(dirname(file), source ?? "");
    return path.replace(/\.js$/, ".ts");
  });
}
/** @param {string} file @returns {readonly string[]} */
function read(file) {
  const before = known.get(file);
  if (before) return before;
  let found;
  try {
    found = importsOf(file, readFileSync(file, "utf8"));
  } catch {
    found = /** @type {string[]} */ ([]); // a package's, or not TypeScript
  }
  known.set(file, found);
  return found;
}

/**
 * The files from `start` back to itself; undefined when there is no such way.
 * @param {string} start @param {string} text of `start` @returns {string[] | undefined}
 */
export function circle(start, text) {
  const cameFrom = new Map(importsOf(start, text).map((file) => [file, start]));
  const queue = [...cameFrom.keys()];
  for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
    if (file === start) {
      const way = [start];
      let at = cameFrom.get(start);
      for (; at !== undefined && at !== start; at = cameFrom.get(at)) way.unshift(at);
      return [start, ...way];
    }
    for (const next of read(file))
      if (!cameFrom.has(next)) {
        cameFrom.set(next, file);
        queue.push(next);
      }
  }
  return undefined;
}

/** @type {import("eslint").Rule.RuleModule} */
export const circles = {
  meta: { type: "problem", schema: [] },
  create: (context) => ({
    Program(node) {
      const way = circle(context.filename, context.sourceCode.text);
      if (!way) return;
      const names = way.map((file) => relative(ROOT, file).replaceAll("\\", "/"));
      context.report({ node, message: `A circle of imports: ${names.join(" > ")}` });
    },
  }),
};
