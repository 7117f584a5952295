/** The examples of a document that run, by name. They are marked: `<!-- run: NAME -->`. */
import { readFileSync } from "node:fs";
import { fromRoot } from "../../firmware/build/paths.js";

export function examples(file: string): ReadonlyMap<string, string> {
  const text = readFileSync(fromRoot(file), "utf8");
  const found = text.matchAll(/<!-- run: ([\w-]+) -->\n```ts\n([\s\S]*?)```/g);
  return new Map(Array.from(found, ([, name = "", code = ""]) => [name, code]));
}
