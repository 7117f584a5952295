/** Where a book of known cards is kept. Browser-safe. */

import { formatBook, parseBook } from "./book.js";
import type { Book } from "./book.js";

/** `save` must be whole or not at all. */
export interface BookStore {
  /** Empty when there is none yet; throws a Failure (book/...) for one that can't be read. */
  load(): Promise<Book>;
  save(book: Book): Promise<void>;
}

/** Keeps a book for as long as the program lives. */
export function memoryBook(): BookStore {
  let text = formatBook([]);
  return {
    load: async () => parseBook(text),
    save: async (book) => void (text = formatBook(book)),
  };
}
