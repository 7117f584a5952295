/**
 * Node's hooks behind typescript.mjs: a ".js" that is a ".ts" is found, and its types are taken out
 * by esbuild, once for each content. What comes out lies in the project's own build/, where nobody
 * else writes; each file's under one name, its source's hash in the first line.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { transform, version } from "esbuild";

const KEPT = fileURLToPath(new URL("../../../build/typescript/", import.meta.url));
const TARGET = "node20";
/** What is made differs by these too. */
const HOW = `esbuild ${version}, ${readFileSync(fileURLToPath(import.meta.url), "utf8")}`;

/** @param {...(string | Buffer)} parts */
const hash = (...parts) => {
  const all = createHash("sha256");
  for (const part of parts) all.update(part).update("\0");
  return all.digest("hex");
};

/** @param {string} url */
async function javaScript(url) {
  const path = fileURLToPath(url);
  const code = readFileSync(path, "utf8");
  const name = `${KEPT}${hash(path).slice(0, 32)}.js`;
  const first = `//${hash(HOW, code)}\n`;
  if (existsSync(name)) {
    const kept = readFileSync(name, "utf8");
    if (kept.startsWith(first)) return kept;
  }
  const { code: made } = await transform(code, {
    ...{ loader: "ts", format: "esm", target: TARGET, banner: first.trimEnd() },
    ...{ sourcefile: url, sourcemap: "inline", sourcesContent: false },
    tsconfigRaw: { compilerOptions: { useDefineForClassFields: true } },
  });
  // Whole or not at all: another process may make the same.
  const written = `${name}.${process.pid}`;
  mkdirSync(KEPT, { recursive: true });
  writeFileSync(written, made);
  renameSync(written, name);
  return made;
}

const PACKAGES = /\/node_modules\//;
const OURS = /^\.{1,2}\/.*\.js(\?.*)?$/;

/** @type {import("node:module").ResolveHook} */
export async function resolve(specifier, context, next) {
  const { parentURL = "" } = context;
  if (OURS.test(specifier) && parentURL.startsWith("file:") && !PACKAGES.test(parentURL)) {
    const url = new URL(specifier.replace(/\.js(?=\?|$)/, ".ts"), parentURL);
    if (existsSync(fileURLToPath(url)))
      return { url: url.href, format: "module", shortCircuit: true };
  }
  return next(specifier, context);
}

/** @type {import("node:module").LoadHook} */
export async function load(url, context, next) {
  if (!url.startsWith("file:") || !new URL(url).pathname.endsWith(".ts")) return next(url, context);
  return { format: "module", source: await javaScript(url), shortCircuit: true };
}
