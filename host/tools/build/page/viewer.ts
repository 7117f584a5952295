/**
 * The viewer of recordings as one file, dist/viewer.html: script and style are in it, and its policy
 * (CSP 3, 2.3.1: hashes) lets those two run and nothing be fetched, so that it opens from a disk
 * without a network. Node only.
 */

import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fromRoot } from "../../../../firmware/build/paths.js";
import { bundleForPage } from "./page.js";

const FOLDER = "host/apps/viewer/page";
const digest = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

export async function buildViewer(outDir: string): Promise<void> {
  const text = (name: string) => readFileSync(fromRoot(`${FOLDER}/${name}`), "utf8");
  const script = (await bundleForPage(`${FOLDER}/main.ts`)).replaceAll("</script", "<\\/script");
  const style = text("style.css");
  const policy = `default-src 'none'; script-src ${digest(script)}; style-src ${digest(style)}; base-uri 'none'; form-action 'none'`;
  const parts: Readonly<Record<string, string>> = {
    policy: `<meta http-equiv="Content-Security-Policy" content="${policy}" />`,
    style: `<style>${style}</style>`,
    script: `<script>${script}</script>`,
  };
  const page = text("index.html").replace(
    /<!-- (policy|style|script) -->/g,
    (_, name: string) => parts[name] as string,
  );
  writeFileSync(join(outDir, "viewer.html"), page);
}
