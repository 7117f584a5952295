/**
 * stdout and stderr that may be full or closed. A stream's failure never ends the program in the
 * middle of a card's work: it is remembered, and tells in the exit code at last.
 */

import { fstatSync, readFileSync, statSync, writeFileSync } from "node:fs";

const STREAMS = ["stdout", "stderr"] as const;
let failure: Error | undefined;
let watched = false;

/** From now on a stream that can't be written throws nothing. */
export function watchStreams(): void {
  if (watched) return;
  watched = true;
  for (const name of STREAMS) process[name].on("error", (error) => (failure ??= error));
}

/** Why something that was to be said was not, whoever said it. */
export const lostWords = () => failure;

/** Words for people. */
export function writeWords(text: string): void {
  try {
    process.stderr.write(text);
  } catch (error) {
    failure ??= error as Error;
  }
}

/** To stdout, whole; the error when it could not be. */
export async function writeResult(text: string): Promise<Error | undefined> {
  try {
    // A file takes a part and says so to nobody who does not count; a replaced write() is a test's.
    if (isFile() && !Object.hasOwn(process.stdout, "write")) {
      writeFileSync(1, text);
      return undefined;
    }
    return await new Promise((resolve) => {
      process.stdout.write(text, (error) => resolve(error ?? undefined));
    });
  } catch (error) {
    return error as Error;
  }
}

function isFile(): boolean {
  const stdout = fstatSync(1);
  return stdout.isFile() || (stdout.isCharacterDevice() && !process.stdout.isTTY);
}

/**
 * Whether stdout may have been closed when the program began: Node then puts the null device there,
 * for reading too, as nobody's shell does (src/node.cc, PlatformInit). Other programs that start
 * this one with nothing on stdout can't be told apart. Linux only; elsewhere never.
 */
export function isClosed(): boolean {
  const WAYS = 0o3;
  const BOTH = 0o2;
  try {
    if (fstatSync(1).rdev !== statSync("/dev/null").rdev) return false;
    const [, flags = "0"] =
      /^flags:\s*([0-7]+)$/m.exec(readFileSync("/proc/self/fdinfo/1", "utf8")) ?? [];
    return (parseInt(flags, 8) & WAYS) === BOTH;
  } catch {
    return false;
  }
}
