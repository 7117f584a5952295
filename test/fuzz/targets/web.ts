/**
 * The phone page's server under raw requests: it goes on, gives away no file beside the page's, and
 * lets nobody through to a board who is no page of its own.
 */
import { connect } from "node:net";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { servePage, type Served } from "../../../host/apps/page/server/serve.js";
import { bytes, must, type Target } from "./target.js";

const SECRET = "a file beside the page";
const ANSWER_MS = 10_000;
const QUIET_MS = 50;
let served: Served | undefined;
let root: string | undefined;

async function server(): Promise<number> {
  if (!served) {
    root = mkdtempSync(join(tmpdir(), "kincard-fuzz-web-"));
    const folder = join(root, "web");
    mkdirSync(folder);
    writeFileSync(join(folder, "page.js"), "1");
    writeFileSync(join(folder, "index.html"), "<p>page</p>");
    writeFileSync(join(root, "secret.txt"), SECRET);
    served = await servePage({ folder, boards: [], maker: "02", demo: true });
  }
  return Number(new URL(served.url).port);
}
/** What the server says to these bytes, until it hangs up or we do. */
async function ask(port: number, input: Uint8Array, quietMs = ANSWER_MS): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  let said = "";
  socket.on("data", (data) => (said += data.toString("latin1")));
  socket.write(input);
  // Who would write on is waited for by the server, rightly.
  const quiet = setTimeout(() => socket.end(), quietMs);
  await new Promise<void>((resolve, reject) => {
    const late = () => reject(new Error("the server holds a request that has ended"));
    const timer = setTimeout(late, 2 * ANSWER_MS);
    const done = () => {
      clearTimeout(timer);
      clearTimeout(quiet);
      resolve();
    };
    socket.once("error", done);
    socket.once("close", done);
  });
  socket.destroy();
  return said;
}
const get = (path: string, host: string, more = "") =>
  bytes(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\n${more}Connection: close\r\n\r\n`);
const HOST = "localhost:PORT";
/** The port is another each time: inputs say PORT. */
const withPort = (input: Uint8Array, port: number) =>
  Buffer.from(Buffer.from(input).toString("latin1").replaceAll("PORT", String(port)), "latin1");

export const web: Target = {
  name: "web",
  most: 600,
  words: [
    "..",
    "%2e%2e",
    "%2f",
    "\\",
    "\r\n",
    "HTTP/1.1",
    "Host: ",
    "Upgrade: websocket",
    "//",
  ].map(bytes),
  seeds: () => [
    get("/", HOST),
    get("/page.js", HOST),
    get("/../secret.txt", HOST),
    get("/%2e%2e/secret.txt", HOST),
    get("/board/1", HOST, "Connection: Upgrade\r\nUpgrade: websocket\r\n"),
    get("/", "evil.example"),
    bytes("POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello"),
  ],
  run: async (input) => {
    const port = await server();
    const said = await ask(port, withPort(input, port), QUIET_MS);
    must(!said.includes(SECRET), "it gave away a file beside the page");
    must(!/^HTTP\/1\.1 101/m.test(said), "it let a stranger through to a board");
    must(!/^HTTP\/1\.1 500/m.test(said), "it failed inside");
    const after = await ask(port, withPort(get("/", HOST), port));
    must(
      /^HTTP\/1\.1 200/.test(after) && after.includes("<p>page</p>"),
      `it answers no more: ${after}`,
    );
  },
  close: async () => {
    await served?.close();
    if (root) rmSync(root, { recursive: true, force: true });
    served = root = undefined;
  },
};
