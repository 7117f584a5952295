/**
 * Byte links over TCP: virtual boards, and serial ports behind a bridge. Node only.
 */

import { connect } from "node:net";
import type { Socket } from "node:net";
import { LinkError } from "./link.js";
import type { Duplex } from "./link.js";

const CONNECT_MS = 5000;

/** A connected socket as a duplex; also for a server's accepted sockets. */
export function socketDuplex(socket: Socket): Duplex {
  socket.setNoDelay(true);
  let failure: Error | undefined;
  socket.on("error", (error) => (failure = error));
  return {
    write: (bytes) =>
      new Promise((resolve, reject) => {
        socket.write(bytes, (error) => (error ? reject(error) : resolve()));
      }),
    onData: (listener) => void socket.on("data", (data) => listener(Uint8Array.from(data))),
    onClose: (listener) => void socket.once("close", () => listener(failure)),
    close: () => {
      socket.destroy();
    },
  };
}

export function openTcp(host: string, port: number, signal?: AbortSignal): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    const stop = new AbortController();
    const fail = (failure: "open" | "aborted", why: string) => {
      stop.abort();
      clearTimeout(timer);
      socket.destroy();
      reject(new LinkError(failure, `tcp:${host}:${port}: ${why}`));
    };
    const timer = setTimeout(() => fail("open", "no answer"), CONNECT_MS);
    const abort = () => fail("aborted", "stopped on request");
    signal?.addEventListener("abort", abort, { once: true, signal: stop.signal });
    if (signal?.aborted) return abort();
    const refused = (error: NodeJS.ErrnoException) => fail("open", explain(error));
    socket.once("error", refused);
    socket.once("connect", () => {
      stop.abort();
      clearTimeout(timer);
      socket.off("error", refused);
      resolve(socketDuplex(socket));
    });
  });
}

function explain(error: NodeJS.ErrnoException): string {
  if (error.code === "ECONNREFUSED") return "nothing listens there: is the board started?";
  if (error.code === "ENOTFOUND") return "no such host";
  return error.message;
}
