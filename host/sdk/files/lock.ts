/**
 * Keeps two processes from using one file at once: FILE.lock names its owner, by process id and,
 * where the system tells it, by when that process began. A lock whose owner is gone is taken over;
 * an id that another process has now, or that is ours by chance (a container's first process is
 * always 1), is not its owner. Node only.
 *
 * What a dead process left is removed by whoever may: two that both found it stale would else remove
 * each other's new one. Who may is said by a second file, called after the dead owner, so that it
 * gives the right to what that one left and to nothing else: whoever comes late with it finds
 * another's name in the lock, and leaves it. One who dies with the right leaves that file, which is
 * removed in the same way.
 *
 * Limits: on one machine only; a process killed just as it makes either file, before its name is in
 * it, delays the next by 5 s.
 */

import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";

const UNNAMED_MS = 5000;
/** Locks that this process holds: what else bears its id is a dead one's. */
const held = new Set<string>();

/** Another process, or this one, has it: a sentence. */
export class LockedError extends Error {
  override readonly name = "LockedError";
}

/** Takes the lock; returns what gives it back. Throws LockedError where another has it. */
export function lockFile(path: string): () => void {
  const lock = `${path}.lock`;
  if (!create(lock)) takeOver(lock, path);
  held.add(lock);
  return () => {
    held.delete(lock);
    rmSync(lock, { force: true });
  };
}

/** False when there is one. */
function create(file: string): boolean {
  try {
    const started = startOf(process.pid) ?? "";
    writeFileSync(file, `${process.pid} ${started}\n`, { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw new Error(`can't make ${file}: ${(error as Error).message}`, { cause: error });
  }
}

function takeOver(lock: string, path: string): void {
  const owner = ownerOf(lock);
  if (owner && isLiving(owner, lock))
    throw new LockedError(`${path} is in use by process ${owner.id}`);
  if (!removeLeft(lock, owner, 0) || !create(lock))
    throw new LockedError(`${path} is being taken by another process: try again`);
}

/** One died taking over from one that died taking over: more is no accident. */
const DEEPEST = 8;

/**
 * Removes what a dead owner left, or nobody's for long; false when that is another's to do, or was
 * done: then the file may be somebody's by now. True, too, when there is none any more.
 */
function removeLeft(file: string, owner: Owner | undefined, depth: number): boolean {
  if (depth > DEEPEST || !isLeft(file, owner)) return !existsSync(file);
  const right = `${file}.${owner ? nameOf(owner) : "unnamed"}`;
  if (!create(right) && !(removeLeft(right, ownerOf(right), depth + 1) && create(right)))
    return false;
  try {
    // Looked at once more: only who has the right removes it, and it may be gone since.
    if (isLeft(file, owner)) rmSync(file, { force: true });
    return !existsSync(file);
  } finally {
    rmSync(right, { force: true });
  }
}

/** Whether it is still this owner's, who is dead; without one, whether it is nobody's and not new. */
function isLeft(file: string, owner: Owner | undefined): boolean {
  const now = ownerOf(file);
  if (owner) return now?.id === owner.id && now.started === owner.started && !isLiving(owner, file);
  try {
    return now === undefined && !isNew(file);
  } catch {
    return false; // gone
  }
}
const nameOf = ({ id, started }: Owner) => `${id}-${started.replace(/[^\w-]/g, "-")}`;

/**
 * Without a name a file is between being made and being written, unless its maker died there. The
 * clock may have been set since, either way. Throws when there is none.
 */
function isNew(file: string): boolean {
  return Math.abs(new Date().getTime() - statSync(file).mtimeMs) < UNNAMED_MS;
}

interface Owner {
  readonly id: number;
  /** Empty: it could not tell. */
  readonly started: string;
}
/** Whom a lock or a right names; undefined when it is gone or names nobody. */
function ownerOf(file: string): Owner | undefined {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
  const [id = "", started = ""] = text.trim().split(" ");
  const owner = Number(id);
  return Number.isInteger(owner) && owner > 0 ? { id: owner, started } : undefined;
}

/** This process knows what it holds; nothing runs beside a takeover of its own. */
const isLiving = ({ id, started }: Owner, file: string) =>
  id === process.pid ? held.has(file) : isRunning(id, started);

function isRunning(id: number, started: string): boolean {
  try {
    process.kill(id, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  const now = startOf(id);
  return !started || now === undefined || now === started;
}

/**
 * When a process began, in a form that no other process of this boot has with the same id (proc(5):
 * starttime, the 22nd field, and the boot's id); undefined where there is no /proc.
 */
function startOf(id: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${id}/stat`, "latin1");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim();
    return fields[19] === undefined ? undefined : `${boot}/${fields[19]}`;
  } catch {
    return undefined;
  }
}
