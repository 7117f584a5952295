/**
 * Figures that later runs are compared with: names and numbers, which of them may differ by how
 * much, and which must not be passed. The checked-in ones are figures.json; docs/performance.md is
 * made from them.
 */

import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** By names like "kernel.sign.cycles": the section comes first. */
export type Figures = Readonly<Record<string, number>>;

const FILE = fileURLToPath(new URL("figures.json", import.meta.url));

export const checkedIn = (): Figures => JSON.parse(readFileSync(FILE, "utf8")) as Figures;

/** Sections that were measured take the places of theirs; others stay as they are. */
export function keep(measured: Figures): void {
  const sections = new Set(Object.keys(measured).map(sectionOf));
  const others = Object.entries(checkedIn()).filter(([name]) => !sections.has(sectionOf(name)));
  const all = [...others, ...Object.entries(measured)].sort(([a], [b]) => (a < b ? -1 : 1));
  writeFileSync(FILE, JSON.stringify(Object.fromEntries(all), null, 2) + "\n");
}

export const sectionOf = (name: string): string => name.slice(0, name.indexOf("."));

/**
 * How far a figure may be from the checked-in one, as a part of it: the first that fits. What is
 * executed by a model of ours is the same each time; what counts an interpreter's instructions sees
 * its timers and its memory too, and what talks to it waits a little more or less.
 */
const MARGINS: readonly (readonly [RegExp, number])[] = [
  [/^host\./, 0.1],
  [/^(espruino|bluetooth)\./, 0.05],
  [/^nfc\./, 0.05],
  [/^chip\..*\.(erases|words|times)$/, 0],
  [/^chip\./, 0.03],
];
export const marginOf = (name: string): number =>
  MARGINS.find(([pattern]) => pattern.test(name))?.[1] ?? 0;

/**
 * What a figure must not be above: what was asked for, where that is reached; else a little more
 * than today's. 64,000 cycles are a millisecond.
 */
export const MOST: Figures = {
  "kernel.pubkey.cycles": 320_000,
  "kernel.sign.cycles": 460_800,
  "kernel.verify.cycles": 576_000,
  "kernel.ecdh.cycles": 537_600,
  "kernel.seal.cycles": 19_200,
  "kernel.size": 13_000,
  "kernel.stack": 2_000,
  "kernel.traces": 1,
  "kernel.addressTraces": 1,
  // the stock builds have 40,960
  "card.storage": 39_400,
  "card.nesting": 6,
  "air.20.seconds": 10,
  "air.50.seconds": 4,
  "board.whole.ms": 2000,
  // what was 77.5 million had the stand-in in it
  "bluetooth.source.whole": 40e6,
  "bluetooth.source.own": 32.5e6,
  "bluetooth.destination.whole": 24.5e6,
  "taps.fast-read.seconds": 10.2,
  "taps.raw.seconds": 6,
  "taps.read-write.seconds": 11.3,
  "espruino.boot": 8e6,
  "espruino.source": 24.5e6,
  "espruino.destination": 14.8e6,
  "chip.boot.ms": 300,
};

/** What was asked for, where the mark is not that yet: docs/decisions/budgets.md has the reasons. */
export const WANTED: Figures = {
  "card.storage": 38_000,
  "espruino.source": 15e6,
  "espruino.destination": 10e6,
  "taps.read-write.seconds": 10,
};

const number = (value: number) =>
  value.toLocaleString("en", { maximumFractionDigits: Math.abs(value) < 100 ? 3 : 0 });

/** Why a figure can't stand, a sentence each. `known`: the checked-in ones. */
export function faults(measured: Figures, known: Figures): string[] {
  const found: string[] = [];
  for (const [name, value] of Object.entries(measured)) {
    const most = MOST[name];
    if (most !== undefined && value > most)
      found.push(`${name} is ${number(value)}: ${number(most)} is the most`);
    // seconds of this machine are nobody else's
    if (name.startsWith("cli.")) continue;
    const before = known[name];
    const margin = marginOf(name);
    if (before === undefined) found.push(`${name} is ${number(value)}, and not checked in`);
    else if (Math.abs(value - before) > margin * Math.abs(before)) {
      const part = before === 0 ? "" : `, ${number(Math.abs(100 * (value / before - 1)))} %`;
      const way = value > before ? "more" : "less";
      const by = `${number(Math.abs(value - before))} ${way}${part}`;
      const allowed = margin ? `; ${100 * margin} % may differ` : "";
      found.push(`${name} is ${number(value)}, and ${number(before)} checked in (${by}${allowed})`);
    }
  }
  const sections = new Set(Object.keys(measured).map(sectionOf));
  for (const name of Object.keys(known))
    if (sections.has(sectionOf(name)) && !(name in measured))
      found.push(`${name} is checked in, and no longer measured`);
  return found;
}
