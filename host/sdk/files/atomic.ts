/**
 * Files that are whole or absent after any crash: written beside, flushed, renamed over, and the
 * folder flushed (POSIX rename(2), fsync(2)). Readable by their owner alone. A symbolic link is
 * written through; what is no regular file (a device, a pipe, a folder) is refused, for a rename
 * would put a file in its place. Node only.
 *
 * Limits: flushing a folder is not possible on every platform; where it isn't, the rename is
 * still atomic against a killed process. On file systems without hard links (FAT, some network
 * shares) a new file may be left empty by a crash.
 */

import { randomUUID } from "node:crypto";
import { link, lstat, open, readlink, rename, unlink } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";

const PRIVATE = 0o600;
const MOST_LINKS = 40;
/** What link(2) says where there are no hard links. */
const NO_LINKS = new Set([
  "EPERM",
  "ENOTSUP",
  "EOPNOTSUPP",
  "ENOSYS",
  "EACCES",
  "EINVAL",
  "EMLINK",
]);

/** The path names something that is no regular file: a sentence. */
export class NotAFileError extends Error {
  override readonly name = "NotAFileError";
}

/** Where a write to `path` goes, links followed; it need not exist. Throws NotAFileError. */
export async function fileBehind(path: string): Promise<string> {
  let at = resolve(path);
  for (let links = 0; links < MOST_LINKS; links++) {
    const found = await lstat(at).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return undefined;
      throw error;
    });
    if (!found || found.isFile()) return at;
    if (!found.isSymbolicLink()) throw new NotAFileError(`${path} is not a regular file`);
    at = resolve(dirname(at), await readlink(at));
  }
  throw new NotAFileError(`${path} is a circle of symbolic links`);
}

/** Puts `text` (or bytes) in place of what the file held. */
export async function writeAtomic(path: string, text: string | Uint8Array): Promise<void> {
  const file = await fileBehind(path);
  await beside(file, text, (written) => rename(written, file));
}

/** Throws what writeAtomic would, as far as can be known before; leaves no trace. */
export async function assertWritable(path: string): Promise<void> {
  const file = await fileBehind(path);
  await beside(file, "", (written) => unlink(written));
}

/** Throws what appendLine would, as far as can be known before; leaves no trace. */
export async function assertAppendable(path: string): Promise<void> {
  const file = await fileBehind(path);
  try {
    await (await open(file, "r+")).close();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    await assertWritable(file);
  }
}

/** Makes the file only if there is none; false when there is one (which stays as it is). */
export async function createAtomic(path: string, text: string): Promise<boolean> {
  try {
    await beside(path, text, async (written) => {
      // link(2) fails where a file stands; rename would replace it.
      await link(written, path).catch(async (error: NodeJS.ErrnoException) => {
        if (!NO_LINKS.has(error.code ?? "")) throw error;
        // An empty file of that name keeps others away until ours takes its place.
        await open(path, "wx", PRIVATE).then((file) => file.close());
        await rename(written, path);
      });
      await unlink(written).catch(() => undefined);
    });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

async function beside(
  path: string,
  text: string | Uint8Array,
  place: (written: string) => Promise<void>,
) {
  const folder = dirname(path);
  // not the file's own name: that may be as long as names can be
  const written = join(folder, `.kincard-${randomUUID()}.tmp`);
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
  const file = await open(await fileBehind(path), "a+", PRIVATE);
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
