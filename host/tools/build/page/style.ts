/** The style sheets: the page's in their order, and the colours, which the viewer shares. Node only. */

import { readFileSync } from "node:fs";
import { fromRoot } from "../../../../firmware/build/paths.js";

const PAGE = "host/apps/page/style";
const COLOURS = `${PAGE}/colours.css`;
/** A later one has the last word. */
const SHEETS = ["base", "controls", "boxes", "tasks", "pictures", "widths"];

const joined = (paths: readonly string[]): string =>
  paths.map((path) => readFileSync(fromRoot(path), "utf8")).join("\n");

export const pageStyle = (): string =>
  joined([COLOURS, ...SHEETS.map((name) => `${PAGE}/${name}.css`)]);
export const viewerStyle = (): string => joined([COLOURS, "host/apps/viewer/page/style.css"]);
