/** A program that meets cards: adds so many of them to the book, one after the other. */
import { withCard } from "../../../host/sdk/book/book.js";
import { bookFile } from "../../../host/sdk/book/book-file.js";

const [path = "", own = "", count = ""] = process.argv.slice(2);
const store = bookFile(path);
process.send?.("ready");
process.once("message", () => {
  void (async () => {
    for (let at = 0; at < Number(count); at++) {
      const card = { id: new Uint8Array(16).fill(Number(own)), maker: new Uint8Array(33).fill(2) };
      card.id[15] = at;
      await store.change((book) => withCard(book, card, { named: true }, new Date(0)));
    }
    process.disconnect();
  })();
});
