/**
 * What documents and comments refer to is there: links between pages, headings that they name,
 * files of the project, sections of docs/protocol.md; and docs/decisions.md lists its pages.
 */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const FOLDERS = [".github", "docs", "firmware", "host", "hw", "test"];

function walk(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? walk(path) : [path];
  });
}
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");
const inRoot = readdirSync(ROOT, { withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map(({ name }) => name);
const files = [...inRoot, ...FOLDERS.flatMap(walk)].filter((path) =>
  /\.(md|[mc]?[jt]s)$/.test(path),
);
const pages = files.filter((path) => path.endsWith(".md"));
/** This file is full of the patterns that it looks for. */
const texts = files.filter((path) => path !== join("test", "docs", "links.test.ts"));

/** A page's anchors, as GitHub makes them of its headings. */
function anchors(page: string): Set<string> {
  const headings = read(page).matchAll(/^#+ (.*)$/gm);
  const slug = (heading: string) =>
    heading
      .trim()
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-");
  return new Set([...headings].map(([, heading = ""]) => slug(heading)));
}

/** `found` complains; the number of things that were looked at. */
function each(
  paths: readonly string[],
  pattern: RegExp,
  fault: (path: string, match: RegExpMatchArray) => string | undefined,
): { count: number; faults: string[] } {
  const faults: string[] = [];
  let count = 0;
  for (const path of paths)
    for (const match of read(path).matchAll(pattern)) {
      count++;
      const why = fault(path, match);
      if (why) faults.push(`${path}: ${match[0]}: ${why}`);
    }
  return { count, faults };
}
function holds({ count, faults }: { count: number; faults: string[] }, least: number): void {
  assert.ok(count >= least, `only ${count} were found: the pattern is wrong`);
  assert.deepEqual(faults, []);
}

/** Why a link from a page leads nowhere. */
function broken(page: string, target: string): string | undefined {
  const [file = "", anchor] = target.split("#");
  const to = file === "" ? page : normalize(join(dirname(page), file));
  if (!existsSync(join(ROOT, to))) return "there is no such file";
  if (anchor !== undefined && !anchors(to).has(anchor)) return "there is no such heading";
  return undefined;
}

describe("documents and comments", () => {
  it("link to pages and headings that are there", () => {
    const link = /\[[^\]]*\]\(([^)\s]+)\)/g;
    holds(
      each(pages, link, (page, [, target = ""]) =>
        /^https?:/.test(target) ? undefined : broken(page, target),
      ),
      40,
    );
  });
  it("would be caught when they do not", () => {
    assert.equal(broken("README.md", "docs/design.md#budgets"), undefined);
    assert.equal(broken("README.md", "docs/desing.md"), "there is no such file");
    assert.equal(broken("README.md", "docs/design.md#budget"), "there is no such heading");
    assert.equal(broken("docs/decisions/card.md", "../design.md#the-vault"), undefined);
  });

  it("name pages of docs/ that are there", () => {
    holds(
      each(texts, /\bdocs\/[\w/-]+\.md\b/g, (_, [page]) =>
        existsSync(join(ROOT, page)) ? undefined : "there is no such page",
      ),
      60,
    );
  });
  it("name headings and entries of those pages that are there", () => {
    const quoted = /\b(docs\/[\w/-]+\.md),(?: section)?(?:\n \*)? "([^"\n]+)"/g;
    holds(
      each(texts, quoted, (_, [, page = "", title = ""]) =>
        new RegExp(`^(#+ .*|- \\*\\*)${title.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}`, "m").test(
          read(page),
        )
          ? undefined
          : "there is no such heading or entry",
      ),
      4,
    );
  });
  it("name sections of docs/protocol.md that are there", () => {
    const sections = new Set(
      [...read("docs/protocol.md").matchAll(/^#+ (\d+(?:\.\d+)?)\.? /gm)].map(([, n]) => n),
    );
    holds(
      each(texts, /docs\/protocol\.md,?(?: section)? (\d+(?:\.\d+)?)\b/g, (_, [, section]) =>
        sections.has(section) ? undefined : "there is no such section",
      ),
      30,
    );
  });

  it("name files and folders of the project that are there", () => {
    const path = /`((?:firmware|host|hw|test)\/[\w./-]+)`/g;
    holds(
      each(pages, path, (_, [, name = ""]) =>
        name.startsWith("test/web/shots") || // made by the tests
        [name, `${name}.ts`].some((file) => existsSync(join(ROOT, file)))
          ? undefined
          : "there is no such file",
      ),
      45,
    );
  });

  it("name source files that are there, in comments too", () => {
    // Imports and what tests pass to programs are checked by whoever runs them; examples are x.ts
    // and x.test.ts.
    const path = /(?<![\w./-])((?:firmware|host|hw|test)\/[\w./-]+\.(?:ts|mjs))\b/g;
    holds(
      each(texts, path, (_, [name]) =>
        existsSync(join(ROOT, name)) || /\bx(\.test)?\.ts$/.test(name)
          ? undefined
          : "there is no such file",
      ),
      60,
    );
  });

  it("send nobody to a design that can't be opened", () => {
    const own = texts.filter((path) => !path.startsWith("firmware"));
    const mention = /(?<!\[)\bthe design(?:'s)?\b(?! ?\()|\bas designed\b|\bdesign: |\(design,/gi;
    assert.deepEqual(each(own, mention, () => "which? docs/design.md is the page").faults, []);
  });

  it("docs/decisions.md lists every page of docs/decisions", () => {
    const index = read("docs/decisions.md");
    const topics = walk(join("docs", "decisions"));
    assert.ok(topics.length > 5);
    for (const page of topics) {
      assert.ok(index.includes(`](${page.slice("docs/".length)})`), `${page} is not listed`);
    }
  });
});
