/** The cards that this browser's user knows (host/sdk/book), in the browser's own store. */

import { formatBook, parseBook } from "../../../sdk/book/book.js";
import type { BookStore } from "../../../sdk/book/store.js";

const BOOK_ITEM = "kincard.cards";

export const pageBook: BookStore = {
  load: async () => {
    const text = localStorage.getItem(BOOK_ITEM);
    return text === null ? [] : parseBook(text);
  },
  save: async (book) => localStorage.setItem(BOOK_ITEM, formatBook(book)),
};
export const forgetBook = () => localStorage.removeItem(BOOK_ITEM);
