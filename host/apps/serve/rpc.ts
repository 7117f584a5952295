/**
 * JSON-RPC 2.0 over HTTP on this machine alone, for programs that hold the token: one request a
 * POST, worked on one after the other. Errors have EIP-1193's codes where it has one. What the
 * methods are is told by GET, to whoever asks on this machine. Node only.
 *
 * Who may ask: the token alone (Authorization: Bearer), compared in constant time. Browsers are kept
 * out besides: a request that has an Origin, names another host, or was made by a page as browsers
 * say it, is refused, so that no web page can reach a card, by DNS rebinding either.
 */

import { createHash, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Failure } from "../../sdk/failures/failure.js";

export const RPC = {
  PARSE: -32700,
  REQUEST: -32600,
  METHOD: -32601,
  PARAMS: -32602,
  FAILED: -32000,
  /** EIP-1193: the user said no; not allowed; not offered. */
  REJECTED: 4001,
} as const;

export class RpcError extends Error {
  override readonly name = "RpcError";
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}
export type Method = (params: unknown) => Promise<unknown>;
export type Methods = ReadonlyMap<string, Method>;

const BODY_MOST = 1 << 20;
const QUIET_MS = 10_000;

export interface Serving {
  readonly url: string;
  close(): Promise<void>;
}
export interface ServingOptions {
  readonly methods: Methods;
  readonly token: string;
  /** 0: any free one. */
  readonly port: number;
  /** Public: what GET answers with at `path`. */
  readonly description: { readonly path: string; readonly document: object };
}

export async function serveRpc(options: ServingOptions): Promise<Serving> {
  const { methods, token, port, description } = options;
  let place = "";
  let turn: Promise<unknown> = Promise.resolve();
  const server = createServer((request, response) => {
    if (isForeign(request, place)) return void response.writeHead(403).end();
    if (request.method === "GET" && request.url === description.path) {
      return send(response, description.document);
    }
    const status = refused(request, token);
    if (status) return void response.writeHead(status).end();
    void body(request)
      .then((text) => {
        const answer = turn.then(() => answerTo(text, methods));
        turn = answer;
        return answer;
      })
      .then(
        (answer) => send(response, answer),
        () => response.destroy(),
      );
  });
  server.requestTimeout = QUIET_MS;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  place = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `http://${place}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const digest = (text: string) => createHash("sha256").update(text).digest();

/** Of a page, or by another name. "none": somebody typed the address into a browser. */
function isForeign({ headers }: IncomingMessage, place: string): boolean {
  const { host, origin, "sec-fetch-site": site = "none" } = headers;
  const named = host === place || host === place.replace("127.0.0.1", "localhost");
  return origin !== undefined || site !== "none" || !named;
}

/** The status of a request that is not worked on. */
function refused({ method, headers }: IncomingMessage, token: string) {
  const { authorization = "" } = headers;
  if (!timingSafeEqual(digest(authorization), digest(`Bearer ${token}`))) return 401;
  return method === "POST" ? undefined : 405;
}

async function body(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > BODY_MOST) throw new RpcError(RPC.REQUEST, "the request is too large");
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}

interface Request {
  readonly id?: unknown;
  readonly method?: unknown;
  readonly params?: unknown;
}

async function answerTo(text: string, methods: Methods): Promise<object> {
  let id: unknown = null;
  try {
    const request = parsed(text);
    id = request.id ?? null;
    const method = methods.get(String(request.method));
    if (!method) throw new RpcError(RPC.METHOD, "there is no such method");
    return { jsonrpc: "2.0", id, result: await method(request.params ?? []) };
  } catch (error) {
    return { jsonrpc: "2.0", id, error: told(error) };
  }
}

function parsed(text: string): Request {
  let request: unknown;
  try {
    request = JSON.parse(text);
  } catch {
    throw new RpcError(RPC.PARSE, "the request is not JSON");
  }
  if (typeof request === "object" && request !== null && !Array.isArray(request)) return request;
  throw new RpcError(RPC.REQUEST, "the request is no single JSON-RPC call");
}

function told(error: unknown) {
  const message = error instanceof Error ? (error.message.split("\n")[0] as string) : "failed";
  if (error instanceof RpcError) return { code: error.code, message };
  const isInput = error instanceof Failure && error.kind === "input";
  const data = error instanceof Failure ? { data: { failure: error.code } } : {};
  return { code: isInput ? RPC.PARAMS : RPC.FAILED, message, ...data };
}

function send(response: ServerResponse, answer: object): void {
  response.writeHead(200, {
    ...{ "content-type": "application/json", "cache-control": "no-store" },
    "x-content-type-options": "nosniff",
  });
  response.end(JSON.stringify(answer));
}
