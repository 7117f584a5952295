/**
 * The host's library on Node: everything of core.ts, and what needs files and sockets: tcp:,
 * serial: and pcsc: links for `openLink`, the maker's folder, the run file.
 */

import "./links/node.js";

export * from "./core.js";
export { bookFile, bookPath } from "./book/book-file.js";
export { openTcp, socketDuplex } from "./links/line/tcp.js";
export { MakerStore } from "./maker/store.js";
export type { SignedCard } from "./maker/store.js";
export { runFile } from "./relay/run/file.js";
