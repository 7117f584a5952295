/**
 * The explorer, its quick part (`npm run explore` is the whole): as many states as a few seconds
 * allow, in each all that is allowed and a part of what is refused. And the rules that it compares
 * with are the wire table's, so that it can be trusted to know it.
 */
import assert from "node:assert/strict";
import { COMMANDS } from "../../host/sdk/wire/generated.js";
import { Seeded } from "../../host/emulator/seeded.js";
import { deadline } from "../../host/sdk/links/clock.js";
import { SEED } from "../support/seed.js";
import { ACTIONS, CONSENT_ACTIONS, consentWants } from "./actions.js";
import { explore } from "./explore.js";
import { expected } from "./rules.js";
import { BLANK, booted, keyOf, recordKey, type State } from "./state.js";
import { inFull, times } from "../support/full.js";

const SECONDS = times(10, 2);
const PART = 12;
/** undefined: its runs of CONSENT are not explored; else whether it has on-card consent. */
const CARDS = [
  ["a card", undefined],
  ["a card with on-card consent and its runs", true],
  ["a card without it and its runs", false],
] as const;

describe(`every state of a card (KINCARD_SEED=${SEED})`, function () {
  this.timeout(120_000);

  for (const [what, asks] of CARDS) {
    it(`${what}: what it says and where it goes is what the document says, in a part of them`, () => {
      const random = new Seeded(SEED);
      const late = deadline((1000 * SECONDS) / (asks === undefined ? 1 : 2));
      // so many transitions at least, however busy the machine is
      let looks = 0;
      const result = explore(`${SEED} quick`, {
        ...(asks !== undefined && { asks }),
        over: () => ++looks > 200 && late(),
        wanted: (action, s) => expected(s, action).word === "OK" || random.below(PART) === 0,
      });
      assert.deepEqual(result.faults, []);
      assert.ok(result.transitions > times(50, 10), `${result.transitions} transitions`);
      console.log(`        ${result.transitions} transitions, ${result.states} states known`);
    });
    // Of the two with runs one says it for both: the rules are the same but for a word.
    (asks === false ? inFull : it)(
      `${what}: the rules reach every state of the table, and leave each by its cells only`,
      () => {
        const blank = asks === undefined ? BLANK : { ...BLANK, run: booted(asks) };
        const seen = new Map([[keyOf(blank), blank as State]]);
        const records = new Set<string>();
        for (const s of seen.values()) {
          records.add(recordKey(s));
          for (const action of asks === undefined ? ACTIONS : CONSENT_ACTIONS) {
            if (s.run && !consentWants(action, s)) continue;
            const { word, next } = expected(s, action);
            if (!seen.has(keyOf(next))) seen.set(keyOf(next), next);
            const command = COMMANDS.find(({ name }) => name === action.command);
            const cell = command?.cells[s.state];
            if (next.state !== s.state)
              assert.ok(
                (cell as readonly string[]).includes(next.state),
                `${action.name} in ${s.state}`,
              );
            if (typeof cell === "string")
              assert.notEqual(word, "OK", `${action.name} in ${s.state}`);
          }
        }
        const states = new Set([...seen.values()].map((s) => s.state));
        assert.deepEqual([...states].sort(), [
          ...["BLANK", "COPY", "EMPTY", "OFFERED", "SHARED", "SHARING", "WALLET"],
        ]);
        console.log(`        ${seen.size} states of ${records.size} records`);
      },
    );
  }
});
