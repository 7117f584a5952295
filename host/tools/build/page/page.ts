/**
 * The phone page as static files: its modules, the style, the viewer of recordings, the service
 * worker, and what lies in static/. Node only; `npm run build` calls it and leaves dist/web, which
 * any static host can serve as it is.
 *
 * The service worker is told every file and one digest over them all, so that a new build replaces
 * an old one as a whole.
 */

import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fromRoot } from "../../../../firmware/build/paths.js";
import { CONFIG_FILE, IMAGES_FILE, VIEWER_FILE } from "../../../apps/page/config.js";
import { bundleForPage, pageModules } from "./bundles.js";
import { pageStyle } from "./style.js";
import { viewerFile } from "./viewer.js";

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isFile() ? [entry.name] : [],
  );

/** Builds the page into `outDir`, out of its own scripts or these: names and their text. */
export async function buildPage(
  outDir: string,
  scripts?: ReadonlyMap<string, string>,
): Promise<void> {
  mkdirSync(outDir, { recursive: true });
  // Parts of an earlier build; the images are not this build's.
  for (const name of filesIn(outDir)) if (name !== IMAGES_FILE) rmSync(join(outDir, name));
  cpSync(fromRoot("host/apps/page/static"), outDir, { recursive: true });
  for (const [name, code] of scripts ?? (await pageModules()))
    writeFileSync(join(outDir, name), code);
  writeFileSync(join(outDir, "style.css"), pageStyle());
  writeFileSync(join(outDir, VIEWER_FILE), await viewerFile());
  // What changes without a new build is not part of one.
  const apart = [CONFIG_FILE, IMAGES_FILE, "sw.js"];
  const names = filesIn(outDir).filter((name) => !apart.includes(name));
  const all = createHash("sha256");
  for (const name of names.sort()) all.update(name).update(readFileSync(join(outDir, name)));
  const told = { version: all.digest("hex").slice(0, 16), files: names };
  const worker = await bundleForPage("host/apps/page/worker/sw.ts");
  writeFileSync(join(outDir, "sw.js"), `const BUILD=${JSON.stringify(told)};\n${worker}`);
}
