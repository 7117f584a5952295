/**
 * Writes the test vectors: `npm run vectors` (`--check` only compares, exit code 1).
 * Deterministic: every private value is a hash of SEED, the file and its own name.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { FILES } from "./cases/index.js";
import { ceremony } from "./ceremony.js";
import { consentFile } from "./consent.js";
import { invalidFile, type FileName } from "./invalid.js";
import { linesFile } from "./lines.js";

export const FOLDER = dirname(fileURLToPath(import.meta.url));
export const SEED = "kincard test vectors 1";

/** File name -> text, for every committed file. */
export function generate(): Map<string, string> {
  const files = new Map<string, unknown>();
  for (const count of [2, 3] as const) {
    files.set(`ceremony-${count}.json`, ceremony(count, `${SEED} ceremony-${count}`));
  }
  for (const name of Object.keys(FILES) as FileName[]) {
    files.set(`invalid-${name}.json`, invalidFile(name, `${SEED} ${name}`));
  }
  files.set("lines.json", linesFile());
  files.set("consent.json", consentFile(`${SEED} consent`));
  return new Map([...files].map(([name, json]) => [name, JSON.stringify(json, null, 1) + "\n"]));
}

function main(check: boolean): number {
  console.log(`seed: ${SEED}`);
  let differing = 0;
  for (const [name, text] of generate()) {
    const path = join(FOLDER, name);
    if (!check) writeFileSync(path, text);
    else if (readFileSync(path, "utf8") !== text) differing += 1;
    console.log(`${name}: ${text.length} bytes`);
  }
  return differing ? 1 : 0;
}
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.exitCode = main(process.argv.includes("--check"));
}
