/**
 * Pages that a reader follows at a shell: their blocks, typed as they stand, on ports of their own so
 * that a reader's boards are left alone.
 */

import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const CLI = join(ROOT, "host/apps/cli/bin/kincard.mjs");
const BUILD = join(ROOT, "host/tools/build/bootstrap.mjs");

/** The `sh` blocks of a page of docs/, in their order. */
export function blocksOf(page: string): string[] {
  const text = readFileSync(join(ROOT, "docs", page), "utf8");
  return [...text.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, block]) => block ?? "");
}
/** The block behind `<!-- run: NAME -->`. */
export function blockOf(page: string, name: string): string {
  const text = readFileSync(join(ROOT, "docs", page), "utf8");
  const mark = `<!-- run: ${name} -->\n *\`\`\`\\w+\n`;
  const block = new RegExp(`${mark}([\\s\\S]*?)^ *\`\`\``, "m").exec(text);
  if (!block) throw new Error(`docs/${page} has no block "${name}"`);
  return block[1] ?? "";
}

/** Ports that nobody has now. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** Waits, as a reader does, until something listens at each of these ports. */
export const waitFor = (...ports: readonly number[]): string =>
  `for port in ${ports.join(" ")}; do until node -e 'require("net").connect(process.argv[1],"127.0.0.1")` +
  `.on("connect",()=>process.exit(0)).on("error",()=>process.exit(1))' $port; do sleep 0.1; done; done`;

/** Where a command fails, nothing that was started outlives the test. */
const ENDING = "trap 'kill $(jobs -p) 2>/dev/null || true' EXIT";

export interface Typed {
  readonly exit: number | null;
  /** Both streams. */
  readonly said: string;
}

export interface Desk {
  readonly folder: string;
  /** Ports that the page names; others stand for them. */
  readonly ports?: readonly number[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Types `lines` into one shell, which ends at the first command that fails. */
export async function typeGuide(lines: readonly string[], desk: Desk): Promise<Typed> {
  const { folder, ports = [], env = {} } = desk;
  const free = await freePorts(ports.length);
  const named = ports.reduce(
    (text, port, at) => text.replaceAll(new RegExp(`\\b${port}\\b`, "g"), String(free[at])),
    ["set -e -m", ENDING, ...lines].join("\n"),
  );
  const node = `"${process.execPath}"`;
  const script = named
    .replaceAll("npx kincard", `${node} "${CLI}"`)
    .replaceAll("npm run image --", `${node} "${BUILD}" image`);
  const shell = spawn("bash", ["-c", script], {
    cwd: folder,
    env: { ...process.env, XDG_CONFIG_HOME: join(folder, "config"), NO_COLOR: "1", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  shell.stdout.on("data", (data) => (said += String(data)));
  shell.stderr.on("data", (data) => (said += String(data)));
  const exit = await new Promise<number | null>((resolve) => shell.on("close", resolve));
  return { exit, said };
}
