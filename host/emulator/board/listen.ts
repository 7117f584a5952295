/**
 * A board on the network: card bytes on one port, power and button on another.
 *
 * The card's port only carries bytes to and from the board's link, for one client at a time
 * (reach/plug.ts). What speaks HTTP is dropped before a byte of it is carried (foreign.ts).
 * Limits: no encryption and no access control; listen on this machine only (isLoopbackListen).
 */

import { createServer, type Server, type Socket } from "node:net";
import type { AddressInfo } from "node:net";
import { Failure } from "../../sdk/failures/failure.js";
import { makeDuplex } from "../../sdk/links/line/feed.js";
import type { Duplex } from "../../sdk/links/link.js";
import { isLocalLink, LINKS, parseLinkUri } from "../../sdk/links/registry.js";
import type { Board } from "./board.js";
import { watchBlinks } from "./blinks.js";
import { control } from "./control.js";
import { Doorman } from "./foreign.js";
import { BUSY, Plug } from "../reach/plug.js";

export interface Listening {
  /** With the port that was taken. */
  readonly uri: string;
  close(): Promise<void>;
}

const GRACE_MS = 200;

/** tcp:HOST:PORT, where 0 = any port. Throws a Failure for anything else. */
export function parseListen(uri: string): { host: string; port: number } {
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

/** A server at tcp:HOST:PORT, 0 for any port. Closing it drops its clients. */
export function listenTcp(uri: string, accept: (socket: Socket) => void): Promise<Listening> {
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

/** A client's bytes, those of a browser's requests kept out. */
function clientOf(socket: Socket): Duplex {
  const [duplex, feed] = makeDuplex({
    write: (bytes) => void socket.write(bytes),
    close: () => void socket.destroy(),
  });
  const door = new Doorman(feed.data, () => socket.destroy());
  socket.on("data", (bytes) => door.take(bytes));
  socket.once("close", () => feed.closed());
  return duplex;
}

/** Serves the board's link. A second client is told so and dropped. */
export function listenCard(board: Board, uri: string, plug = new Plug(board)): Promise<Listening> {
  const take = (client: Duplex) => {
    void plug.carry(client).catch(() => client.close());
  };
  return listenTcp(uri, (socket) => {
    const client = clientOf(socket);
    if (!plug.taken) return take(client);
    // Word that the last client hung up may still be on its way.
    setTimeout(() => {
      if (!plug.taken && !socket.destroyed) return take(client);
      socket.end(BUSY);
    }, GRACE_MS);
  });
}

/** Serves the control lines (control.ts), for any number of clients; each one's in their order. */
export function listenControl(board: Board, uri: string): Promise<Listening> {
  const blinks = watchBlinks(board);
  return listenTcp(uri, (socket) => {
    let pending = "";
    let before: Promise<unknown> = Promise.resolve();
    const door = new Doorman(take, () => socket.destroy());
    socket.on("data", (bytes) => door.take(bytes));
    function take(bytes: Buffer): void {
      const lines = (pending + bytes.toString("latin1")).split("\n");
      pending = (lines.pop() as string).slice(-200);
      for (const line of lines)
        before = before
          .then(() => control(board, line, blinks))
          .then((answer) => !socket.destroyed && socket.write(`${answer}\n`));
    }
  });
}
