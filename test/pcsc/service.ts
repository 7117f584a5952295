/**
 * The system's PC/SC service for these tests: pcscd with vsmartcard's virtual reader, started in
 * the foreground and stopped again. Needs Debian's packages and root; every wait ends.
 *
 * Its port is never connected to, to see whether it is up: that would take a slot as a dead card.
 * Its sockets in /proc/net/tcp tell. Limits: one at a time on a machine, whoever runs it.
 */

import { spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { loadPcsc } from "../../host/sdk/links/pcsc/package.js";
import { until } from "../support/until.js";

/** The two slots of vsmartcard's reader. */
export const SLOTS = [35963, 35964] as const;
export const READERS = ["Virtual PCD 00 00", "Virtual PCD 00 01"] as const;

const SOCKET = "/run/pcscd/pcscd.comm";
const PID_FILE = "/run/pcscd/pcscd.pid";
const START_MS = 15_000;
const STOP_MS = 5000;
const PROGRAMS = ["pcscd", "opensc-tool", "scriptor"];

/** Why these tests can't run here, or nothing. */
export async function missingParts(): Promise<string | undefined> {
  const absent = PROGRAMS.filter((name) => spawnSync("which", [name]).status !== 0);
  if (!existsSync("/etc/reader.conf.d/vpcd")) absent.push("vsmartcard-vpcd");
  if (absent.length) return `not installed: ${absent.join(", ")} (see docs/pcsc.md)`;
  const unloadable = await loadPcsc().then(
    () => undefined,
    (error: Error) => error.message,
  );
  if (unloadable) return unloadable;
  if (process.getuid?.() !== 0) return "pcscd is started here, which only root can";
  if (listening().length || serviceRuns()) return "another pcscd runs on this machine";
  return undefined;
}

/** One that was killed leaves both files; a socket alone is an init system's, which starts it. */
function serviceRuns(): boolean {
  if (!existsSync(PID_FILE)) return existsSync(SOCKET);
  try {
    return process.kill(Number(readFileSync(PID_FILE, "utf8")), 0);
  } catch {
    return false;
  }
}

export class PcscService {
  private readonly said: string[] = [];
  private readonly kill = () => void this.child.kill("SIGKILL");

  private constructor(private readonly child: ChildProcess) {
    child.stdout?.on("data", (data) => this.said.push(String(data)));
    child.stderr?.on("data", (data) => this.said.push(String(data)));
    // However this process ends.
    process.once("exit", this.kill);
  }

  static async start(): Promise<PcscService> {
    const stdio = ["ignore", "pipe", "pipe"] as ("ignore" | "pipe")[];
    const service = new PcscService(spawn("pcscd", ["--foreground"], { stdio }));
    try {
      await until("pcscd did not start", START_MS, () => {
        if (service.ended) throw new Error(`pcscd ended: ${service.said.join("")}`);
        return existsSync(SOCKET) && listening().length === SLOTS.length;
      });
    } catch (error) {
      await service.stop();
      throw error;
    }
    return service;
  }

  private get ended(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** What still listens afterwards, which is nothing. */
  async stop(): Promise<number[]> {
    if (!this.ended) {
      const exit = once(this.child, "exit");
      this.child.kill("SIGTERM");
      const timer = setTimeout(this.kill, STOP_MS);
      await exit;
      clearTimeout(timer);
    }
    process.off("exit", this.kill);
    return listening();
  }
}

/** The slots' ports that somebody listens on, by the kernel's table (proc(5)). */
export function listening(): number[] {
  const tables = ["/proc/net/tcp", "/proc/net/tcp6"].filter((file) => existsSync(file));
  const ports = tables.flatMap((file) =>
    readFileSync(file, "utf8")
      .split("\n")
      .slice(1)
      .flatMap((line) => {
        const [, local = "", , state] = line.trim().split(/\s+/);
        return state === "0A" ? [parseInt(local.split(":")[1] ?? "", 16)] : [];
      }),
  );
  return SLOTS.filter((port) => ports.includes(port));
}
