/** Recordings of what passed between an app and its cards. Browser-safe. */

export { Explainer } from "./explain.js";
export type { Explained } from "./explain.js";
export { entryLine, headerLine, isExchange, readRecording } from "./format.js";
export type { Entry, Exchange, Inside, Note, Run } from "./format.js";
export { learn } from "./learned.js";
export type { Learned, SeenCard, SeenMessage } from "./learned.js";
export type { Cover, Part } from "./parts.js";
export { Recording } from "./recorder.js";
export type { RecordingOptions, Sink } from "./recorder.js";
export { noted } from "./notes.js";
export { linksOf, replay } from "./replay.js";
export type { Compared, Likeness } from "./replay.js";
