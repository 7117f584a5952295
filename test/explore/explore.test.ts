/**
 * The explorer, its quick part (`npm run explore` is the whole): as many states as a few seconds
 * allow, in each all that is allowed and a part of what is refused. And the rules that it compares
 * with are the wire table's, so that it can be trusted to know it.
 */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { COMMANDS } from "../../host/sdk/wire/generated.js";
import { Seeded } from "../../host/emulator/seeded.js";
import { deadline } from "../../host/sdk/links/clock.js";
import { ACTIONS } from "./actions.js";
import { explore } from "./explore.js";
import { expected } from "./rules.js";
import { BLANK, keyOf, recordKey, type State } from "./state.js";

const seed = Number(process.env.KINCARD_SEED ?? randomBytes(2).readUInt16BE(0));
const SECONDS = 10;
const PART = 12;

describe(`every state of a card (KINCARD_SEED=${seed})`, function () {
  this.timeout(120_000);

  it("what it says and where it goes is what the document says, in a part of them", () => {
    const random = new Seeded(seed);
    const result = explore(`${seed} quick`, {
      over: deadline(1000 * SECONDS),
      wanted: (action, s) => expected(s, action).word === "OK" || random.below(PART) === 0,
    });
    assert.deepEqual(result.faults, []);
    assert.ok(result.transitions > 50, `${result.transitions} transitions`);
    console.log(`        ${result.transitions} transitions, ${result.states} states known`);
  });
  it("the rules reach every state of the table, and leave each by its cells only", () => {
    const seen = new Map([[keyOf(BLANK), BLANK]]);
    const records = new Set<string>();
    for (const s of seen.values()) {
      records.add(recordKey(s));
      for (const action of ACTIONS) {
        const { word, next } = expected(s, action);
        if (!seen.has(keyOf(next))) seen.set(keyOf(next), next);
        const command = COMMANDS.find(({ name }) => name === action.command);
        const cell = command?.cells[s.state];
        if (next.state !== s.state)
          assert.ok(
            (cell as readonly string[]).includes(next.state),
            `${action.name} in ${s.state}`,
          );
        if (typeof cell === "string") assert.notEqual(word, "OK", `${action.name} in ${s.state}`);
      }
    }
    const states = new Set([...seen.values()].map((s: State) => s.state));
    assert.deepEqual([...states].sort(), [
      ...["BLANK", "COPY", "EMPTY", "OFFERED", "SHARED", "SHARING", "WALLET"],
    ]);
    console.log(`        ${seen.size} states of ${records.size} records`);
  });
});
