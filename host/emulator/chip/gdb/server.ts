/**
 * GDB's remote protocol over TCP: `target remote HOST:PORT`. One debugger at a time. While it is
 * there it decides when the chip executes: `pace` runs it in slices until it stops.
 */

import { createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import type { Cpu } from "../cpu/cpu.js";
import { INTERRUPT, Unpacker, packet } from "./packets.js";
import { GdbSession, SIGINT, SIGTRAP } from "./session.js";
import { GdbTarget } from "./target.js";

export interface GdbOptions {
  readonly cpu: Cpu;
  /** Executes a little; "breakpoint" or "ended" (the power went, a failure) stop the run. */
  readonly slice: () => "more" | "breakpoint" | "ended";
  readonly reset: () => void;
  /** A debugger came: nothing but `slice` may execute from here on. */
  readonly hold: () => void;
  /** It went. */
  readonly release: () => void;
  readonly host?: string;
  /** 0: any that is free. */
  readonly port: number;
}

class Connection {
  readonly #socket: Socket;
  readonly #options: GdbOptions;
  readonly #session: GdbSession;
  readonly #unpacker = new Unpacker();
  #running = false;
  #held = true;

  constructor(socket: Socket, options: GdbOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#session = new GdbSession({
      target: new GdbTarget(options.cpu),
      go: () => this.#go(),
      reset: options.reset,
      detach: () => this.#release(),
    });
    options.hold();
    socket.setNoDelay(true);
    socket.on("data", (data) => this.#receive(data.toString("latin1")));
    socket.on("error", () => socket.destroy());
    socket.on("close", () => this.#session.end());
  }

  #release(): void {
    this.#running = false;
    if (this.#held) this.#options.release();
    this.#held = false;
  }

  #receive(text: string): void {
    for (const each of this.#unpacker.feed(text)) {
      if (each === "damaged") this.#socket.write("-");
      else if (each.data === INTERRUPT) this.#stop(SIGINT);
      else this.#request(each.data);
    }
  }

  #request(data: string): void {
    this.#socket.write("+");
    if (data === "k") {
      this.#socket.end();
      return;
    }
    const answer = this.#session.handle(data);
    if (answer !== undefined) this.#answer(answer);
  }

  #answer(text: string): void {
    if (!this.#socket.destroyed) this.#socket.write(packet(text), "latin1");
  }

  #go(): void {
    this.#running = true;
    const turn = (): void => {
      if (!this.#running) return;
      const why = this.#options.slice();
      if (why === "more") setImmediate(turn);
      else this.#stop(why === "breakpoint" ? SIGTRAP : "W00");
    };
    setImmediate(turn);
  }

  #stop(signal: string): void {
    if (!this.#running) return;
    this.#running = false;
    this.#answer(signal);
  }
}

/** Listens; resolves once it does. Close it with close(). */
export function serveGdb(options: GdbOptions): Promise<{ port: number; close: () => void }> {
  let current: Socket | undefined;
  const server: Server = createServer((socket) => {
    if (current && !current.destroyed) {
      socket.destroy();
      return;
    }
    current = socket;
    new Connection(socket, options);
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, options.host ?? "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      const close = (): void => {
        server.close();
        current?.destroy();
      };
      resolve({ port, close });
    });
  });
}
