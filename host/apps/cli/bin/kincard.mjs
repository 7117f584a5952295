#!/usr/bin/env node
/** `kincard`: the command line as `npm run build` left it, plain JavaScript. */
import { existsSync } from "node:fs";

const program = new URL("../../../../dist/host/lib/kincard.js", import.meta.url);
if (!existsSync(program)) {
  console.error("kincard is not built yet. Run `npm run build` (or `npm start`) first.");
  process.exit(1);
}
if (!existsSync(new URL("../../../../node_modules/commander", import.meta.url))) {
  console.error("The dependencies are missing. Run `npm ci` (or `npm start`) first.");
  process.exit(1);
}
await import(program.href);
