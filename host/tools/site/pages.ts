/**
 * The written pages and the reference of the package's exports, as HTML, by TypeDoc. A page's name
 * is its first heading, its group the table's below; links between pages are TypeDoc's to keep.
 *
 * Source: typedoc.org (projectDocuments, Converter and Renderer events). Node only.
 */

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { Application, Converter, PageEvent } from "typedoc";
import type { CommentDisplayPart, DocumentReflection } from "typedoc";
import { fromRoot } from "../../../firmware/build/paths.js";
import { packageEntries, packageExports } from "../build/package.js";

const ELSEWHERE = ["test/vectors/README.md"];
/** Pages of docs/ by what they are for; what no row names is about how it works. */
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  Guides: ["first-backup", "puckjs", "hil", "library", "conformance"],
  "In use": ["cli", "web", "boards", "pcsc", "recordings"],
  Security: ["security", "attacks", "proofs", "randomness", "SECURITY"],
  Project: ["CONTRIBUTING", "CHANGELOG", "decisions"],
};
export const OTHER_GROUP = "How it works";
const DECISIONS = "Decisions";

/**
 * What TypeDoc's pages lack for those who don't see them: parts with names, tables that scroll by
 * the keyboard, no headings of columns without a word (axe-core's rules landmark-one-main, region,
 * landmark-unique, scrollable-region-focusable, empty-table-header, heading-order).
 */
const LANDMARKS: readonly (readonly [from: string, to: string])[] = [
  ['<div class="col-content">', '<div class="col-content" role="main">'],
  [
    '<div class="col-sidebar">',
    '<div class="col-sidebar" role="complementary" aria-label="Contents">',
  ],
  ['<nav id="tsd-sidebar-links"', '<nav id="tsd-sidebar-links" aria-label="Beside the pages"'],
  ['<nav class="tsd-navigation">', '<nav class="tsd-navigation" aria-label="All pages">'],
  ["<h3>Settings</h3>", "<b>Settings</b>"],
  ["<h3>On This Page</h3>", "<b>On This Page</b>"],
  [
    '<h5 class="tsd-index-heading uppercase">Index</h5>',
    '<h2 class="tsd-index-heading uppercase">Index</h2>',
  ],
  ["<table>", '<table tabindex="0">'],
  ["<pre>", '<pre tabindex="0">'],
  ["<th></th>", "<td></td>"],
  // the README has a title of its own
  ['<div class="tsd-page-title">\n<h1>Kincard</h1></div>', ""],
];

/** Stands in links for the site's first folder, however deep the page is that has them. */
const SITE = "kincard-site:";

function written(): string[] {
  const inFolder = (folder: string) =>
    readdirSync(fromRoot(folder))
      .filter((name) => name.endsWith(".md"))
      .map((name) => join(folder, name));
  return [...["docs", "docs/decisions", ".github"].flatMap(inFolder), ...ELSEWHERE].map((path) =>
    fromRoot(path),
  );
}

function groupOf(path: string): string {
  if (path.includes("docs/decisions/")) return DECISIONS;
  const name = /([\w-]+)\.md$/.exec(path)?.[1] ?? "";
  const [group] = Object.entries(GROUPS).find(([, names]) => names.includes(name)) ?? [];
  return group ?? OTHER_GROUP;
}

/** The first heading, without the marks in it. */
function title({ content, name }: DocumentReflection): string {
  const text = content.map((part) => part.text).join("");
  return (/^# (.+)$/m.exec(text)?.[1] ?? name).replace(/[`*]/g, "").trim();
}

/** Blocks that name no language are text here, where TypeDoc takes them for TypeScript. */
function plain(parts: CommentDisplayPart[]): void {
  for (const part of parts)
    if (part.kind === "code") part.text = part.text.replace(/^```\n/, "```text\n");
}

/** What TypeDoc calls the package's entries, and how they are imported. */
const MODULES: ReadonlyMap<string, string> = new Map(
  Object.entries(packageExports()).map(([subpath, source]) => [
    source.replace(/^host\//, "").replace(/(\/index)?\.ts$/, ""),
    `kincard${subpath.slice(1)}`,
  ]),
);

export interface SiteLinks {
  /** What the bar at the top shows: text, and a place in the site. */
  readonly [text: string]: string;
}

/** Writes them into `outDir`, which is emptied. Throws for every warning of TypeDoc's. */
export async function writePages(outDir: string, links: SiteLinks): Promise<void> {
  const said: string[] = [];
  const app = await Application.bootstrap({
    name: "Kincard",
    readme: fromRoot("README.md"),
    entryPoints: packageEntries().map((path) => fromRoot(path)),
    tsconfig: fromRoot("tsconfig.json"),
    // `npm test` has the types checked
    skipErrorChecking: true,
    projectDocuments: written(),
    customCss: fromRoot("host/tools/site/site.css"),
    favicon: fromRoot("host/apps/page/static/icon.svg"),
    navigationLinks: Object.fromEntries(
      Object.entries(links).map(([text, place]) => [text, SITE + place]),
    ),
    highlightLanguages: ["bash", "diff", "javascript", "json", "typescript"],
    ignoredHighlightLanguages: ["text"],
    navigation: { includeGroups: true },
    groupOrder: [...Object.keys(GROUPS), OTHER_GROUP, "Modules", "*", DECISIONS],
    sort: ["alphabetical"],
    disableSources: true,
    disableGit: true,
    hideGenerator: true,
    validation: { notExported: false, invalidLink: true, invalidPath: true, notDocumented: false },
  });
  app.converter.on(Converter.EVENT_CREATE_DOCUMENT, (_, page: DocumentReflection) => {
    const path = page.project.files.getReflectionPath(page) ?? page.name;
    page.frontmatter["group"] = groupOf(path.replaceAll("\\", "/"));
    page.name = title(page);
    plain(page.content);
  });
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    plain(project.readme ?? []);
    for (const child of project.children ?? []) child.name = MODULES.get(child.name) ?? child.name;
  });
  app.renderer.on(PageEvent.END, (page: PageEvent) => {
    const up = "../".repeat(page.url.split("/").length - 1);
    page.contents = LANDMARKS.reduce(
      (html, [from, to]) => html.replaceAll(from, to),
      (page.contents ?? "")
        .replaceAll(SITE, up)
        // what folds a section can't hold a link besides (axe-core: nested-interactive)
        .replace(
          /<a [^>]*class="tsd-anchor-icon"[^>]*>(?:(?!<\/a>).)*<\/a>(<\/h\d><\/summary>)/gs,
          "$1",
        )
        // a folder is no page on a disk
        .replace(/href="((?:\.\.\/)+)(#[^"]*)?"/g, 'href="$1index.html$2"'),
    );
  });
  const log = app.logger.log.bind(app.logger);
  app.logger.log = (message, level) => {
    if (level > 1) said.push(message);
    log(message, level);
  };
  const project = await app.convert();
  if (project) await app.generateDocs(project, outDir);
  if (!project || app.logger.hasErrors() || app.logger.hasWarnings())
    throw new Error(["the site's pages:", ...said].join("\n"));
}
