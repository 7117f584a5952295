/**
 * `npm run bench`: kernel, sizes, air, taps, boards, interpreter, NFC, chip and command line in one table, beside
 * what is checked in and what must not be passed.
 *
 *   npm run bench                         what can be measured here
 *   npm run bench -- --only kernel        one section; repeat it for more
 *   npm run bench -- --json               all figures, as one line
 *   npm run bench -- --check              exit 1, a sentence a figure, when one is not as checked in
 *   npm run bench -- --write              check them in: figures.json, docs/performance.md
 *
 * ESPRUINO_BIN and KINCARD_FIRMWARE bring the interpreter and the emulated chip in. A section that
 * can't be measured is named, and what is checked in of it stays.
 */

import { parseArgs } from "node:util";
import { fillTables } from "../../../firmware/wire/docs.js";
import { checkedIn, faults, keep, MOST, sectionOf, WANTED, type Figures } from "./figures.js";
import { figuresOf, SECTIONS } from "./sections.js";
import { PERFORMANCE } from "./tables.js";

const { values } = parseArgs({
  options: {
    json: { type: "boolean" },
    check: { type: "boolean" },
    write: { type: "boolean" },
    only: { type: "string", multiple: true },
  },
});

/** What the table leaves to --json: entries and commands one by one. */
const DETAIL =
  /\..+\.(instructions|stack|times|words|erases|flashMs|pages|exchanges)$|^espruino\.\w+\.|^board\.[A-Z_]+\./;

function print(title: string, figures: Figures, known: Figures): void {
  console.log(`\n${title}`);
  const cell = (value: number | undefined) =>
    (value?.toLocaleString("en", { maximumFractionDigits: 3 }) ?? "-").padStart(14);
  for (const [name, value] of Object.entries(figures)) {
    if (DETAIL.test(name)) continue;
    const over = MOST[name] !== undefined && value > MOST[name] ? "  over" : "";
    console.log(
      `  ${name.padEnd(34)}${cell(value)}${cell(known[name])}${cell(MOST[name])}${cell(WANTED[name])}${over}`,
    );
  }
}

function main(): number {
  const unknown = values.only?.find((name) => !SECTIONS.some((section) => section.name === name));
  if (unknown !== undefined) {
    const names = SECTIONS.map(({ name }) => name).join(", ");
    console.error(`there is no section ${unknown}: ${names}`);
    return 2;
  }
  const known = checkedIn();
  const measured: Record<string, number> = {};
  const left: Record<string, string> = {};
  if (!values.json)
    console.log(`${"".padEnd(36)}           now    checked in       at most        wanted`);
  for (const section of SECTIONS) {
    const { name, about, lacks } = section;
    if (values.only && !values.only.includes(name)) continue;
    const why = lacks?.();
    if (why !== undefined) left[name] = why;
    else {
      const figures = figuresOf(section);
      Object.assign(measured, figures);
      if (!values.json) print(`${name}: ${about}`, figures, known);
    }
  }
  if (values.json) console.log(JSON.stringify({ figures: measured, notMeasured: left }));
  else
    for (const [name, why] of Object.entries(left)) console.log(`\n${name}: not measured: ${why}`);
  if (values.write) {
    const { ...lasting } = measured;
    for (const name of Object.keys(lasting)) if (name.startsWith("cli.")) delete lasting[name];
    keep(lasting);
    const sections = new Set(Object.keys(lasting).map(sectionOf));
    for (const section of SECTIONS)
      if (section.from && sections.has(section.from)) keep(figuresOf(section));
    fillTables([PERFORMANCE], false);
  }
  if (!values.check) return 0;
  const wrong = faults(measured, values.write ? checkedIn() : known);
  for (const fault of wrong) console.error(fault);
  if (wrong.length) console.error("If that is meant: npm run bench -- --write");
  return wrong.length ? 1 : 0;
}
process.exitCode = main();
