/** Every picture that the suite took, side by side, for a person's eye: shots/index.html. */

import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const NAME = /^(.+)-(360|1280)-(light|dark)\.png$/;
const STYLE = `
  body { margin: 1rem; background: #888; font: 14px system-ui, sans-serif }
  section { display: flex; gap: 1rem; align-items: flex-start; margin-bottom: 2rem }
  h2 { flex: none; width: 8rem; margin: 0; font-size: 14px; overflow-wrap: anywhere }
  figure { margin: 0; position: relative }
  .phone { width: 240px } .desk { width: 560px } img { width: 100%; display: block }
  .phone::after { content: ""; position: absolute; top: 493px; left: 0; right: 0; border-top: 1px dashed red }
`;

/** The dashed line is where a phone's first screenful (360 x 740) ends. */
export function writeGallery(folder: string): void {
  const states = new Map<string, string[]>();
  for (const file of readdirSync(folder).sort()) {
    const [, state = "", width, scheme] = NAME.exec(file) ?? [];
    if (!width || !scheme) continue;
    const kind = width === "360" ? "phone" : "desk";
    const figure = `<figure class="${kind}"><img src="${file}" alt="${file}"></figure>`;
    states.set(state, [...(states.get(state) ?? []), figure]);
  }
  const number = (state: string) => Number.parseInt(state, 10) || 0;
  const sections = [...states]
    .sort(([a], [b]) => number(a) - number(b))
    .map(([state, figures]) => `<section><h2>${state}</h2>${figures.reverse().join("")}</section>`);
  const head = `<!doctype html><meta charset="utf-8"><title>Screens</title><style>${STYLE}</style>`;
  writeFileSync(join(folder, "index.html"), `${head}${sections.join("\n")}\n`);
}
