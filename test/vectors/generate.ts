/**
 * Writes the test vectors: `npm run vectors` (`--check` only compares, exit code 1).
 * Deterministic: every private value is a hash of SEED, the file and its own name. When they say
 * something else than the committed ones did, their version rises by one (version.ts).
 */
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { FILES } from "./cases/index.js";
import { ceremony } from "./ceremony.js";
import { consentFile } from "./consent.js";
import { invalidFile, type FileName } from "./invalid.js";
import { linesFile } from "./lines.js";
import { VECTORS } from "./version.js";

export const FOLDER = dirname(fileURLToPath(import.meta.url));
export const SEED = "kincard test vectors 1";

const VERSION_FILE = "version.ts";
type Version = typeof VECTORS;
const versionText = ({ version, digest }: Version) => `/**
 * Which vectors these are: rises with every change of what they say, whose SHA-256 this is. Written
 * by \`npm run vectors\`.
 */
export const VECTORS = {
  version: ${version} as number,
  digest: "${digest}" as string,
};
`;

interface Head {
  readonly protocol: string;
  readonly schema: string;
}
/** File name -> what it says but for the version. */
function contents(): Map<string, Head> {
  const files = new Map<string, Head>();
  for (const count of [2, 3] as const) {
    files.set(`ceremony-${count}.json`, ceremony(count, `${SEED} ceremony-${count}`));
  }
  for (const name of Object.keys(FILES) as FileName[]) {
    files.set(`invalid-${name}.json`, invalidFile(name, `${SEED} ${name}`));
  }
  files.set("consent.json", consentFile(`${SEED} consent`));
  return files.set("lines.json", linesFile());
}
/** Of all that the files say: another one is another version. */
export function digestOf(files: ReadonlyMap<string, Head>): string {
  const hash = createHash("sha256");
  for (const [name, json] of files) hash.update(`${name}\n${JSON.stringify(json)}\n`);
  return hash.digest("hex");
}

/** File name -> text, for every committed file; version.ts is one of them. */
export function generate(committed: Version = VECTORS): Map<string, string> {
  const files = contents();
  const digest = digestOf(files);
  const version = committed.version + (digest === committed.digest ? 0 : 1);
  const texts = [...files].map(([name, { protocol, schema, ...rest }]): [string, string] => {
    const json = { protocol, schema, version, ...rest };
    return [name, JSON.stringify(json, null, 1) + "\n"];
  });
  return new Map([...texts, [VERSION_FILE, versionText({ version, digest })]]);
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
