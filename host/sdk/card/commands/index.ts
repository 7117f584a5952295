/** Every command of docs/protocol.md 3. */

export * from "./codecs.js";
export { STATUS } from "./status.js";
export type { Command } from "./command.js";
export type { Status } from "./status.js";
