/**
 * `npm run explore`: the whole state space of a card, every action in every state, each commit cut;
 * then planted bugs that it must see.
 *
 *   --json       ends with one line: {"states","records","looked","transitions","cuts","faults",...}
 *   --consent    a card with on-card consent, its runs explored
 *   --workers N  processes that share the states (default 2)
 *   --part I/N   only every Nth state, from the Ith on; "any/N": from whichever the seed says
 *   --minutes N  stops there (default 30; 120 with --consent) and says what was not looked at
 *   --seed N     of the keys; printed
 */
import { parseArgs } from "node:util";
import { fromRoot } from "../../firmware/build/paths.js";
import { deadline, now } from "../../host/sdk/links/clock.js";
import { summary } from "../../host/apps/terminal/counts.js";
import { inWorkers, parsePart, parseWorkers, partsFor } from "../support/parts.js";
import { SEED } from "../support/seed.js";
import { explore, type Explored } from "./explore.js";
import { hunt, PLANTED, PLANTED_IN_CONSENT } from "./planted.js";

const { values } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    consent: { type: "boolean", default: false },
    workers: { type: "string", default: "2" },
    part: { type: "string" },
    minutes: { type: "string" },
    seed: { type: "string", default: String(SEED) },
    /** For a worker: its figures are the last line, and no bugs are planted. */
    worker: { type: "boolean", default: false },
  },
});
const { consent } = values;
const minutes = Number(values.minutes ?? (consent ? 120 : 30));
const seed = Number(values.seed);
if (!(minutes > 0)) throw new Error("--minutes is a number of minutes");
if (!Number.isSafeInteger(seed)) throw new Error("--seed is a number");

function lookAt(text: string): Explored {
  let shown = now();
  return explore(`explore ${seed}`, {
    ...{
      cuts: true,
      ...(consent && { asks: true }),
      faultsMost: 20,
      over: deadline(60_000 * minutes),
      part: parsePart(text, seed),
    },
    progress({ states, looked, transitions }, left) {
      if (now() - shown < 10_000) return;
      shown = now();
      const done = `${looked} of ${states} states, ${left} wait; ${transitions} transitions`;
      console.error(`part ${text}: ${done}`);
    },
  });
}
function together(parts: readonly Explored[]): Explored {
  const sum = (of: (part: Explored) => number) => parts.reduce((all, part) => all + of(part), 0);
  const most = (of: (part: Explored) => number) => Math.max(...parts.map(of));
  return {
    states: most(({ states }) => states),
    records: most(({ records }) => records),
    looked: sum(({ looked }) => looked),
    transitions: sum(({ transitions }) => transitions),
    cuts: sum(({ cuts }) => cuts),
    words: [...new Set(parts.flatMap(({ words }) => words))].sort(),
    whole: parts.every(({ whole }) => whole),
    faults: [...new Set(parts.flatMap(({ faults }) => faults))],
  };
}

async function main(): Promise<void> {
  if (values.worker) {
    console.log(JSON.stringify(lookAt(values.part ?? "1/1")));
    return;
  }
  const start = now();
  console.log(`seed: ${seed}`);
  const parts = values.part ? [values.part] : partsFor(parseWorkers(values.workers));
  const more = ["--seed", String(seed), "--minutes", String(minutes)];
  if (consent) more.push("--consent");
  const result = together(await inWorkers(fromRoot("test/explore/run.ts"), parts, more));
  for (const fault of result.faults) console.log(`FAILED ${fault}`);
  const { states, looked, transitions, cuts, whole } = result;
  // Before the bugs are built, which takes a while and may fail.
  (values.json ? console.error : console.log)(
    `${looked} of ${states} states looked at, ${transitions} transitions, ${cuts} cuts, ` +
      `${result.faults.length} faults${whole ? "" : ": it ran out of time"}`,
  );
  const missed: string[] = [];
  const bugs = consent ? PLANTED_IN_CONSENT : PLANTED;
  for (const planted of bugs) {
    const seen = await hunt(planted);
    if (!seen) missed.push(planted.mutant.bug);
    const line = `${seen ? "caught  " : "SURVIVED"} ${planted.mutant.bug}`;
    if (!values.json) console.log(seen ? `${line}: ${seen}` : line);
  }
  const failed = result.faults.length + missed.length + (whole ? 0 : 1);
  const figures = {
    ...{ seed, ...result, faults: result.faults.length },
    plantedCaught: `${bugs.length - missed.length}/${bugs.length}`,
    seconds: Math.round((now() - start) / 1000),
  };
  const passed = looked + bugs.length - missed.length;
  console.log(values.json ? JSON.stringify(figures) : summary({ passed, failed, skipped: 0 }));
  process.exitCode = failed ? 1 : 0;
}
await main();
