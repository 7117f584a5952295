/** `kincard/relay`: the ceremony of a backup, and what carries it on after a loss. Node's files. */

export { backup } from "./ceremony.js";
export type { BackupResult } from "./ceremony.js";
export { ConnectedCards } from "./connected.js";
export type { Place } from "./connected.js";
export type { BackupOptions } from "./visits/context.js";
export { BackupError } from "./errors.js";
export type { CardState } from "./errors.js";
export type * from "./events.js";
export { memoryRun } from "./run/run.js";
export type { Run, RunStore, SourceIdentity } from "./run/run.js";
export { runFile } from "./run/file.js";
