/** Whether another process waits for a descriptor's bytes; by Linux's /proc (proc(5)). */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** Numbers of read(2): x86-64, arm64. */
const READ = ["0", "63"];

/** What the files of a folder say; those that are gone or not ours, nothing. */
function texts(folder: string, file: string): string[] {
  return readdirSync(folder).map((name) => {
    try {
      return readFileSync(`${folder}/${name}${file}`, "latin1");
    } catch {
      return "";
    }
  });
}

/** How many descriptors lead where `fd` does. */
function alike(pid: number, fd: number): number {
  const folder = `/proc/${pid}/fd`;
  const links = readdirSync(folder).map((name) => {
    try {
      return [name, readlinkSync(`${folder}/${name}`)] as const;
    } catch {
      return [name, ""] as const;
    }
  });
  const its = links.find(([name]) => name === String(fd))?.[1];
  return links.filter(([, link]) => link === its).length;
}
/** A pipe was opened once more, not to block; or a thread is in read(2) of the descriptor. */
function reads(pid: number, fd: number): boolean {
  if (alike(pid, fd) > 1) return true;
  return texts(`/proc/${pid}/task`, "/syscall").some((text) => {
    const [call = "", first = ""] = text.split(" ");
    return READ.includes(call) && Number(first) === fd;
  });
}
/** Resolves when it does; rejects when the process has ended. */
export async function untilReads(pid: number, fd: number): Promise<void> {
  while (!reads(pid, fd)) await new Promise((resolve) => setTimeout(resolve, 20));
}
