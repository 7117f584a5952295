/**
 * A run in a file (`--run FILE`), whole after a crash at any moment. Node only.
 */

import { readFile, unlink } from "node:fs/promises";
import { FormatError } from "../crypto/bytes.js";
import { writeAtomic } from "../files/atomic.js";
import { formatRun, parseRun } from "./run.js";
import type { RunStore } from "./run.js";

/** The run file can't be used; the cards alone suffice to go on. */
export class RunFileError extends Error {
  override readonly name = "RunFileError";
}

export function runFile(path: string): RunStore {
  const failed = (what: string, error: unknown) => {
    const why = (error as Error).message;
    return new RunFileError(`the run file ${path} ${what}: ${why}`, { cause: error });
  };
  return {
    load: async () => {
      try {
        return parseRun(await readFile(path, "utf8"));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
        if (!(error instanceof FormatError)) throw failed("can't be read", error);
        const advice = "is damaged; remove it and start again, the cards know how far they are";
        throw failed(advice, error);
      }
    },
    save: async (run) => {
      await writeAtomic(path, formatRun(run)).catch((error: unknown) => {
        throw failed("can't be written", error);
      });
    },
    clear: async () => {
      await unlink(path).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== "ENOENT") throw failed("can't be removed", error);
      });
    },
  };
}
