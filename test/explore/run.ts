/**
 * `npm run explore`: the whole state space of a card, every action in every state, each commit cut;
 * then planted bugs that it must see.
 *
 *   --json       ends with one line: {"states","records","transitions","cuts","faults",...}
 *   --minutes N  stops there (default 30) and says what was not looked at
 *   --seed N     of the keys
 */
import { parseArgs } from "node:util";
import { deadline, now } from "../../host/sdk/links/clock.js";
import { summary } from "../../host/apps/terminal/counts.js";
import { MUTANTS } from "../mutants/list.js";
import { withBug } from "../mutants/plant.js";
import { explore } from "./explore.js";
import { expected } from "./rules.js";

const { values } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    minutes: { type: "string", default: "30" },
    seed: { type: "string", default: "1" },
  },
});
const BUGS = [
  "a new set size is taken while SHARING",
  "RESEND answers for a slot that has its receipt",
  "a COPY takes another TRANSFER for an answer",
  "FINISH closes nothing, and RESEND goes on",
  "a sealed slot counts as free when every place is taken",
  "the source does not look at the set id of an OFFER",
  "an offer older than the one sealed replaces it",
];
const start = now();
const minutes = Number(values.minutes);
if (!(minutes > 0)) throw new Error("--minutes is a number of minutes");
console.log(`seed: ${values.seed}`);
let shown = now();
const result = explore(`explore ${values.seed}`, {
  ...{ cuts: true, faultsMost: 20, over: deadline(60_000 * minutes) },
  progress({ states, transitions }, left) {
    if (values.json || now() - shown < 10_000) return;
    shown = now();
    console.log(`${states} states, ${left} to look at; ${transitions} transitions`);
  },
});
for (const fault of result.faults) console.log(`FAILED ${fault}`);
const missed: string[] = [];
for (const bug of BUGS) {
  const mutant = MUTANTS.find((one) => one.bug === bug);
  const seen =
    mutant &&
    (await withBug(mutant, (bundle) => {
      // What leads on, and what a source says to messages: where these bugs are.
      const found = explore("planted", {
        ...{ bundle, over: deadline(120_000) },
        wanted: (action, s) =>
          expected(s, action).word === "OK" || /SEAL|RESEND|ACCEPT|NAME_D/.test(action.name),
      });
      return found.faults[0];
    }));
  if (!seen) missed.push(bug);
  if (!values.json)
    console.log(`${seen ? "caught  " : "SURVIVED"} ${bug}${seen ? `: ${seen}` : ""}`);
}
const failed = result.faults.length + missed.length + (result.whole ? 0 : 1);
const figures = {
  ...result,
  faults: result.faults.length,
  plantedCaught: `${BUGS.length - missed.length}/${BUGS.length}`,
  seconds: Math.round((now() - start) / 1000),
};
console.log(
  values.json ? JSON.stringify(figures) : summary({ passed: result.states, failed, skipped: 0 }),
);
process.exitCode = failed ? 1 : 0;
