/**
 * The viewer of recordings as one file, viewer.html: script and style are in it, and its policy
 * (CSP 3, 2.3.1: hashes) lets those two run and nothing be fetched, so that it opens from a disk
 * without a network. Node only.
 */

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fromRoot } from "../../../../firmware/build/paths.js";
import { bundleForPage } from "./bundles.js";
import { viewerStyle } from "./style.js";

const FOLDER = "host/apps/viewer/page";
const digest = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

export async function viewerFile(): Promise<string> {
  const script = (await bundleForPage(`${FOLDER}/main.ts`)).replaceAll("</script", "<\\/script");
  const style = viewerStyle();
  const policy = `default-src 'none'; script-src ${digest(script)}; style-src ${digest(style)}; base-uri 'none'; form-action 'none'`;
  const parts: Readonly<Record<string, string>> = {
    policy: `<meta http-equiv="Content-Security-Policy" content="${policy}" />`,
    style: `<style>${style}</style>`,
    script: `<script>${script}</script>`,
  };
  return readFileSync(fromRoot(`${FOLDER}/index.html`), "utf8").replace(
    /<!-- (policy|style|script) -->/g,
    (_, name: string) => parts[name] as string,
  );
}
