/**
 * The vectors' invalid and valid inputs (test/vectors/cases), made for the run at hand, as checks of
 * a card: every input must get the status word that the JSON gives, a refusal must leave the card
 * as it was, and the valid message of each situation, sent last, shows that it was the right one.
 */
import assert from "node:assert/strict";
import { COMMANDS, STATUS_WORDS, type StatusWordName } from "../../../sdk/wire/generated.js";
import { keysOfPeer } from "../../../../test/vectors/cases/receipt.js";
import { FILES, SITUATIONS } from "../../../../test/vectors/cases/index.js";
import type { Case, Situation, World } from "../../../../test/vectors/cases/types.js";
import { packageBytes, wrapKey } from "../../../../test/vectors/messages.js";
import { answerOf } from "../../../../test/vectors/model.js";
import { NONCE_0, byte, hex, keyPair, open } from "../../../../test/vectors/suite.js";
import type { Card } from "../card.js";
import { Skip, type Check } from "../check.js";
import type { Answer } from "./live.js";
import { Stage } from "./stage.js";

export function nameOf(sw: number): string {
  const names = Object.keys(STATUS_WORDS) as StatusWordName[];
  const name = names.find((word) => STATUS_WORDS[word].value === sw);
  return `${name ?? "?"} (${sw.toString(16)})`;
}
/** A link without frames carries no malformed APDU, and short ones alone. */
const isOdd = (apdu: Uint8Array) => apdu.length < 4 || (apdu.length > 5 && apdu[4] === 0);

async function send({ card }: Stage, world: World, test: Case): Promise<Answer> {
  const input = test.input(world);
  if (test.command === "RAW") {
    if (isOdd(input) && !card.carrier.anyApdu) throw new Skip("its link does not carry such APDUs");
    const answer = await card.raw(input);
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

/** Sends one input to a card that was brought into its situation; throws what is wrong. */
export async function runCase(stage: Stage, situation: Situation, test: Case): Promise<void> {
  const world = await stage.ready();
  const earlier = await stage.state();
  const answer = await send(stage, world, test);
  assert.equal(nameOf(answer.sw), nameOf(STATUS_WORDS[test.word].value));
  if (test.word === "OK") return checkAnswer(world, situation, test, answer);
  const told = test.word === "WRONG_CODE" ? 3 : 0;
  assert.equal(answer.data.length, told, "a refusal came with data");
  await stage.card.select();
  assert.equal(await stage.state(), earlier, "a refused command changed the card");
}

/** The stage that the card keeps from one check of a group to the next. */
export async function stageOf(card: Card, key: string, make: () => Promise<Stage>): Promise<Stage> {
  if (card.kept?.key === key) return card.kept.stage as Stage;
  await card.letGo();
  const stage = await make();
  card.kept = { key, stage };
  return stage;
}

/** Every case of the vectors for one card, file by file, with the number that it has there. */
export function vectorChecks(index: number, seed: string, which: "blank" | "others"): Check[] {
  const blanks = SITUATIONS.filter(({ state }) => state === "BLANK");
  return Object.entries(FILES).flatMap(([file, situations]: [string, readonly Situation[]]) => {
    let tcId = 0;
    return situations.flatMap((situation) => {
      const key = `vectors ${situation.id}`;
      const checks = situation.cases.map((test): Check => {
        const vector = { file: `invalid-${file}.json`, tcId: ++tcId, flags: test.flags };
        const run = async (card: Card) => {
          const make = () => Stage.set(card.place, situation, seed);
          await runCase(await stageOf(card, key, make), situation, test);
        };
        const title = `${test.command}: ${test.comment} -> ${test.word}`;
        const one = { cards: [index], roles: ["card"] };
        return { group: key, given: situation.given, keeps: key, title, ...one, vector, run };
      });
      if ((situation.state === "BLANK") !== (which === "blank")) return [];
      // A card is blank once: the second one gets the second situation.
      return which === "others" || situation === blanks[index % blanks.length] ? checks : [];
    });
  });
}
