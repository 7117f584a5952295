/**
 * A board on the network: card bytes on one port, power and button on another.
 *
 * The card's port only carries bytes to and from the board's link, for one client at a time. When
 * that client is gone it says a sync frame in its place (docs/protocol.md 9), so that nothing of a
 * channel with the access code is left for the next: a wire has no other way to tell a board. What speaks HTTP is dropped before a byte of it is carried (foreign.ts).
 * Limits: no encryption and no access control; listen on this machine only (isLoopbackListen).
 */

import { createServer, type Server, type Socket } from "node:net";
import type { AddressInfo } from "node:net";
import { concat } from "../../sdk/crypto/bytes.js";
import { Failure } from "../../sdk/failures/failure.js";
import { encodeFrame } from "../../sdk/links/line.js";
import { isLocalLink, LINKS, parseLinkUri } from "../../sdk/links/registry.js";
import type { Board } from "./board.js";
import { control } from "./control.js";
import { Doorman } from "./foreign.js";

export interface Listening {
  /** With the port that was taken. */
  readonly uri: string;
  close(): Promise<void>;
}

const GRACE_MS = 200;
const LF = 10;
const NOTHING = new Uint8Array();

/** tcp:HOST:PORT, where 0 = any port. */
function parseListen(uri: string): { host: string; port: number } {
  const any = anyPort(uri);
  const link = parseLinkUri(any ?? uri);
  if (link.scheme !== "tcp")
    throw new Failure("input/link", { uri, fault: "shape", forms: [LINKS.tcp.form] });
  return { host: link.host, port: any ? 0 : link.port };
}

/** With a port in place of 0; undefined for another than 0. */
const anyPort = (uri: string) => (uri.endsWith(":0") ? `${uri.slice(0, -1)}1` : undefined);

/** Whether only this machine reaches it. Throws a Failure where none can listen. */
export function isLoopbackListen(uri: string): boolean {
  parseListen(uri);
  return isLocalLink(anyPort(uri) ?? uri);
}

function listen(uri: string, accept: (socket: Socket) => void): Promise<Listening> {
  const { host, port } = parseListen(uri);
  const open = new Set<Socket>();
  const server: Server = createServer((socket) => {
    open.add(socket);
    socket.setNoDelay(true);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => open.delete(socket));
    accept(socket);
  });
  return new Promise((resolve, reject) => {
    server.once("error", (error) => {
      reject(new Error(`can't listen on ${uri}: ${error.message}`, { cause: error }));
    });
    server.listen(port, host, () => {
      const taken = (server.address() as AddressInfo).port;
      const name = host.includes(":") ? `[${host}]` : host;
      resolve({ uri: `tcp:${name}:${taken}`, close: () => close(server, open) });
    });
  });
}

function close(server: Server, open: Set<Socket>): Promise<void> {
  for (const socket of open) socket.destroy();
  return new Promise((resolve) => server.close(() => resolve()));
}

/** Bytes both ways until either end is gone. What the client sends meanwhile waits for the link. */
async function carry(board: Board, socket: Socket): Promise<void> {
  const gone = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  const duplex = await board.duplex();
  duplex.onData((bytes) => socket.write(bytes));
  duplex.onClose(() => socket.destroy());
  const write = async (bytes: Uint8Array) => duplex.write(bytes);
  let spoke = false;
  const door = new Doorman(
    (bytes) => {
      spoke = true;
      void write(bytes).catch(() => socket.destroy());
    },
    () => socket.destroy(),
  );
  socket.on("data", (bytes) => door.take(bytes));
  await gone;
  // behind a line that the client left unfinished
  if (spoke)
    await write(concat(Uint8Array.of(LF), encodeFrame({ seq: 0, apdu: NOTHING }))).catch(
      () => undefined,
    );
  await duplex.close();
}

/** Serves the board's link. A second client is told so and dropped. */
export function listenCard(board: Board, uri: string): Promise<Listening> {
  let client: Socket | undefined;
  const take = (socket: Socket) => {
    client = socket;
    void carry(board, socket)
      .catch(() => socket.destroy())
      .finally(() => (client = undefined));
  };
  return listen(uri, (socket) => {
    if (!client) return take(socket);
    // Word that the last client hung up may still be on its way.
    setTimeout(() => {
      if (!client && !socket.destroyed) return take(socket);
      socket.end("busy: another client is connected to this board\n");
    }, GRACE_MS);
  });
}

/** Serves the control lines (control.ts), for any number of clients; each one's in their order. */
export function listenControl(board: Board, uri: string): Promise<Listening> {
  return listen(uri, (socket) => {
    let pending = "";
    let before: Promise<unknown> = Promise.resolve();
    const door = new Doorman(take, () => socket.destroy());
    socket.on("data", (bytes) => door.take(bytes));
    function take(bytes: Buffer): void {
      const lines = (pending + bytes.toString("latin1")).split("\n");
      pending = (lines.pop() as string).slice(-200);
      for (const line of lines)
        before = before
          .then(() => control(board, line))
          .then((answer) => !socket.destroyed && socket.write(`${answer}\n`));
    }
  });
}
