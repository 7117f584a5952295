/**
 * `kincard/virtual`: virtual cards for tests, and the paths to ask them for. Node and browsers.
 */

export { VIRTUAL_CODE, VirtualCard, virtualCard } from "./virtual-card.js";
export type { CardSnapshot, VirtualCardOptions } from "./virtual-card.js";
export { WARNING } from "../board/virtual-options.js";
export { formatPath, parsePath } from "../../sdk/crypto/bip32.js";
