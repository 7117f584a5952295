/**
 * The user's book of known cards on Node: `cards.json` in the user's own folder
 * (files/user-folder.ts), readable by its owner alone, whole after a crash at any moment. Node
 * only.
 *
 * Limit: two programs that change it at the same moment may lose one of the two changes; the card
 * is asked about again then.
 */

import { mkdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Failure } from "../failures/failure.js";
import { isFailure } from "../failures/failure.js";
import { writeAtomic } from "../files/atomic.js";
import { userFolder } from "../files/user-folder.js";
import { formatBook, parseBook } from "./book.js";
import type { BookStore } from "./store.js";

const PRIVATE_FOLDER = 0o700;

export const bookPath = (env?: NodeJS.ProcessEnv) => join(userFolder(env), "cards.json");

/** Throws a Failure (book/damaged, book/read, book/write). */
export function bookFile(path = bookPath()): BookStore {
  return {
    load: async () => {
      try {
        return parseBook(await readFile(path, "utf8"));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
        const damaged = isFailure(error, "book/content");
        const detail = damaged ? error.facts.detail : (error as Error).message;
        throw new Failure(damaged ? "book/damaged" : "book/read", { path, detail });
      }
    },
    save: async (book) => {
      try {
        await mkdir(dirname(path), { recursive: true, mode: PRIVATE_FOLDER });
        await writeAtomic(path, formatBook(book));
      } catch (error) {
        throw new Failure("book/write", { path, detail: (error as Error).message });
      }
    },
  };
}
