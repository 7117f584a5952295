/**
 * The invalid cases of the vectors against real cards: the built bundle on virtual boards, brought
 * into each situation by a live ceremony. Every input must get the status word that the JSON gives,
 * and a refusal must leave the card as it was; the valid message of each situation, sent last,
 * shows that it was the right one (docs/protocol.md; invariants I2, I3, I5, I9, I11).
 */
import assert from "node:assert/strict";
import { COMMANDS, STATUS_WORDS, type StatusWordName } from "../../firmware/wire/table.js";
import { missingBundle } from "../support/boards.js";
import { SITUATIONS } from "./cases/index.js";
import { keysOfPeer } from "./cases/receipt.js";
import type { Case, Situation, World } from "./cases/types.js";
import type { Answer } from "./live.js";
import { packageBytes, wrapKey } from "./messages.js";
import { answerOf } from "./model.js";
import { Stage } from "./stage.js";
import { NONCE_0, byte, hex, keyPair, open } from "./suite.js";

const SEED = process.env.KINCARD_SEED ?? "cards under test";

function nameOf(sw: number): string {
  const names = Object.keys(STATUS_WORDS) as StatusWordName[];
  const name = names.find((word) => STATUS_WORDS[word].value === sw);
  return `${name ?? "?"} (${sw.toString(16)})`;
}
function send(stage: Stage, test: Case): Answer {
  const world = stage.ready();
  const input = test.input(world);
  const { card } = stage;
  if (test.command === "RAW") {
    const answer = card.raw(input);
    // What the channel seals is opened; what is refused outside it has no data.
    return answer.data.length ? card.unseal(input.subarray(0, 4), answer) : answer;
  }
  const command = COMMANDS.find(({ name }) => name === test.command)!;
  const secure = command.access !== "plain" && card.channel;
  if (secure) return card.secure(test.command, input, test.p1);
  return card.plain(test.command, input, test.p1);
}

/** A valid input must get the answer that the protocol gives it. */
function checkAnswer(world: World, situation: Situation, test: Case, { data }: Answer): void {
  const expected = answerOf(world, situation, test);
  if (expected) assert.equal(hex(data), hex(expected));
  if (test.command === "SEAL" && !situation.slot) checkTransfer({ ...world, transfer: data });
  if (test.command === "PUBLIC_KEY") assert.equal(data.length, 98);
}
/** What peers[0], who has its Klink and the user's code, finds in the TRANSFER for it. */
function checkTransfer(world: World): void {
  const transfer = world.transfer!;
  const keys = keysOfPeer(world);
  const content = open(keys.ktrans, NONCE_0, keys.th, transfer.subarray(235));
  const [wrapped, salt] = [content.subarray(0, 80), content.subarray(80, 96)];
  const node = open(wrapKey(world.stretched!, salt), NONCE_0, byte(), wrapped);
  assert.equal(hex(keyPair(node.subarray(0, 32)).public), hex(world.master!), "another Kpriv");
  const rest = { wrapped, salt, cost: world.content.cost, setId: world.setId, n: 2, k: 2 };
  assert.equal(hex(content), hex(packageBytes(rest)));
}

describe(`vectors: invalid cases on real cards (seed "${SEED}")`, function () {
  this.timeout(60_000);
  before(function () {
    const reason = missingBundle();
    if (reason) {
      console.log(`      skipped: ${reason}`);
      this.skip();
    }
  });
  for (const situation of SITUATIONS) {
    describe(`${situation.id}: ${situation.given}`, () => {
      let stage: Stage | undefined;
      for (const test of situation.cases) {
        it(`${test.command}: ${test.comment} -> ${test.word}`, () => {
          // After a failure the next case gets a new card: each fails for its own reason.
          const here = stage ?? new Stage(situation, `${SEED} ${situation.id}`);
          stage = undefined;
          const earlier = here.state();
          const answer = send(here, test);
          const { sw, data } = answer;
          assert.equal(nameOf(sw), nameOf(STATUS_WORDS[test.word].value));
          if (test.word === "OK") checkAnswer(here.world, situation, test, answer);
          else {
            const told = test.word === "WRONG_CODE" ? 3 : 0;
            assert.equal(data.length, told, "a refusal came with data");
            here.card.sync();
            assert.equal(here.state(), earlier, "a refused command changed the card");
          }
          stage = here;
        });
      }
    });
  }
});
