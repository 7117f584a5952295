/**
 * The documents as a site of static files (`npm run docs`, dist/site): the written pages, the
 * reference of the package, the phone page with virtual cards in it, and the viewer on a three-card
 * backup that was recorded for it. Opens from a disk and from any static host.
 */

import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DIST, fromRoot } from "../../../firmware/build/paths.js";
import { digest, isFresh, writeStamp } from "../../../firmware/build/stamp.js";
import { viewerPage } from "../../apps/viewer/html.js";
import { DEMO_MAKER } from "../../sdk/maker/demo.js";
import { buildDemo } from "../build/page/demo.js";
import { writePages } from "./pages.js";

/** Places in the site. */
export const DEMO_PAGE = "demo/index.html";
export const VIEWER_PAGE = "viewer.html";
const LINKS = { "Try it here": DEMO_PAGE, "A recorded backup": VIEWER_PAGE };

/** What `kincard demo` did, as a recording, with what is inside the seals: its cards are virtual. */
function recordedDemo(): string {
  const folder = mkdtempSync(join(tmpdir(), "kincard-site-"));
  try {
    const file = join(folder, "demo.jsonl");
    const cli = fromRoot("host/apps/cli/bin/kincard.mjs");
    const args = [cli, "demo", "--record", file];
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
    if (status !== 0) throw new Error(`the demo could not be recorded: ${stderr}`);
    return readFileSync(file, "utf8");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Builds it into `outDir`, which is emptied, from what `npm run build` left in `dist`. */
export async function buildSite(outDir: string, dist: string): Promise<void> {
  rmSync(outDir, { recursive: true, force: true });
  mkdirSync(outDir, { recursive: true });
  await writePages(outDir, LINKS);
  await buildDemo(join(outDir, "demo"), dist);
  writeFileSync(join(outDir, VIEWER_PAGE), viewerPage(recordedDemo(), [DEMO_MAKER]));
}

/** Builds dist/site if what it is made of is not what it was made of; where it is. */
export async function freshSite(): Promise<string> {
  const outDir = join(DIST, "site");
  const stamp = join(DIST, "site.stamp");
  const product = (name: string) => readFileSync(join(DIST, name), "base64");
  const sources = ["docs", "README.md", ".github", "host", "hw", "test/vectors"];
  const parts = ["firmware.js", "kernel.bin", "web/viewer.html"].map(product);
  const value = digest([...sources, "package.json", "package-lock.json"], parts.join());
  if (!isFresh(stamp, value, [join(outDir, VIEWER_PAGE)])) {
    await buildSite(outDir, DIST);
    writeStamp(stamp, value);
  }
  return outDir;
}
