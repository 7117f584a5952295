/**
 * Keeps two processes from using one file at once: FILE.lock names its owner, by process id and,
 * where the system tells it, by when that process began. A lock whose owner is gone is taken over;
 * an id that another process has now, or that is ours by chance (a container's first process is
 * always 1), is not its owner. Node only.
 *
 * Only one process at a time may take a lock over: two that both found it stale would else remove
 * each other's new one. Who may is said by a second file, held for as long as that takes. And only
 * what is there and stale is removed: a lock that was given back meanwhile may be another's already.
 *
 * Limits: on one machine only; a process killed just as it makes either file, before its name is in
 * it, delays the next by 5 s.
 */

import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";

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
  if (!isStale(lock, path)) return takeFree(lock, path);
  const guard = `${lock}.takeover`;
  if (!create(guard) && !(dropStale(guard) && create(guard)))
    throw new LockedError(`${path} is being taken by another process: try again`);
  try {
    // Looked at once more: whoever held the guard before may have the lock now.
    if (isStale(lock, path)) rmSync(lock, { force: true });
    takeFree(lock, path);
  } finally {
    rmSync(guard, { force: true });
  }
}

function takeFree(lock: string, path: string): void {
  if (!create(lock)) throw new LockedError(`${path} is in use by another process`);
}

/** True when a guard that nobody can hold any more is gone. */
function dropStale(guard: string): boolean {
  try {
    const { ino } = statSync(guard);
    const owner = ownerOf(guard);
    if (owner ? isLiving(owner, guard) : isNew(guard)) return false;
    const aside = `${guard}.${process.pid}`;
    renameSync(guard, aside);
    const same = statSync(aside).ino === ino;
    rmSync(aside);
    return same;
  } catch {
    return true; // gone meanwhile
  }
}

/**
 * True when the lock is there and nobody's, which nobody but the guard's holder changes; false when
 * it is gone. Throws LockedError where it is somebody's, or may be soon.
 */
function isStale(lock: string, path: string): boolean {
  const owner = ownerOf(lock);
  if (owner && isLiving(owner, lock))
    throw new LockedError(`${path} is in use by process ${owner.id}`);
  if (owner) {
    // It may have given it back before it ended: what still bears its name was left behind.
    const now = ownerOf(lock);
    return now?.id === owner.id && now.started === owner.started;
  }
  try {
    if (!isNew(lock)) return true;
  } catch {
    return false;
  }
  throw new LockedError(`${path} is being taken by another process: try again`);
}

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
/** Whom a lock or a guard names; undefined when it is gone or names nobody. */
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
