/**
 * The command line as users run it: a child process, against virtual boards on TCP. Secrets go in
 * by descriptors from 3 on.
 */

import { spawn } from "node:child_process";
import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Writable } from "node:stream";
import type { VirtualBoard } from "../../host/emulator/board/virtual.js";
import { virtualCard, type VirtualCard } from "../../host/emulator/card/index.js";
import { runProgram } from "../../host/apps/cli/program.js";
import { listenCard } from "../../host/emulator/board/listen.js";

export const CLI = fileURLToPath(new URL("../../host/apps/cli/bin/kincard.mjs", import.meta.url));

/** The book of known cards that tests write: never the developer's own. */
const CONFIG = mkdtempSync(join(tmpdir(), "kincard-config-"));
process.once("exit", () => rmSync(CONFIG, { recursive: true, force: true }));

const HUNG_MS = 60_000;

export interface RunOptions {
  /** What descriptors 3, 4, ... give. */
  readonly secrets?: readonly string[];
  readonly env?: Record<string, string>;
  /** Called with the child's process id once it runs. */
  readonly started?: (pid: number) => void;
  /** Called with all that stderr holds, each time it gets more. */
  readonly heard?: (stderr: string) => void;
  /** Killed after so long, in milliseconds. */
  readonly hungMs?: number;
}
export interface Ended {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Of its last line; undefined when that is no JSON. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly json: any;
}

export function kincard(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const { secrets = [], env = {}, started, heard, hungMs = HUNG_MS } = options;
  const pipes = ["ignore", "pipe", "pipe", ...secrets.map(() => "pipe")] as ("ignore" | "pipe")[];
  // No colours, whatever the terminal that runs the tests.
  const clean = {
    ...process.env,
    NO_COLOR: "1",
    FORCE_COLOR: "0",
    XDG_CONFIG_HOME: CONFIG,
    ...env,
  };
  const child = spawn(process.execPath, [CLI, ...args], { stdio: pipes, env: clean });
  const text = ["", ""];
  for (const index of [0, 1]) {
    const stream = child.stdio[index + 1] as NodeJS.ReadableStream;
    stream.on("data", (data) => {
      text[index] += String(data);
      if (index === 1) heard?.(text[1] as string);
    });
  }
  secrets.forEach((secret, index) => {
    const pipe = child.stdio[index + 3] as Writable;
    // A command that fails early never reads it.
    pipe.on("error", () => undefined);
    pipe.end(`${secret}\n`);
  });
  started?.(child.pid as number);
  // Nothing that hangs outlives its test.
  const hung = setTimeout(() => child.kill("SIGKILL"), hungMs);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (exit) => {
      clearTimeout(hung);
      const [stdout, stderr] = text as [string, string];
      resolve({ exit, stdout, stderr, json: lastJson(stdout) });
    });
  });
}

/** The same in this process: quicker, for what does not ask and is not interrupted. */
export async function kincardHere(
  args: readonly string[],
  { secrets = [], config = CONFIG }: Pick<RunOptions, "secrets"> & { config?: string } = {},
): Promise<Ended> {
  const folder = mkdtempSync(join(tmpdir(), "kincard-fd-"));
  const fds = secrets.map((secret, index) => {
    const file = join(folder, String(index));
    writeFileSync(file, `${secret}\n`);
    return openSync(file, "r");
  });
  // Descriptors 3, 4, ... are taken here: the files' own stand for them.
  const mapped = args.map((arg, index) =>
    /-fd$/.test(args[index - 1] ?? "") ? String(fds[Number(arg) - 3] ?? arg) : arg,
  );
  const written = { stdout: "", stderr: "" };
  const { exitCode, env } = process;
  const old = { stdout: process.stdout.write, stderr: process.stderr.write };
  const { NO_COLOR, FORCE_COLOR, XDG_CONFIG_HOME } = env;
  const kept = { NO_COLOR, FORCE_COLOR, XDG_CONFIG_HOME };
  Object.assign(env, { NO_COLOR: "1", XDG_CONFIG_HOME: config });
  const capture = (stream: "stdout" | "stderr") => {
    process[stream].write = (text: string | Uint8Array, done?: unknown) => {
      written[stream] += String(text);
      if (typeof done === "function") done();
      return true;
    };
  };
  capture("stdout");
  capture("stderr");
  try {
    await runProgram(mapped);
    return { ...written, exit: Number(process.exitCode ?? 0), json: lastJson(written.stdout) };
  } finally {
    process.stdout.write = old.stdout;
    process.stderr.write = old.stderr;
    process.exitCode = exitCode;
    for (const [name, value] of Object.entries(kept)) {
      if (value === undefined) delete env[name];
      else env[name] = value;
    }
    for (const fd of fds) closeSync(fd);
    rmSync(folder, { recursive: true });
  }
}

function lastJson(stdout: string): unknown {
  try {
    return JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "");
  } catch {
    return undefined;
  }
}

/** Ends after the test: servers, folders. */
export class Rig {
  private readonly ends: (() => void | Promise<void>)[] = [];
  readonly folder = mkdtempSync(join(tmpdir(), "kincard-cli-"));

  file(name: string): string {
    return join(this.folder, name);
  }
  read(name: string): string {
    return readFileSync(this.file(name), "utf8");
  }
  async serve(board: VirtualBoard): Promise<string> {
    const listening = await listenCard(board, "tcp:127.0.0.1:0");
    this.ends.push(() => listening.close());
    return listening.uri;
  }
  /** A card with a wallet, on a port; the code's cost is the least that cards take. */
  async serveWallet(seed: string): Promise<{ card: VirtualCard; uri: string }> {
    const card = await virtualCard({ seed });
    await card.connect();
    const uri = await this.serve(card.board);
    this.ends.push(() => card.close());
    return { card, uri };
  }
  /** One reader, to which cards are put in turn. */
  async reader(): Promise<{ uri: string; put: (board: VirtualBoard) => void }> {
    let board: VirtualBoard | undefined;
    const uri = await this.listen((socket) => {
      if (board) attach(board, socket);
    });
    return { uri, put: (next) => (board = next) };
  }
  /** A card that goes silent, for good, at its n-th line; `onStall` is told. */
  async stalling(board: VirtualBoard, line: number, onStall: () => void): Promise<string> {
    let lines = 0;
    return this.listen((socket) => {
      attach(board, socket, (bytes) => {
        lines += bytes.filter((byte) => byte === 10).length;
        if (lines < line) return true;
        if (lines === line) onStall();
        return false;
      });
    });
  }
  async end(): Promise<void> {
    for (const end of this.ends) await end();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private listen(accept: (socket: Socket) => void): Promise<string> {
    const server = createServer((socket) => {
      socket.on("error", () => socket.destroy());
      this.ends.push(() => void socket.destroy());
      accept(socket);
    });
    this.ends.push(() => void server.close());
    return new Promise((resolve) => {
      server.listen(0, "127.0.0.1", () => {
        resolve(`tcp:127.0.0.1:${(server.address() as AddressInfo).port}`);
      });
    });
  }
}

function attach(
  board: VirtualBoard,
  socket: Socket,
  pass: (bytes: Buffer) => boolean = () => true,
) {
  const stop = board.onData((bytes) => socket.write(bytes));
  socket.on("data", (bytes: Buffer) => void (pass(bytes) && board.send(bytes)));
  socket.on("close", stop);
}
