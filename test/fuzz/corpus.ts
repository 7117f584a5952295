/** The inputs that are kept: a text file a target, a line an input, in hex. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const FOLDER = fileURLToPath(new URL("corpus/", import.meta.url));

export function readCorpus(target: string): Uint8Array[] {
  const file = `${FOLDER}${target}.hex`;
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").split("\n").filter(Boolean);
  return lines.map((line) => new Uint8Array(Buffer.from(line, "hex")));
}
export function writeCorpus(target: string, inputs: readonly Uint8Array[]): void {
  mkdirSync(FOLDER, { recursive: true });
  const lines = inputs.map((input) => Buffer.from(input).toString("hex")).filter(Boolean);
  writeFileSync(`${FOLDER}${target}.hex`, `${lines.sort().join("\n")}\n`);
}
