/**
 * The page and virtual boards on one port of this machine: static files over HTTP or, with a
 * certificate, HTTPS, and each board over a WebSocket of its own (RFC 6455): binary messages are its
 * serial port's bytes, text is its button and its lights. Node only; for trying things out and for tests.
 *
 * Limits: no access control. Without TLS it is bound to 127.0.0.1; requests must name one of the
 * listed hosts and WebSockets must come from the page itself, so that other sites can't reach the
 * boards. Whoever reaches one of those hosts can use the boards.
 */

import { createReadStream, existsSync, readdirSync, statSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import type { Duplex as NodeDuplex } from "node:stream";
import type { WebSocket } from "ws";
import { withPackage } from "../../../sdk/failures/optional.js";
import type { VirtualBoard } from "../../../emulator/board/virtual.js";
import type { Lit } from "../../../emulator/board/virtual-options.js";
import { visible } from "../../../sdk/crypto/text.js";
import { allowedHosts, inUrl, isLoopback, placeOf, type Place } from "./addresses.js";
import { BUTTON, CONFIG_FILE, LIGHTS, TAKEN } from "../config.js";
import type { PageConfig } from "../config.js";

/** A board's serial port, of whatever kind the board is. */
export interface Wired {
  send(data: Uint8Array): unknown;
  onData(listener: (bytes: Uint8Array) => void): () => void;
  readonly hasButton?: boolean;
  /** Where there is a button. */
  press?(): void;
  release?(): void;
  /** Each change of its LEDs: by name, LED1 to LED3: red, green, blue. */
  onLit?(listener: (lit: Lit) => void): () => void;
}
export interface ServedBoard<Kind extends Wired = VirtualBoard> {
  readonly name: string;
  readonly label: string;
  readonly board: Kind;
}
export interface ServeOptions {
  /** The built page. */
  readonly folder: string;
  readonly boards: readonly ServedBoard<Wired>[];
  /** Kmaker of the boards, hex, and whether its private key is published. */
  readonly maker: string;
  readonly demo: boolean;
  /** 0 (default): any port. */
  readonly port?: number;
  /** PEM. Without it the page is served to this machine alone. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** Default: 127.0.0.1. */
  readonly place?: Place;
}
export interface Served {
  readonly url: string;
  /** The same for every name under which it is reached. */
  readonly urls: readonly string[];
  /** Cuts a board's connection, if there is one: a card that was taken away. */
  cut(board: number): void;
  close(): Promise<void>;
}

/** Word that the last client hung up may still be on its way: a page that was reloaded. */
const GRACE_MS = 300;
const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".webmanifest": "application/manifest+json",
};

/**
 * In no other page's frame, where a click could be stolen (CSP 3, 6.4.2: a header's alone to say),
 * and no talk with any other place; the rest of the policy is in index.html.
 */
const GUARDS = {
  "content-security-policy": "frame-ancestors 'none'; connect-src 'self'",
  "x-frame-options": "DENY",
  "cross-origin-resource-policy": "same-origin",
} as const;

export async function servePage(options: ServeOptions): Promise<Served> {
  const { folder, boards, tls, place = placeOf(undefined, false) } = options;
  if (!tls && !isLoopback(place.bind)) {
    throw new Error("other machines get the page over HTTPS alone: a certificate is needed");
  }
  if (!existsSync(join(folder, "page.js"))) {
    throw new Error(`there is no page in ${folder}: build it (npm run build)`);
  }
  let hosts: ReadonlySet<string> = new Set();
  const handle = (request: IncomingMessage, response: ServerResponse) => {
    try {
      answer(options, hosts, request, response);
    } catch {
      // The page's files are being built anew, say.
      notHere(response);
    }
  };
  const server = tls
    ? createTlsServer({ ...tls, minVersion: "TLSv1.2" }, handle)
    : createServer(handle);
  const scheme = tls ? "https" : "http";
  const { WebSocketServer } = await withPackage("ws", () => import("ws"));
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 4096 });
  const plugs = boards.map(({ board }) => new Plug(board));
  server.on("upgrade", (request: IncomingMessage, socket: NodeDuplex, head: Buffer) => {
    const plug = plugs[Number(/^\/board\/(\d+)$/.exec(request.url ?? "")?.[1] ?? "0") - 1];
    const ours = request.headers.origin === `${scheme}://${request.headers.host}`;
    if (!plug || !ours || !isNamed(hosts, request)) return void socket.destroy();
    sockets.handleUpgrade(request, socket, head, (client) => void plug.take(client));
  });
  const port = await listen(server, options.port ?? 0, place.bind);
  hosts = allowedHosts(place.names, port, tls !== undefined);
  const urls = place.names.map((name) => `${scheme}://${inUrl(name)}:${port}/`);
  return {
    ...{ url: urls[0] as string, urls },
    cut: (board) => plugs[board]?.cut(),
    close: () => close(server, plugs),
  };
}

function answer(
  options: ServeOptions,
  hosts: ReadonlySet<string>,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  // Not through URL, which throws at some of what strangers send.
  const [path = ""] = (request.url ?? "").split(/[?#]/);
  const name = path === "/" ? "index.html" : path.slice(1);
  response.setHeader("cache-control", "no-cache");
  response.setHeader("x-content-type-options", "nosniff");
  for (const [name, value] of Object.entries(GUARDS)) response.setHeader(name, value);
  if (!isNamed(hosts, request)) return elsewhere(hosts, request, response);
  if (!isKnown(options.folder, name) || !/^(GET|HEAD)$/.test(request.method ?? "")) {
    return notHere(response);
  }
  response.setHeader("content-type", TYPES[extname(name)] ?? "application/octet-stream");
  if (name === CONFIG_FILE) response.end(JSON.stringify(configOf(options)));
  else {
    const file = createReadStream(join(options.folder, name));
    // Gone since, or not for this user to read.
    file.on("error", () => (response.headersSent ? response.destroy() : notHere(response)));
    file.pipe(response);
  }
}

const isNamed = (hosts: ReadonlySet<string>, { headers }: IncomingMessage) =>
  hosts.has(headers.host ?? "");

/** A forwarded port, mostly: the browser names the port that it sees, and that is another one. */
function elsewhere(
  hosts: ReadonlySet<string>,
  { headers }: IncomingMessage,
  response: ServerResponse,
): void {
  const [first = ""] = hosts;
  const port = /:(\d+)$/.exec(first)?.[1] ?? "the same";
  const asked = visible(headers.host ?? "no name at all").slice(0, 100);
  const text = [
    `This page is served as ${[...hosts].join(" and ")}; your browser asked for ${asked}.`,
    "Under any other name it could be another site that wants to reach the cards.",
    `Forward port ${port} to port ${port} (ssh -L ${port}:127.0.0.1:${port}), or choose the port`,
    "with `kincard web --port N`; for phones in the same network: `kincard web --https`.",
  ].join("\n");
  response.writeHead(421, { "content-type": "text/plain; charset=utf-8" }).end(`${text}\n`);
}

function notHere(response: ServerResponse): void {
  response.writeHead(404, { "content-type": "text/plain" }).end("not here\n");
}

/** A file of the page, or of an image beside it; never a folder. */
function isKnown(folder: string, name: string): boolean {
  if (name === CONFIG_FILE) return true;
  const inImage = /^images\/[a-z0-9-]+\/[A-Za-z0-9][\w.-]*$/.test(name);
  if (!inImage && !readdirSync(folder).includes(name)) return false;
  return statSync(join(folder, name), { throwIfNoEntry: false })?.isFile() === true;
}

function configOf({ boards, maker, demo }: ServeOptions): PageConfig {
  const places = boards.map(({ name, label }, index) => ({
    ...{ name, label, url: `board/${index + 1}` },
  }));
  return { maker, demo, boards: places };
}

/** A board's serial port: for one client at a time, as listen.ts has it over TCP. */
class Plug {
  #client: WebSocket | undefined;
  /** What was last said of its lights. */
  #lights: string | undefined;
  readonly #board: Wired;

  constructor(board: Wired) {
    this.#board = board;
    board.onData((bytes) => this.#client?.send(bytes));
    board.onLit?.(({ leds, seconds }) => {
      const lit = ["LED1", "LED2", "LED3"].map((name) => (leds[name] ? "1" : "0")).join("");
      this.#lights = `${LIGHTS}${lit} ${Math.round(1000 * seconds)}`;
      this.#client?.send(this.#lights);
    });
  }

  async take(client: WebSocket): Promise<void> {
    client.on("error", () => client.terminate());
    client.on("message", (data: Buffer, isBinary: boolean) => {
      if (!isBinary) this.#button(client, data.toString());
      else if (this.#client === client) this.#board.send(data);
      else early.push(data);
    });
    client.on("close", () => {
      this.#button(client, BUTTON.UP);
      if (this.#client === client) this.#client = undefined;
    });
    const early: Buffer[] = [];
    if (this.#client) await new Promise((resolve) => setTimeout(resolve, GRACE_MS));
    if (client.readyState !== client.OPEN) return;
    if (this.#client) return client.close(TAKEN, "another page is using this virtual card");
    this.#client = client;
    for (const data of early.splice(0)) this.#board.send(data);
    if (this.#lights) client.send(this.#lights);
  }

  /** Text is no card's business: the finger on the drawn card's button. */
  #button(client: WebSocket, word: string): void {
    if (this.#client !== client || !this.#board.hasButton) return;
    if (word === BUTTON.DOWN) this.#board.press?.();
    if (word === BUTTON.UP) this.#board.release?.();
  }

  cut(): void {
    this.#client?.terminate();
    this.#client = undefined;
  }
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) => {
      const why = `can't serve on ${inUrl(host)}:${port}: ${error.message}`;
      reject(new Error(why, { cause: error }));
    });
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}

function close(server: Server, plugs: readonly Plug[]): Promise<void> {
  for (const plug of plugs) plug.cut();
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
