/** Whether a command that a page or a workflow tells can be run from a clone, as far as it shows. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "../../host/apps/cli/program.js";
import { ROOT } from "../../firmware/build/paths.js";
import { SUITES } from "../suites.js";

const read = (path: string) => readFileSync(join(ROOT, path), "utf8");
const { scripts } = JSON.parse(read("package.json")) as {
  scripts: Readonly<Record<string, string>>;
};
/** What `npm test` is, behind the bootstrap that hands it on. */
const TEST_PROGRAM = "host/tools/test/run.ts";
const STEPS = ["build", "types", "lint", "format"];

/** `words` as options of the program whose sources these are. */
function wrongOption(words: readonly string[], source: string): string | undefined {
  const wrong = words.find((word) => {
    const [, name = ""] = /^--([a-z-]+)/.exec(word) ?? [];
    if (!name) return false;
    // A key of parseArgs, or what an own parser compares with.
    return !new RegExp(`\\b"?${name}"?: \\{ type:|"--${name}"`).test(source);
  });
  return wrong && `it has no ${wrong}`;
}
function ofScript(script: string, words: readonly string[]): string | undefined {
  if (script === "test") {
    const only = words.flatMap((word, at) => (word === "--only" ? [words[at + 1]] : []));
    const unknown = only.find(
      (name) => !SUITES.some((suite) => suite.name === name) && !STEPS.includes(name ?? ""),
    );
    if (unknown !== undefined) return "there is no such suite";
    const lost = words.find((word) => word.startsWith("test/") && !existsSync(join(ROOT, word)));
    if (lost) return `there is no ${lost}`;
    return wrongOption(words, read(TEST_PROGRAM));
  }
  const [, program] = /(\S+\.ts)$/.exec(scripts[script] ?? "") ?? [];
  if (!program) return words.length ? "it takes no options" : undefined;
  return wrongOption(words, read(program));
}
function ofCard(name: string | undefined, words: readonly string[]): string | undefined {
  const command = build().commands.find((one) => one.name() === name);
  if (!command) return "there is no such command";
  const options = words.flatMap((word) => /^--[a-z-]+/.exec(word) ?? []);
  const wrong = options.find((option) => !command.options.some(({ long }) => long === option));
  return wrong === undefined ? undefined : `it has no ${wrong}`;
}

/** Why a command can't run from a clone. */
export function fault(run: string): string | undefined {
  const [program = "", ...words] = run.replaceAll(/[[\]]/g, " ").trim().split(/\s+/);
  if (program === "npm") {
    if (words[0] === "ci") return undefined;
    const script = words[0] === "run" ? words[1] : words[0];
    if (!script || !(script in scripts)) return "there is no such script";
    const split = words.indexOf("--");
    return ofScript(script, split < 0 ? [] : words.slice(split + 1));
  }
  if (program === "npx" && words[0] === "kincard") return ofCard(words[1], words.slice(2));
  if (program === "kincard") return ofCard(words[0], words.slice(1));
  return program && existsSync(join(ROOT, program)) ? undefined : "there is no such program";
}

/**
 * The commands of npm and kincard in a page, in text and in blocks; what follows two spaces or `#`
 * explains, and so does everything behind a name in capitals.
 */
export function commandsOf(page: string): string[] {
  const blocks = page.matchAll(/^(?: {4}| {6})?((?:npm|npx kincard|kincard) .*)$/gm);
  const spans = page.matchAll(/`((?:npm|npx kincard|kincard) [^`]*)`/g);
  return [...blocks, ...spans].flatMap(([, text = ""]) =>
    text
      .split(/ {2,}| #| \|\| | > /)[0]!
      .trim()
      .split(/ && /),
  );
}
