/**
 * Keeps two processes from running one flash file at once: FILE.lock holds the owner's process
 * id. A lock whose owner is gone (killed) is taken over.
 * Limits: on one machine only.
 */

import { readFileSync, rmSync, writeFileSync } from "node:fs";

/** Takes the lock; returns what gives it back. */
export function lockFile(path: string): () => void {
  const lock = `${path}.lock`;
  for (let tries = 0; ; tries++) {
    try {
      writeFileSync(lock, `${process.pid}\n`, { flag: "wx", mode: 0o600 });
      return () => rmSync(lock, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST" || tries > 3) {
        throw new Error(`can't make ${lock}: ${(error as Error).message}`, { cause: error });
      }
      const owner = ownerOf(lock);
      if (owner !== undefined && isRunning(owner)) {
        throw new Error(`${path} is in use by process ${owner}`, { cause: error });
      }
      rmSync(lock, { force: true });
    }
  }
}

function ownerOf(lock: string): number | undefined {
  try {
    const id = Number(readFileSync(lock, "utf8"));
    return Number.isInteger(id) && id > 0 ? id : undefined;
  } catch {
    return undefined;
  }
}

function isRunning(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
