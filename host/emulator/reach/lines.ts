/**
 * Questions and answers over TCP, a line of JSON each: `{"id":1,"do":"verb",...}` is answered by
 * `{"id":1,"ok":...}` or `{"id":1,"error":"why"}`; `{"event":"name",...}` comes unasked.
 *
 * For what a cable's bytes can't carry: an air, a reader's coil. Limits: as of board/listen.ts, no
 * access control; lines of 64 KB at most.
 */

import { connect, type Socket } from "node:net";
import { Doorman } from "../board/foreign.js";
import { listenTcp, type Listening } from "../board/listen.js";

const MOST = 65536;
export type Message = Readonly<Record<string, unknown>>;

/** What a client may ask, by its verb. */
export type Verbs = Readonly<Record<string, (message: Message) => unknown>>;
/** One client: its verbs, and what is done when it is gone. */
export interface Served {
  readonly verbs: Verbs;
  readonly end: () => void;
}

/** Calls back with each line; drops who sends endless ones. */
function eachLine(socket: Socket, heard: (message: Message) => void): (bytes: Buffer) => void {
  let rest = "";
  return (bytes) => {
    const lines = (rest + bytes.toString("latin1")).split("\n");
    rest = lines.pop() as string;
    if (rest.length > MOST) return void socket.destroy();
    for (const line of lines) {
      try {
        heard(JSON.parse(line) as Message);
      } catch {
        socket.destroy();
        return;
      }
    }
  };
}

/** `serve` is called for each client. */
export function listenLines(
  uri: string,
  serve: (tell: (event: Message) => void) => Served,
): Promise<Listening> {
  return listenTcp(uri, (socket) => {
    const tell = (message: Message) =>
      void (socket.destroyed || socket.write(`${JSON.stringify(message)}\n`));
    const { verbs, end } = serve(tell);
    const answer = async ({ id, do: verb, ...rest }: Message) => {
      try {
        const act = Object.hasOwn(verbs, String(verb)) ? verbs[String(verb)] : undefined;
        if (!act) throw new Error(`no such word; there are ${Object.keys(verbs).join(", ")}`);
        tell({ id, ok: (await act(rest)) ?? null });
      } catch (error) {
        tell({ id, error: error instanceof Error ? error.message : String(error) });
      }
    };
    const lines = eachLine(socket, (message) => void answer(message));
    const door = new Doorman(lines, () => socket.destroy());
    socket.on("data", (bytes) => door.take(bytes));
    socket.once("close", end);
  });
}

/** The other end. */
export class LineAsker {
  #next = 1;
  readonly #open = new Map<number, { done(value: unknown): void; failed(error: Error): void }>();

  private constructor(
    private readonly socket: Socket,
    readonly onEvent: (message: Message) => void,
  ) {
    socket.unref();
    socket.on(
      "data",
      eachLine(socket, (message) => this.#heard(message)),
    );
  }

  /** Rejects where nobody listens. */
  static open(
    { host, port }: { readonly host: string; readonly port: number },
    onEvent: (message: Message) => void = () => undefined,
    onEnd: () => void = () => undefined,
  ): Promise<LineAsker> {
    return new Promise((resolve, reject) => {
      const socket = connect({ host, port });
      socket.setNoDelay(true);
      socket.on("error", reject);
      socket.once("connect", () => {
        const asker = new LineAsker(socket, onEvent);
        socket.once("close", () => {
          asker.#lost();
          onEnd();
        });
        resolve(asker);
      });
    });
  }

  get closed(): boolean {
    return this.socket.destroyed;
  }
  ask<T>(verb: string, more: Message = {}): Promise<T> {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      if (this.closed) return reject(new Error("the other end is gone"));
      this.#open.set(id, { done: resolve as (value: unknown) => void, failed: reject });
      // Held open as long as somebody waits for an answer.
      this.socket.ref();
      this.socket.write(`${JSON.stringify({ id, do: verb, ...more })}\n`);
    });
  }
  close(): void {
    this.socket.destroy();
  }

  #heard(message: Message): void {
    const waiting = this.#open.get(message["id"] as number);
    if (!waiting) return this.onEvent(message);
    this.#open.delete(message["id"] as number);
    if (this.#open.size === 0) this.socket.unref();
    if ("error" in message) waiting.failed(new Error(String(message["error"])));
    else waiting.done(message["ok"]);
  }
  #lost(): void {
    for (const { failed } of this.#open.values()) failed(new Error("the other end is gone"));
    this.#open.clear();
  }
}
