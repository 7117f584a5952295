/**
 * One case on its checker: what to run, and what the checker's words say as a result that
 * cases.ts can expect.
 *
 *   spin      "0", or "1 NAME" with the assertion that broke (states.pml and tries.pml name theirs)
 *   maude     "none" or "found": is there a state that breaks the claim?
 *   proverif  "true", "false" or "broken" (cannot be proved) for each query, in order
 *
 * "incomplete: ..." is no result: the search did not end.
 */
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Case, Engine } from "./cases.js";
import { preprocess } from "./preprocess.js";
import type { Places, Tool } from "./tools.js";

const here = fileURLToPath(new URL(".", import.meta.url));
const FILES: Readonly<Record<Engine, string>> = {
  spin: ".pml",
  maude: ".maude.in",
  proverif: ".pv.in",
};
export const NEEDS: Readonly<Record<Engine, readonly Tool[]>> = {
  spin: ["spin", "gcc"],
  maude: ["maude"],
  proverif: ["proverif"],
};

/** Where a Maude case is written, search included. */
export const MAUDE_FILE = "model.maude";

export function modelFile({ engine, model }: Pick<Case, "engine" | "model">): string {
  return join(here, engine, model + FILES[engine]);
}

interface Ended {
  readonly output: string;
  readonly status: number | null;
  readonly late: boolean;
}
/** Runs a program in `folder` with no input; it and its output are given up after `limit` ms. */
export function run(
  file: string,
  args: readonly string[],
  folder: string,
  limit: number,
): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(file, args, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
    const parts: Buffer[] = [];
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      child.kill("SIGKILL");
    }, limit);
    child.stdout.on("data", (part: Buffer) => parts.push(part));
    child.stderr.on("data", (part: Buffer) => parts.push(part));
    const end = (status: number | null, more = "") => {
      clearTimeout(timer);
      resolve({ output: Buffer.concat(parts).toString() + more, status, late });
    };
    child.on("error", (error) => end(null, error.message));
    child.on("close", (status) => end(status));
  });
}

export function spinResult(output: string): string {
  if (/max search depth too small|out of memory|Search not completed/.test(output)) {
    if (!/errors: [1-9]/.test(output) || !/assertion violated/.test(output)) {
      return "incomplete: the search did not end";
    }
  }
  const errors = /errors: (\d+)/.exec(output)?.[1];
  if (errors === undefined) return "incomplete: no result";
  const name = /assertion violated \(+(\w+)/.exec(output)?.[1];
  return errors === "0" || !name ? errors : `${errors} ${name}`;
}

export function maudeResult(output: string): string {
  const warning = /^(?:Warning|Error): .*/m.exec(output)?.[0];
  if (warning) return `incomplete: ${warning}`;
  if (/^No solution\.$/m.test(output)) return "none";
  return /^Solution 1 /m.test(output) ? "found" : "incomplete: no result";
}

/** An equivalence query gives one line, then its parts: only the first counts (`first`). */
export function proverifResult(output: string, first: boolean): string {
  const lines = output.split("\n").filter((line) => /^RESULT (?!\()/.test(line));
  const words = lines.map((line) => {
    if (line.endsWith(" is true.")) return "true";
    if (line.endsWith(" is false.")) return "false";
    return line.endsWith(" cannot be proved.") ? "broken" : "incomplete";
  });
  if (!words.length || words.includes("incomplete")) return "incomplete: no result";
  return (first ? words.slice(0, 1) : words).join(" ");
}

/** Does `got` meet what is wanted? Wanted `broken`: the attack exists, rebuilt or not. */
export function meets(want: string, got: string): boolean {
  const wanted = want.split(" ");
  const have = got.split(" ");
  return (
    wanted.length === have.length &&
    wanted.every((word, i) => word === have[i] || (word === "broken" && have[i] === "false"))
  );
}

const late = ({ late }: Ended) => (late ? "incomplete: out of time" : undefined);

async function spin(item: Case, places: Places, folder: string, limit: number) {
  const flags = item.defines.map((name) => `-D${name}`);
  const made = await run(places.spin ?? "", [...flags, "-a", modelFile(item)], folder, limit);
  if (made.status !== 0) return late(made) ?? `incomplete: spin: ${made.output.trim()}`;
  // safety only, no partial order reduction: the model has one process
  const options = ["-O1", "-w", "-DSAFETY", "-DNOREDUCE", "-o", "pan", "pan.c"];
  const built = await run(places.gcc ?? "", options, folder, limit);
  if (built.status !== 0) return late(built) ?? `incomplete: gcc: ${built.output.trim()}`;
  const ended = await run(join(folder, "pan"), ["-m1000000"], folder, limit);
  return late(ended) ?? spinResult(ended.output);
}

function source(item: Case): string {
  return preprocess(readFileSync(modelFile(item), "utf8"), item.defines);
}

async function maude(item: Case, places: Places, folder: string, limit: number) {
  const claim = item.claim ? `broken(${item.claim}, R)` : "anything(R)";
  const search = `search [1] init =>* { R } such that ${claim} .\n`;
  // by its full path: Maude looks in $PWD, which is not the folder it runs in
  const file = join(folder, MAUDE_FILE);
  writeFileSync(file, `${source(item)}\n${search}`);
  const args = ["-no-banner", "-batch", file];
  const ended = await run(places.maude ?? "", args, folder, limit);
  return late(ended) ?? maudeResult(ended.output);
}

async function proverif(item: Case, places: Places, folder: string, limit: number) {
  writeFileSync(join(folder, "model.pv"), source(item));
  const ended = await run(places.proverif ?? "", ["model.pv"], folder, limit);
  return late(ended) ?? proverifResult(ended.output, item.model === "privacy");
}

const RUN = { spin, maude, proverif } as const;
/** The result of `item`; its files go to `folder`, and each step has `limit` ms. */
export function result(item: Case, places: Places, folder: string, limit: number): Promise<string> {
  return RUN[item.engine](item, places, folder, limit);
}
