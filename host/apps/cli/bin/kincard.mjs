#!/usr/bin/env node
/** `kincard`: the command line as the build left it, plain JavaScript; in a clone or a package. */
import { existsSync } from "node:fs";

const root = new URL("../../../../", import.meta.url);
const program = new URL("dist/host/lib/kincard.js", root);
const isClone = existsSync(new URL("host/tools/build/bootstrap.mjs", root));

/** @param {string} inClone @param {string} inPackage */
function stop(inClone, inPackage) {
  console.error(isClone ? inClone : inPackage);
  process.exit(1);
}

const AGAIN = "This installation of kincard is not whole. Install it again: npm install kincard";
if (!existsSync(program)) {
  stop("kincard is not built yet. Run `npm run build` (or `npm start`) first.", AGAIN);
}
try {
  await import(program.href);
} catch (error) {
  const { code, message } = /** @type {NodeJS.ErrnoException} */ (error);
  const [, name] = /^Cannot find package '([^']+)'/.exec(message) ?? [];
  if (code !== "ERR_MODULE_NOT_FOUND" || name === undefined) throw error;
  stop(`The package ${name} is missing. Run \`npm ci\` (or \`npm start\`) first.`, AGAIN);
}
