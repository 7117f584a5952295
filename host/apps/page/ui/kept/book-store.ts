/** The cards that this browser's user knows (host/sdk/book), in the browser's own store. */

import { formatBook, parseBook } from "../../../../sdk/book/book.js";
import type { Book } from "../../../../sdk/book/book.js";
import type { BookStore } from "../../../../sdk/book/store.js";

const BOOK_ITEM = "kincard.cards";

async function load(): Promise<Book> {
  const text = localStorage.getItem(BOOK_ITEM);
  return text === null ? [] : parseBook(text);
}

export const pageBook: BookStore = {
  load,
  change: (change) =>
    alone(async () => {
      localStorage.setItem(BOOK_ITEM, formatBook(change(await load())));
    }),
};

/** Two pages of one browser share the store (Web Locks: secure pages alone have them). */
async function alone(work: () => Promise<void>): Promise<void> {
  if (!("locks" in navigator)) return work();
  await navigator.locks.request(BOOK_ITEM, work);
}
export const forgetBook = () => localStorage.removeItem(BOOK_ITEM);
