#!/usr/bin/env node
/** `kincard` from a clone: TypeScript is run as it stands, by tsx. */
import { existsSync } from "node:fs";

/** @param {string} path */
const here = (path) => new URL(path, import.meta.url);
if (!existsSync(here("../../../../node_modules/tsx"))) {
  console.error("The dependencies are missing. Run `npm ci` (or `npm start`) first.");
  process.exit(1);
}
const { register } = await import("tsx/esm/api");
register();
await import(here("../main.ts").href);
