/**
 * Virtual boards as processes of their own: started, talked to over TCP, killed.
 */

import { spawn, type ChildProcess } from "node:child_process";
import { connect, type Socket } from "node:net";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const CLI = fileURLToPath(new URL("../../host/apps/cli/bin/kincard.mjs", import.meta.url));

export class VirtualProcess {
  /** Everything it printed, as lines. */
  readonly out: string[] = [];
  readonly err: string[] = [];
  readonly #child: ChildProcess;

  constructor(args: readonly string[]) {
    this.#child = spawn(process.execPath, [CLI, "virtual", ...args], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child.stdout?.on("data", (data: Buffer) => this.out.push(...lines(data)));
    this.#child.stderr?.on("data", (data: Buffer) => this.err.push(...lines(data)));
  }

  /** Starts one and waits until it listens, or says another word. */
  static async start(args: readonly string[], word = "listening"): Promise<VirtualProcess> {
    const board = new VirtualProcess(args);
    // all that it said is here then
    const ended = once(board.#child, "close").then(() => true);
    while (!board.out.some((line) => line.startsWith(`${word} `))) {
      const over = await Promise.race([ended, new Promise((wake) => setTimeout(wake, 20))]);
      if (over) throw new Error(board.err.join("\n"));
    }
    return board;
  }

  get pid(): number {
    return this.#child.pid as number;
  }

  /** The URI after a word that it printed: "listening" or "control". */
  uri(word: string): string {
    const line = this.out.find((text) => text.startsWith(`${word} `));
    if (!line) throw new Error(`it printed no ${word}`);
    return line.slice(word.length + 1);
  }

  /** Ends it, and waits; the exit code (null when a signal ended it). */
  async end(signal: NodeJS.Signals = "SIGTERM"): Promise<number | null> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) {
      return this.#child.exitCode;
    }
    const exit = once(this.#child, "exit") as Promise<[number | null]>;
    this.#child.kill(signal);
    return (await exit)[0];
  }
}

function lines(data: Buffer): string[] {
  return data.toString().split("\n").filter(Boolean);
}

/** A client that sends lines and reads lines. */
export class LineClient {
  readonly #socket: Socket;
  readonly #lines: string[] = [];
  readonly #waiting: ((line: string | undefined) => void)[] = [];
  #rest = "";
  #closed = false;

  constructor(uri: string) {
    const [, host, port] = uri.split(":");
    this.#socket = connect(Number(port), host);
    this.#socket.setEncoding("latin1");
    this.#socket.on("data", (text: string) => {
      const parts = (this.#rest + text).split("\n");
      this.#rest = parts.pop() as string;
      for (const line of parts) {
        const next = this.#waiting.shift();
        if (next) next(line);
        else this.#lines.push(line);
      }
    });
    this.#socket.on("error", () => this.#socket.destroy());
    this.#socket.on("close", () => {
      this.#closed = true;
      for (const next of this.#waiting.splice(0)) next(undefined);
    });
  }

  send(line: string): void {
    this.#socket.write(`${line}\n`, "latin1");
  }

  /** The next line, or undefined when the other side closed. */
  next(): Promise<string | undefined> {
    const line = this.#lines.shift();
    if (line !== undefined || this.#closed) return Promise.resolve(line);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  ask(line: string): Promise<string | undefined> {
    this.send(line);
    return this.next();
  }

  close(): void {
    this.#socket.destroy();
  }
}
