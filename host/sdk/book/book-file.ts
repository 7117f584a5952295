/**
 * The user's book of known cards on Node: `cards.json` in the user's own folder
 * (files/user-folder.ts), readable by its owner alone, whole after a crash at any moment. One
 * program at a time changes it (files/lock.ts); the others wait for that. Node only.
 */

import { mkdir, readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Failure } from "../failures/failure.js";
import { isFailure } from "../failures/failure.js";
import { writeAtomic } from "../files/atomic.js";
import { LockedError, lockFile } from "../files/lock.js";
import { userFolder } from "../files/user-folder.js";
import { deadline } from "../links/clock.js";
import { pause } from "../links/time/waits.js";
import { formatBook, parseBook } from "./book.js";
import type { Book } from "./book.js";
import type { BookStore } from "./store.js";

const PRIVATE_FOLDER = 0o700;
const LOCK_MS = 8000;
const QUEUE_MS = 120_000;
const NOT_HELD = { ino: 0n, mtimeNs: 0n };
const AGAIN_MS = 15;

export const bookPath = (env?: NodeJS.ProcessEnv) => join(userFolder(env), "cards.json");

/** Throws a Failure (book/damaged, book/read, book/write). */
export function bookFile(path = bookPath()): BookStore {
  return {
    load: () => load(path),
    change: async (change) => {
      const unlock = await lock(path).catch(unwritten(path));
      try {
        const book = change(await load(path));
        await writeAtomic(path, formatBook(book)).catch(unwritten(path));
      } finally {
        unlock();
      }
    },
  };
}

const unwritten = (path: string) => (error: unknown) => {
  throw new Failure("book/write", { path, detail: (error as Error).message });
};

/**
 * A change takes milliseconds: whoever holds it for longer is stuck. Many that change it one after
 * the other are not, on a slow disk either; the most that all of them may take ends that too.
 */
async function lock(path: string): Promise<() => void> {
  await mkdir(dirname(path), { recursive: true, mode: PRIVATE_FOLDER });
  const never = deadline(QUEUE_MS);
  let seen = await heldSince(path);
  for (let over = deadline(LOCK_MS); ; await pause(AGAIN_MS)) {
    try {
      return lockFile(path);
    } catch (error) {
      if (!(error instanceof LockedError) || over() || never()) throw error;
    }
    const now = await heldSince(path);
    if (now !== seen) over = deadline(LOCK_MS);
    seen = now;
  }
}

/** Another one for each time that it is taken. */
async function heldSince(path: string): Promise<string> {
  const { ino, mtimeNs } = await stat(`${path}.lock`, { bigint: true }).catch(() => NOT_HELD);
  return `${ino} ${mtimeNs}`;
}

async function load(path: string): Promise<Book> {
  try {
    return parseBook(await readFile(path, "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    const damaged = isFailure(error, "book/content");
    const detail = damaged ? error.facts.detail : (error as Error).message;
    throw new Failure(damaged ? "book/damaged" : "book/read", { path, detail });
  }
}
