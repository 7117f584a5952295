/**
 * The lines of a model (*.in) that are left under a set of definitions: `#ifdef X`, `#ifndef X`,
 * `#else`, `#endif`, each alone on its line, nested as one likes. Nothing is expanded.
 */
interface Level {
  readonly outer: boolean;
  readonly holds: boolean;
  live: boolean;
  turned: boolean;
}

/** @throws Error, with the line's number, when the directives do not pair or are not known. */
export function preprocess(text: string, defined: readonly string[]): string {
  const levels: Level[] = [];
  const kept: string[] = [];
  const live = () => levels.at(-1)?.live ?? true;
  text.split("\n").forEach((line, index) => {
    const fail = (says: string): never => {
      throw new Error(`line ${index + 1}: ${says}`);
    };
    if (!line.startsWith("#")) {
      if (live()) kept.push(line);
      return;
    }
    const [word, name, more] = line.trim().split(/\s+/);
    if (more !== undefined) fail(`"${line}" has too many words`);
    if (word === "#ifdef" || word === "#ifndef") {
      if (name === undefined) return fail(`${word} names nothing`);
      const holds = defined.includes(name) === (word === "#ifdef");
      levels.push({ outer: live(), holds, live: live() && holds, turned: false });
    } else if (word === "#else") {
      const level = levels.at(-1) ?? fail("#else without #ifdef");
      if (level.turned) fail("a second #else");
      level.turned = true;
      level.live = level.outer && !level.holds;
    } else if (word === "#endif") {
      if (!levels.pop()) fail("#endif without #ifdef");
    } else fail(`${word} is not known`);
  });
  if (levels.length) throw new Error(`${levels.length} #ifdef without #endif`);
  return kept.join("\n");
}

/** Every name that the directives of `text` ask for. */
export function namesAsked(text: string): ReadonlySet<string> {
  return new Set([...text.matchAll(/^#ifn?def (\w+)$/gm)].map(([, name = ""]) => name));
}
