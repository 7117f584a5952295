/** Where a book of known cards is kept. Browser-safe. */

import { formatBook, parseBook } from "./book.js";
import type { Book } from "./book.js";

export interface BookStore {
  /** Empty when there is none yet; throws a Failure (book/...) for one that can't be read. */
  load(): Promise<Book>;
  /**
   * What a change makes of the book as it is, kept whole or not at all; no other change, of this
   * program or another, comes between.
   */
  change(change: (book: Book) => Book): Promise<void>;
}

/** Keeps a book for as long as the program lives. */
export function memoryBook(): BookStore {
  let text = formatBook([]);
  return {
    load: async () => parseBook(text),
    change: async (change) => void (text = formatBook(change(parseBook(text)))),
  };
}
