/** Files that a command will write: tried before any card is asked for what can't be undone. */

import { assertWritable } from "../../sdk/files/atomic.js";
import { CliError, EXIT } from "./failure.js";

/** Throws when `path`, which `flag` names, can't be written. */
export async function assertCanWrite(flag: string, path: string): Promise<void> {
  try {
    await assertWritable(path);
  } catch (error) {
    const what = `${flag} ${path} can't be written: ${(error as Error).message}`;
    throw new CliError(EXIT.FILES, what, "Choose another file. No card was asked for anything.");
  }
}
