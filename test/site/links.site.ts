/** The site of `npm run docs`: every link in it leads somewhere, from a disk as from a server. */

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { ROOT } from "../../firmware/build/paths.js";
import { DEMO_PAGE, freshSite, VIEWER_PAGE } from "../../host/tools/site/site.js";

describe("the documents' site", function () {
  this.timeout(300_000);
  let site: string;
  let pages: string[];
  before(async () => {
    site = await freshSite();
    pages = readdirSync(site, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".html"))
      .map((name) => join(site, name));
  });

  const texts = new Map<string, string>();
  function read(path: string): string {
    const text = texts.get(path) ?? readFileSync(path, "utf8");
    texts.set(path, text);
    return text;
  }
  /** What the address after # may name. */
  const ids = (path: string) =>
    new Set([...read(path).matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id));

  /** Why a link of a page leads nowhere. */
  function broken(page: string, link: string): string | undefined {
    const [place = "", anchor = ""] = link.replaceAll("&amp;", "&").split("#");
    const path = place === "" ? page : join(dirname(page), decodeURIComponent(place));
    if (place.startsWith("/")) return "it needs a server's root";
    if (!existsSync(path) || !statSync(path).isFile()) return "there is no such file";
    // The demo's own routes.
    if (anchor === "" || anchor.startsWith("/")) return undefined;
    return ids(path).has(decodeURIComponent(anchor)) ? undefined : "there is no such heading";
  }

  it("has no dead link", () => {
    const faults: string[] = [];
    let count = 0;
    for (const page of pages)
      for (const [, link = ""] of read(page).matchAll(/\s(?:href|src)="([^"]*)"/g)) {
        if (/^(https?|data|mailto):/.test(link)) continue;
        count++;
        const why = broken(page, link);
        if (why) faults.push(`${relative(site, page)}: ${link}: ${why}`);
      }
    assert.ok(pages.length > 200 && count > 5000, `${pages.length} pages, ${count} links`);
    assert.deepEqual([...new Set(faults)], []);
  });
  it("would notice one", () => {
    const page = join(site, "index.html");
    assert.equal(broken(page, DEMO_PAGE), undefined);
    assert.equal(broken(page, "demo/idex.html"), "there is no such file");
    assert.equal(broken(page, "#no-such-heading"), "there is no such heading");
    assert.equal(broken(page, "/index.html"), "it needs a server's root");
  });

  it("holds every written page, the package's every entry, the demo and the viewer", () => {
    const names = pages.map((page) => relative(site, page));
    for (const place of [DEMO_PAGE, VIEWER_PAGE, "modules.html"])
      assert.ok(names.includes(place), place);
    const written = ["docs", "docs/decisions"].flatMap((folder) =>
      readdirSync(join(ROOT, folder)).filter((name) => name.endsWith(".md")),
    );
    const documents = names.filter((name) => name.startsWith("documents"));
    assert.ok(documents.length >= written.length, `${documents.length} of ${written.length}`);
    const { exports } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
      exports: object;
    };
    const modules = names.filter((name) => /^modules[\\/]/.test(name));
    assert.ok(modules.length >= Object.keys(exports).length - 1, modules.join(" "));
  });

  it("names nothing of the machine that it was built on", () => {
    for (const page of pages) assert.ok(!read(page).includes(ROOT), relative(site, page));
  });
});
