/**
 * A run in a file (`--run FILE`), whole after a crash at any moment. Node only.
 */

import { readFile, unlink } from "node:fs/promises";
import { Failure, isFailure } from "../../failures/failure.js";
import { writeAtomic } from "../../files/atomic.js";
import { formatRun, parseRun } from "./run.js";
import type { RunStore } from "./run.js";

/** Throws a Failure (run/...) when the file can't be used; the cards alone suffice to go on. */
export function runFile(path: string): RunStore {
  const failed = (code: "run/damaged" | "run/read" | "run/write" | "run/remove", cause: unknown) =>
    new Failure(code, { path, detail: detailOf(cause) }, { cause });
  return {
    load: async () => {
      try {
        return parseRun(await readFile(path, "utf8"));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
        throw failed(isFailure(error, "run/content") ? "run/damaged" : "run/read", error);
      }
    },
    save: async (run) => {
      await writeAtomic(path, formatRun(run)).catch((error: unknown) => {
        throw failed("run/write", error);
      });
    },
    clear: async () => {
      await unlink(path).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== "ENOENT") throw failed("run/remove", error);
      });
    },
  };
}

/** What the parser or the system says. */
function detailOf(cause: unknown): string {
  if (isFailure(cause, "run/content")) return cause.facts.detail;
  return cause instanceof Error ? cause.message : String(cause);
}
