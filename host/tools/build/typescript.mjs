/**
 * Runs TypeScript as it stands, for what develops the project: `node --import` this. It is tsx
 * without its cache, which lies in the machine's temporary folder: code that lies there already,
 * whoever put it there, would be run in place of ours. What is imported comes from hooks.mjs, whose
 * cache is the project's own; tsx is left with what is required, as mocha requires its reporter.
 */
import { existsSync } from "node:fs";
import { register } from "node:module";

process.env.TSX_DISABLE_CACHE = "1";
const BUILDS = /[\\/](host[\\/]tools[\\/]build[\\/]main|firmware[\\/]wire[\\/]\w+)\.ts$/;
const WIRE = new URL("../../sdk/wire/generated.ts", import.meta.url);

/** @param {string} message */
function stop(message) {
  console.error(message);
  process.exit(1);
}

// What runs without a build would end in a stack of modules that were not found.
if (!existsSync(WIRE) && !BUILDS.test(process.argv[1] ?? ""))
  stop("Nothing is built yet. Run `npm run build` (or `npm start`) first.");
try {
  // @ts-expect-error -- it declares no types
  await import("tsx");
} catch (error) {
  if (/** @type {NodeJS.ErrnoException} */ (error).code !== "ERR_MODULE_NOT_FOUND") throw error;
  stop("The dependencies are missing. Run `npm ci` (or `npm start`) first.");
}
// the last that is registered is asked first
register("./hooks.mjs", import.meta.url);
