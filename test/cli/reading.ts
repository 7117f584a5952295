/** Whether another process waits for a descriptor's bytes; by Linux's /proc (proc(5)). */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** Numbers of read(2): x86-64, arm64. */
const READ = ["0", "63"];

/** What `read` says of each of a folder's entries, by name; of those gone or not ours, nothing. */
function entries(folder: string, read: (path: string) => string): Map<string, string> {
  return new Map(
    readdirSync(folder).map((name) => {
      try {
        return [name, read(`${folder}/${name}`)];
      } catch {
        return [name, ""];
      }
    }),
  );
}

/** How many descriptors lead where `fd` does. */
function alike(pid: number, fd: number): number {
  const links = entries(`/proc/${pid}/fd`, (path) => readlinkSync(path));
  return [...links.values()].filter((link) => link === links.get(String(fd))).length;
}
/** A pipe was opened once more, not to block; or a thread is in read(2) of the descriptor. */
function reads(pid: number, fd: number): boolean {
  if (alike(pid, fd) > 1) return true;
  const calls = entries(`/proc/${pid}/task`, (path) => readFileSync(`${path}/syscall`, "latin1"));
  return [...calls.values()].some((text) => {
    const [call = "", first = ""] = text.split(" ");
    return READ.includes(call) && Number(first) === fd;
  });
}
/** Resolves when it does; rejects when the process has ended. */
export async function untilReads(pid: number, fd: number): Promise<void> {
  while (!reads(pid, fd)) await new Promise((resolve) => setTimeout(resolve, 20));
}
