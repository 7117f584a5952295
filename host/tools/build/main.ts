/**
 * The tasks behind the npm scripts: `build`, `demo` (npm start), `docs`, `image`, `pack`, `site` and
 * `test`.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { BuildRefused } from "../../../firmware/build/check/findings.js";
import { MOST_NESTED_CALLS } from "../../../firmware/build/check/index.js";
import { freshFirmware, type FirmwareInfo } from "../../../firmware/build/firmware.js";
import { DIST, fromRoot, shown } from "../../../firmware/build/paths.js";
import { digest, isFresh, writeStamp } from "../../../firmware/build/stamp.js";
import { test } from "../test/run.js";

async function generateWire(): Promise<void> {
  const { generate } = await import("../../../firmware/wire/generate.js");
  generate();
}

async function freshKernel(outDir: string): Promise<void> {
  const stamp = join(outDir, "kernel.stamp");
  const value = digest(["firmware/kernel"]);
  if (isFresh(stamp, value, [join(outDir, "kernel.bin"), join(outDir, "kernel.json")])) return;
  const { writeKernel } = await import("../../../firmware/kernel/build.js");
  writeKernel(outDir);
  writeStamp(stamp, value);
}

async function freshLibrary(outDir: string): Promise<void> {
  const stamp = join(outDir, "library.stamp");
  const folders = ["firmware/build", "firmware/kernel", "host/sdk", "host/emulator", "host/apps"];
  const value = digest([
    ...folders,
    "firmware/wire",
    "test/vectors",
    "hw",
    "host/tools/build",
    "package-lock.json",
  ]);
  if (isFresh(stamp, value, [join(outDir, "host/lib/kincard.js")])) return;
  const { buildLibrary } = await import("./library.js");
  await buildLibrary(outDir);
  writeStamp(stamp, value);
}

async function freshBrowser(outDir: string): Promise<void> {
  const stamp = join(outDir, "browser.stamp");
  const folders = ["host/sdk", "host/emulator", "host/tools/build", "hw", "package-lock.json"];
  const product = (name: string) => readFileSync(join(outDir, name), "base64");
  const value = digest(folders, product("firmware.js") + product("kernel.bin"));
  if (isFresh(stamp, value, [join(outDir, "browser/virtual.js")])) return;
  const { buildBrowser } = await import("./browser.js");
  await buildBrowser(outDir);
  writeStamp(stamp, value);
}

async function freshPage(outDir: string): Promise<void> {
  const stamp = join(outDir, "page.stamp");
  const apps = ["host/apps/page", "host/apps/flasher", "host/apps/viewer"];
  const folders = ["host/sdk", ...apps, "host/tools/build", "hw"];
  const value = digest([...folders, "package-lock.json"]);
  const made = ["web/page.js", "web/sw.js", "web/viewer.html"].map((name) => join(outDir, name));
  const { publishImages } = await import("../../apps/page/server/images.js");
  publishImages(join(outDir, "web"), outDir);
  if (isFresh(stamp, value, made)) return;
  const { buildPage } = await import("./page/page.js");
  await buildPage(join(outDir, "web"));
  publishImages(join(outDir, "web"), outDir);
  writeStamp(stamp, value);
}

function report(info: FirmwareInfo): void {
  const say = console.log;
  for (const [file, bytes] of info.modules) say(`${String(bytes).padStart(8)}  ${file}`);
  say(`${String(info.size).padStart(8)}  ${info.file}, ${info.pretokenised} pretokenised`);
  say(`sha256      ${info.sha256}`);
  say(`maker       ${info.makerKey}${info.demo ? " (DEMO: published, protects nothing)" : ""}`);
  say(`nesting     ${info.nesting} of ${MOST_NESTED_CALLS} calls: ${info.deepest}`);
}

async function build(options: { makerKey?: string; outDir?: string } = {}): Promise<FirmwareInfo> {
  await generateWire();
  const outDir = options.outDir ?? DIST;
  const info = await freshFirmware({ ...options, outDir });
  await freshKernel(outDir);
  await freshLibrary(outDir);
  await freshBrowser(outDir);
  await freshPage(outDir);
  return info;
}

async function buildTask(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: { "maker-key": { type: "string" }, out: { type: "string" } },
  });
  const options = { makerKey: values["maker-key"], outDir: values.out };
  report(await build(options));
  const kernel = join(options.outDir ?? DIST, "kernel.json");
  const { size, sha256 } = JSON.parse(readFileSync(kernel, "utf8")) as Record<string, unknown>;
  console.log(`${String(size).padStart(8)}  kernel.bin\nsha256      ${String(sha256)}`);
  return 0;
}

async function packTask(): Promise<number> {
  await build();
  const { buildPackage } = await import("./package.js");
  await buildPackage();
  return 0;
}

async function demoTask(args: string[]): Promise<number> {
  // what a reader of --json wants is the only thing on stdout
  await build();
  const cli = fromRoot("host/apps/cli/bin/kincard.mjs");
  const { status } = spawnSync(process.execPath, [cli, "demo", ...args], { stdio: "inherit" });
  return status ?? 1;
}

/** Tables first, then the site of which they are part. */
async function docsTask(args: string[]): Promise<number> {
  const options = { tables: { type: "boolean" }, check: { type: "boolean" } } as const;
  const { values } = parseArgs({ args, options });
  await generateWire();
  const { DOCUMENTS, fillTables } = await import("../../../firmware/wire/docs.js");
  const { PERFORMANCE } = await import("../bench/tables.js");
  const status = fillTables([...DOCUMENTS, PERFORMANCE], values.check === true);
  if (values.tables || values.check) return status;
  await build();
  const { freshSite } = await import("../site/site.js");
  console.log(`the site is in ${shown(await freshSite())}: open index.html`);
  return status;
}

async function image(args: string[]): Promise<number> {
  await generateWire();
  const { imageTask } = await import("../image/task.js");
  return imageTask(args);
}

const TASKS: { readonly [name: string]: (args: string[]) => Promise<number> } = {
  build: buildTask,
  demo: demoTask,
  docs: docsTask,
  image,
  pack: packTask,
  test: (args) => test(args, () => build()),
};

/** What node:util's parseArgs says of options that it doesn't know. */
function isUsage(error: unknown): error is Error {
  const { code } = error as NodeJS.ErrnoException;
  return error instanceof Error && (code?.startsWith("ERR_PARSE_ARGS") ?? false);
}

const [name = "", ...args] = process.argv.slice(2);
const task = TASKS[name];
try {
  if (!task) throw new BuildRefused(`no such task: ${name} (${Object.keys(TASKS).join(", ")})`);
  process.exitCode = await task(args);
} catch (error) {
  console.error(error instanceof BuildRefused || isUsage(error) ? error.message : error);
  process.exitCode = 1;
}
