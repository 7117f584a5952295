/**
 * `npm run attack`: the hostile relay. Every bit of every field; every order of moves to a depth;
 * random runs; and the planted bugs that it must find a use for. docs/attacks.md and section 15 of
 * docs/protocol.md have the tables.
 *
 *   npm run attack -- --json        ends with one line of JSON in place of the counts
 *   npm run attack -- --seed 7      (default: another each time; always printed)
 *   npm run attack -- --seconds 30  for the search and for the random runs, each
 *   npm run attack -- --docs        writes the tables of the documents, and does nothing else
 */
import { parseArgs } from "node:util";
import { deadline, now } from "../../host/sdk/links/clock.js";
import { summary } from "../../host/apps/terminal/counts.js";
import { withBug } from "../mutants/plant.js";
import { SEED } from "../support/seed.js";
import { write } from "./docs.js";
import { askAll, type Cell } from "./fields.js";
import { hunt, PLANTED } from "./planted.js";
import { search, tryRandomly, type Found } from "./search.js";
import { startNames, STARTS } from "./starts.js";
import { World } from "./world.js";

const { values } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    docs: { type: "boolean", default: false },
    seed: { type: "string", default: String(SEED) },
    seconds: { type: "string", default: "20" },
  },
});
const DEPTH = 8;
const RUN = { runs: 1_000_000, length: 60 };

let passed = 0;
const failures: string[] = [];
function report(name: string, holds: boolean, text: string): void {
  if (holds) passed++;
  else failures.push(`${name}: ${text}`);
  if (!values.json || !holds) console.log(`${holds ? "ok    " : "FAILED"} ${name}: ${text}`);
}
const told = (found: Found | undefined) =>
  found ? `${found.rule}: ${found.moves.join(", ")}` : "no rule broken";

/** What all bits say must be what the first and the last one say, which the table shows. */
async function fields(seed: string) {
  const few = await askAll(false, seed);
  let sent = 0;
  let odd = 0;
  const same = (a: Cell, b: Cell) => a.words.join() === b.words.join();
  await askAll(true, seed, (cell) => {
    const shown = few.find(
      (one) => one.target === cell.target && one.field === cell.field && one.column === cell.column,
    )!;
    sent += cell.sent;
    if (same(cell, shown)) return;
    odd++;
    report("fields", false, `${cell.target} ${cell.field}, ${cell.column}: ${cell.words.join()}`);
  });
  const taken = few.filter(({ words }) => words.includes("OK")).length;
  report("fields", taken === 0, `${sent} spoilt messages, none taken`);
  return { cells: few.length, sent, odd, taken };
}

function searched(seed: string, milliseconds: number) {
  return startNames.map((name) => {
    const w = new World(`${seed} ${name}`);
    STARTS[name](w);
    const over = deadline(milliseconds / startNames.length);
    const result = search(w, DEPTH, over);
    const { states, moves, depth, found } = result;
    report(
      `from ${name}`,
      !found,
      `${moves} moves, ${states} states, depth ${depth}; ${told(found)}`,
    );
    return { start: name, ...result };
  });
}

function random(seed: number, milliseconds: number) {
  return startNames.map((name, index) => {
    const w = new World(`${seed} random ${name}`);
    STARTS[name](w);
    const share = milliseconds / startNames.length;
    const result = tryRandomly(w, seed + index, { ...RUN, milliseconds: share });
    report(`at random from ${name}`, !result.found, `${result.moves} moves; ${told(result.found)}`);
    return { start: name, ...result };
  });
}

async function planted(seed: number) {
  const missed: string[] = [];
  for (const one of PLANTED) {
    const { bug } = one.mutant;
    const found = await withBug(one.mutant, (bundle) => hunt(one, seed, bundle));
    if (!found) missed.push(bug);
    report(`planted: ${bug}`, found !== undefined, found ? told(found) : "not found");
  }
  return { caught: PLANTED.length - missed.length, of: PLANTED.length, missed };
}

async function main(): Promise<void> {
  if (values.docs) return write();
  const start = now();
  const seed = Number(values.seed);
  const milliseconds = 1000 * Number(values.seconds);
  if (!Number.isSafeInteger(seed) || !(milliseconds > 0)) throw new Error("no such seed or time");
  console.log(`seed: ${seed}`);
  const result = {
    seed,
    fields: await fields(String(seed)),
    search: searched(String(seed), milliseconds),
    random: random(seed, milliseconds),
    planted: await planted(seed),
  };
  const { caught, of } = result.planted;
  const violations = failures.length - (of - caught);
  const seconds = Math.round((now() - start) / 1000);
  if (values.json)
    console.log(
      JSON.stringify({ ...result, violations, plantedCaught: `${caught}/${of}`, seconds }),
    );
  else console.log(summary({ passed, failed: failures.length, skipped: 0 }));
  process.exitCode = failures.length ? 1 : 0;
}
await main();
