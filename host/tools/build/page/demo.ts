/**
 * The phone page with virtual cards inside it, as static files that need no server of ours and open
 * from a disk too: the page's own sources, but for where cards and settings come from
 * (host/apps/page/demo). Node only.
 *
 * Its policy allows what virtual cards need ('unsafe-eval'), which is why it is another page.
 */

import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fromRoot } from "../../../../firmware/build/paths.js";
import { CONFIG_FILE } from "../../../apps/page/config.js";
import { boardParts } from "../browser.js";
import { together } from "../parts.js";
import { bundleForPage } from "./bundles.js";
import { buildPage } from "./page.js";

const PAGE = "host/apps/page";
const INSTEAD = [
  ["ui/kept/settings.ts", "demo/settings.ts"],
  ["ui/links/web-socket.ts", "demo/web-socket.ts"],
] as const;

const BANNER =
  "Demo cards, inside this page: they protect nothing. " +
  '<button id="again" type="button">Start over</button>';

function replaced(text: string, from: RegExp, to: string): string {
  if (!from.test(text)) throw new Error(`the demo: ${PAGE}/static/index.html has no ${from}`);
  return text.replace(from, to);
}

/** Builds it into `outDir`, with the firmware that lies in `dist`. */
export async function buildDemo(outDir: string, dist: string): Promise<void> {
  const instead = new Map(
    INSTEAD.map(([ours, theirs]) => [fromRoot(PAGE, ours), fromRoot(PAGE, theirs)]),
  );
  // A file that moved would leave the page's own in its place.
  for (const path of instead.keys()) if (!existsSync(path)) throw new Error(`no ${path}`);
  const parts = together(boardParts(dist), { instead, made: {} });
  // One plain script: browsers load no modules from a disk.
  const script = await bundleForPage(`${PAGE}/ui/main.ts`, parts);
  await buildPage(outDir, new Map([["page.js", script]]));
  rmSync(join(outDir, CONFIG_FILE));
  const file = join(outDir, "index.html");
  let html = readFileSync(file, "utf8");
  html = replaced(html, /script-src 'self';/, "script-src 'self' 'unsafe-eval';");
  html = replaced(html, /<script type="module" /, "<script defer ");
  html = replaced(html, /Demo cards: they protect nothing\./, BANNER);
  writeFileSync(file, html);
}
