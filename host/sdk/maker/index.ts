/** `kincard/maker`: who makes cards genuine. Its store is Node's. */

export { DEMO_MAKER, demoMaker } from "./demo.js";
export { Maker } from "./maker.js";
export { MakerStore } from "./store.js";
export type { SignedCard } from "./store.js";
