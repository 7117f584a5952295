/**
 * Files that are whole or absent after any crash: written beside, flushed, renamed over, and the
 * folder flushed (POSIX rename(2), fsync(2)). Readable by their owner alone. Node only.
 *
 * Limits: flushing a folder is not possible on every platform; where it isn't, the rename is
 * still atomic against a killed process.
 */

import { randomUUID } from "node:crypto";
import { link, open, rename, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

const PRIVATE = 0o600;

/** Puts `text` in place of what the file held. */
export async function writeAtomic(path: string, text: string): Promise<void> {
  await beside(path, text, (written) => rename(written, path));
}

/** Makes the file only if there is none; false when there is one (which stays as it is). */
export async function createAtomic(path: string, text: string): Promise<boolean> {
  try {
    await beside(path, text, async (written) => {
      // link(2) fails where a file stands; rename would replace it.
      await link(written, path);
      await unlink(written);
    });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

async function beside(path: string, text: string, place: (written: string) => Promise<void>) {
  const folder = dirname(path);
  const written = join(folder, `.${basename(path)}.${randomUUID()}.tmp`);
  try {
    const file = await open(written, "wx", PRIVATE);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await place(written);
  } catch (error) {
    await unlink(written).catch(() => undefined);
    throw error;
  }
  await flushFolder(folder);
}

/** Adds one line. A last line that a crash cut short is ended first, so it spoils only itself. */
export async function appendLine(path: string, line: string): Promise<void> {
  const file = await open(path, "a+", PRIVATE);
  try {
    const { size } = await file.stat();
    const last = Buffer.alloc(1);
    if (size > 0) await file.read(last, 0, 1, size - 1);
    await file.appendFile((size > 0 && last[0] !== 10 ? "\n" : "") + line + "\n");
    await file.sync();
  } finally {
    await file.close();
  }
  await flushFolder(dirname(path));
}

async function flushFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, "r");
    await handle.sync().finally(() => handle.close());
  } catch {
    // Not possible here (see above).
  }
}
