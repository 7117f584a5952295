/**
 * Byte links over TCP: virtual boards, and serial ports behind a bridge. Node only.
 */

import { connect } from "node:net";
import type { Socket } from "node:net";
import { LinkError } from "../link.js";
import type { Duplex } from "../link.js";
import { within } from "../time/waits.js";

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

export async function openTcp(host: string, port: number, signal?: AbortSignal): Promise<Duplex> {
  const link = `tcp:${host}:${port}`;
  const stopped = () => new LinkError("link/aborted", { link });
  if (signal?.aborted) throw stopped();
  const socket = connect({ host, port });
  const connected = new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("error", (error) => reject(explain(link, error)));
  });
  const late = () => new LinkError("link/silent", { link, seconds: CONNECT_MS / 1000 });
  try {
    await within(connected, { ms: CONNECT_MS, late, signal, stopped });
  } catch (error) {
    socket.destroy();
    throw error;
  }
  return socketDuplex(socket);
}

function explain(link: string, cause: NodeJS.ErrnoException): LinkError {
  if (cause.code === "ECONNREFUSED")
    return new LinkError("link/nothing-listens", { link }, { cause });
  if (cause.code === "ENOTFOUND") return new LinkError("link/no-host", { link }, { cause });
  return new LinkError("link/open", { link, detail: cause.message }, { cause });
}
