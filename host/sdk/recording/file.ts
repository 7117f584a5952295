/**
 * A recording's file: every line is in it before the next command goes to a card. A file that holds
 * runs already gets another one; what is no recording is left alone. Node only.
 */

import { appendFileSync, closeSync, fstatSync, openSync, readSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { Failure } from "../failures/failure.js";
import { fileBehind } from "../files/atomic.js";
import { readRecording, START } from "./format.js";
import type { Run } from "./format.js";
import { Recording } from "./recorder.js";
import type { RecordingOptions } from "./recorder.js";

/** What a card's identity and habits are is its owner's alone to show. */
const PRIVATE = 0o600;

/** Throws a Failure (input/recording) where the file holds something else. */
export async function recordTo(
  path: string,
  options?: RecordingOptions,
): Promise<{ recording: Recording; close: () => void }> {
  const file = openSync(await fileBehind(path), "a+", PRIVATE);
  try {
    begin(file);
  } catch (error) {
    closeSync(file);
    throw error;
  }
  const recording = new Recording((line) => appendFileSync(file, `${line}\n`), options);
  let open = true;
  const close = () => {
    if (!open) return;
    open = false;
    closeSync(file);
  };
  return { recording, close };
}

/** Ends a line that a crash cut short. */
function begin(file: number): void {
  const { size } = fstatSync(file);
  if (size === 0) return;
  const start = Buffer.alloc(START.length);
  const last = Buffer.alloc(1);
  readSync(file, start, 0, start.length, 0);
  readSync(file, last, 0, 1, size - 1);
  if (start.toString() !== START)
    throw new Failure("input/recording", { line: 1, why: "the file holds something else" });
  if (last[0] !== 10) appendFileSync(file, "\n");
}

/** Throws a Failure (input/recording), and what reading a file throws. */
export async function readRecordingFile(path: string): Promise<Run[]> {
  return readRecording(await readFile(path, "utf8"));
}
