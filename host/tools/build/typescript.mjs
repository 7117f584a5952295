/**
 * Runs TypeScript as it stands, for what develops the project: `node --import` this. It is tsx
 * without its cache, which lies in the machine's temporary folder: code that lies there already,
 * whoever put it there, would be run in place of ours.
 */
process.env.TSX_DISABLE_CACHE = "1";
// @ts-expect-error -- it declares no types
await import("tsx");
