/** The examples of docs/library.md, by name. Those that run are marked: `<!-- run: NAME -->`. */
import { readFileSync } from "node:fs";
import { fromRoot } from "../../firmware/build/paths.js";

export function examples(): ReadonlyMap<string, string> {
  const text = readFileSync(fromRoot("docs/library.md"), "utf8");
  const found = text.matchAll(/<!-- run: ([\w-]+) -->\n```ts\n([\s\S]*?)```/g);
  return new Map(Array.from(found, ([, name = "", code = ""]) => [name, code]));
}
