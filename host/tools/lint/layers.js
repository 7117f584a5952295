/**
 * Which layer may import which, as a lint rule: the picture is docs/architecture.md's. A file
 * belongs to the longest folder of the table that it lies in; tests may import everything.
 */
import { dirname, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

/** @type {Readonly<Record<string, readonly string[]>>} layer -> what it may import beside itself */
export const LAYERS = {
  "firmware/wire": ["firmware/kernel"],
  "firmware/kernel": [],
  "firmware/src": [],
  "firmware/build": ["firmware/wire", "rollup.config.js"],
  hw: ["firmware/build"],
  "host/sdk": ["hw", "firmware/build/demo-maker.ts"],
  "host/emulator": ["host/sdk", "hw", "firmware/kernel/abi.ts"],
  "host/apps": ["host/sdk", "host/emulator", "hw"],
  "host/apps/conform": ["host/sdk", "firmware/build/demo-maker.ts", "test/vectors"],
  "host/tools": [
    "host/apps",
    "host/emulator",
    "host/sdk",
    "hw",
    "firmware/build",
    "firmware/kernel",
    "firmware/wire",
    "test/suites.ts",
    "test/support/full.ts",
  ],
};

/** @param {string} folder @param {string} path */
const holds = (folder, path) => path === folder || path.startsWith(`${folder}/`);

/** @param {string} path from the root @returns {string | undefined} */
export const layerOf = (path) =>
  Object.keys(LAYERS)
    .filter((layer) => holds(layer, path))
    .sort((a, b) => b.length - a.length)[0];

/**
 * Why `from` may not import `to` (paths from the root); undefined when it may.
 * @param {string} from @param {string} to
 */
export function refusal(from, to) {
  const layer = layerOf(from);
  if (!layer || holds(layer, to)) return undefined;
  if (LAYERS[layer]?.some((allowed) => holds(allowed, to))) return undefined;
  return `${layer} may not import ${layerOf(to) ?? to}: layers point one way (docs/architecture.md).`;
}

/** @type {import("eslint").Rule.RuleModule} */
export const layers = {
  meta: { type: "problem", schema: [] },
  create(context) {
    const from = relative(ROOT, context.filename).replaceAll("\\", "/");
    /** @param {{ source?: any }} node */
    const check = ({ source }) => {
      if (typeof source?.value !== "string" || !source.value.startsWith(".")) return;
      const path = resolve(dirname(context.filename), source.value).replace(/\.js$/, ".ts");
      const to = relative(ROOT, path).replaceAll("\\", "/");
      const message = refusal(from, to === "rollup.config.ts" ? "rollup.config.js" : to);
      if (message) context.report({ node: source, message });
    };
    return {
      ImportDeclaration: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      ImportExpression: check,
    };
  },
};
