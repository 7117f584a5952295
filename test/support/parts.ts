/**
 * A long run in parts: several processes that share the work, or one part of it where time is
 * short. Work is numbered from 0; part I/N has every Nth piece from the Ith (1 .. N) on.
 */
import { spawn } from "node:child_process";

export interface Part {
  readonly first: number;
  readonly of: number;
}
export const ALL: Part = { first: 0, of: 1 };
export const isIn = ({ first, of }: Part, index: number): boolean => index % of === first;

/** `I/N`, or `any/N`: the one that the seed says. @throws Error when it is neither. */
export function parsePart(text: string, seed: number): Part {
  const [, which = "", many = ""] = /^(\d+|any)\/(\d+)$/.exec(text) ?? [];
  const of = Number(many);
  const first = which === "any" ? seed % of : Number(which) - 1;
  if (!(of >= 1 && first >= 0 && first < of)) throw new Error("--part is I/N, I from 1 to N");
  return { first, of };
}

/** A number of processes. @throws Error */
export function parseWorkers(text: string): number {
  const workers = Number(text);
  if (!(Number.isInteger(workers) && workers >= 1 && workers <= 16))
    throw new Error("--workers is a number from 1 to 16");
  return workers;
}

/**
 * Runs the program `file` once for each part, all at once, with `--worker --part I/N` and `more`;
 * what each says in its last line, which is JSON. Its progress goes to stderr.
 */
export function inWorkers<T>(
  file: string,
  parts: readonly string[],
  more: readonly string[],
): Promise<T[]> {
  return Promise.all(
    parts.map((part) => {
      const args = [...process.execArgv, file, "--worker", "--part", part, ...more];
      const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
      let said = "";
      child.stdout.on("data", (text: Buffer) => (said += text.toString()));
      return new Promise<T>((resolve, reject) => {
        child.on("error", reject);
        child.on("close", (code) => {
          const last = said.trim().split("\n").at(-1) ?? "";
          if (last.startsWith("{")) resolve(JSON.parse(last) as T);
          else reject(new Error(`part ${part} ended with ${code}`));
        });
      });
    }),
  );
}
/** 1/N ... N/N. */
export const partsFor = (workers: number): string[] =>
  Array.from({ length: workers }, (_, index) => `${index + 1}/${workers}`);
