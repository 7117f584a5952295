/**
 * docs/architecture.md against the tree: every room is named, and the layers are the lint rule's.
 */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { LAYERS } from "../../host/tools/lint/layers.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const text = readFileSync(join(ROOT, "docs", "architecture.md"), "utf8");

const foldersIn = (folder: string) =>
  readdirSync(join(ROOT, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `${folder}/${name}`);
/** What the rows of a section's table begin with: names in backticks. */
function rows(section: string): string[][] {
  const part = text.split(/^## /m).find((start) => start.startsWith(section));
  assert.ok(part, `no section "${section}"`);
  return part
    .split("\n")
    .filter((line) => line.startsWith("|") && line.includes("`"))
    .map((line) => line.split("|").slice(1, -1));
}
const quoted = (cell = "") => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name);

describe("docs/architecture.md", () => {
  it("names every room of the firmware, the boards and the host, and no other", () => {
    const rooms = ["firmware", "hw", "host", ...foldersIn("host")].flatMap(foldersIn);
    const named = rows("Where things are").flatMap(([cell]) => quoted(cell));
    // Layers of the host are rows of their own, and so are the tests as a whole.
    assert.deepEqual(named.sort(), [...rooms, "test"].sort());
    assert.ok(rooms.length > 25 && existsSync(join(ROOT, "test")));
  });
  it("says of each layer what the lint rule lets it import", () => {
    const said = rows("Layers").map(([layer, may]) => [quoted(layer)[0], quoted(may)]);
    assert.deepEqual(Object.fromEntries(said), LAYERS);
  });
});
