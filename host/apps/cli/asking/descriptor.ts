/**
 * Which file descriptors a secret can come from. The runtime has some of its own (event queues,
 * pipes between its threads) at low numbers; nobody ever writes to them, and a read would wait for
 * ever.
 *
 * Limits: pipes of the runtime are told from the user's where there is /proc alone.
 */

import { fstatSync, readdirSync, readFileSync } from "node:fs";
import type { Stats } from "node:fs";
import { isatty } from "node:tty";

const READ_ONLY = 0;
const WRITE_ONLY = 1;

/** Why a secret can't be read there; undefined when it can, perhaps. */
export function whyNotReadable(fd: number): string | undefined {
  const found = statOf(fd);
  if (!found) return "is not open (npx passes on none above 2)";
  if (isatty(fd)) return "is a terminal, which would show what you type";
  if (found.isDirectory()) return "is a folder";
  const usual = [found.isFile(), found.isFIFO(), found.isSocket(), found.isCharacterDevice()];
  if (!usual.includes(true) || hasBothEnds(fd, found)) return "is not yours: the program uses it";
  return accessOf(fd) === WRITE_ONLY ? "can't be read: it is for writing" : undefined;
}

function statOf(fd: number): Stats | undefined {
  try {
    return fstatSync(fd);
  } catch {
    return undefined;
  }
}

/** Whether this very process could write what comes out of the pipe there. */
function hasBothEnds(fd: number, { dev, ino }: Stats): boolean {
  return openDescriptors().some((other) => {
    if (other === fd || (accessOf(other) ?? READ_ONLY) === READ_ONLY) return false;
    const found = statOf(other);
    return found?.isFIFO() === true && found.dev === dev && found.ino === ino;
  });
}

function openDescriptors(): number[] {
  try {
    return readdirSync("/proc/self/fd").map(Number);
  } catch {
    return [];
  }
}

/** As it was opened (open(2)); undefined where that can't be known. */
function accessOf(fd: number): number | undefined {
  try {
    const text = readFileSync(`/proc/self/fdinfo/${fd}`, "utf8");
    const [, flags] = /^flags:\s*([0-7]+)$/m.exec(text) ?? [];
    return flags === undefined ? undefined : parseInt(flags, 8) & 3;
  } catch {
    return undefined;
  }
}
