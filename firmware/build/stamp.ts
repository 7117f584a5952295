/** Rebuild only what changed: a digest over the contents of the inputs, kept beside the product. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fromRoot, shown } from "./paths.js";

function filesUnder(path: string): string[] {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesUnder(join(path, name)));
}

/** SHA-256 over names and contents of files and folders (given from the root) and `extra`. */
export function digest(inputs: readonly string[], extra = ""): string {
  const hash = createHash("sha256").update(extra);
  for (const file of inputs.flatMap((input) => filesUnder(fromRoot(input)))) {
    const bytes = readFileSync(file);
    hash.update(`\0${shown(file)}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest("hex");
}

/** Whether `stampFile` holds `value` and every product is there. */
export function isFresh(stampFile: string, value: string, products: readonly string[]): boolean {
  if (![stampFile, ...products].every((file) => existsSync(file))) return false;
  return readFileSync(stampFile, "utf8") === value;
}
export function writeStamp(stampFile: string, value: string): void {
  mkdirSync(dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, value);
}
