/**
 * What a command leaves when it ends half-way on a board that keeps its power: a Flash call that
 * throws, memory that runs out. The card forgets everything and starts anew: nothing is answered
 * that no flash holds, and the flash holds what was before the command or what it was to bring.
 */
import assert from "node:assert/strict";
import type { MishapKind } from "../../host/emulator/espruino/mishaps.js";
import { newWorld, STEPS, type Step, type World } from "../sweep/ceremony.js";
import { blankCards } from "../sweep/sweep.js";
import { COMMANDS } from "../../firmware/wire/table.js";
import { frame } from "../vectors/messages.js";
import { byte, cat } from "../vectors/suite.js";
import { must, STRETCHED, wallet, type Snapshot, type TestCard } from "../support/world.js";
import { contains } from "../support/bytes.js";
import { PART, some } from "../support/full.js";

/** What a virtual board hands to the card at a time. */
const CHUNK = 64;
const options = { chunk: CHUNK, keepRam: false };
type Frozen = { S: Snapshot; D: Snapshot; rest: Partial<World> };

/** The world at the start of each step, and how many calls its command makes. */
function starts(kind: MishapKind): { world: World; steps: [Step, Frozen, number][] } {
  const world = newWorld(blankCards(`mishap ${kind}`, options));
  const steps = STEPS.map((step): [Step, Frozen, number] => {
    const { S, D, offer, transfer, receipt, key, misses } = world;
    // With the spare bank erased: a boot that has to erase it first leaves the command less to do.
    const frozen = {
      S: S.rest().snapshot(),
      D: D.rest().snapshot(),
      rest: { offer, transfer, receipt, key, misses },
    };
    step.before?.(world);
    const { board } = world[step.card];
    const before = board.calls(kind);
    step.run(world);
    const calls = board.calls(kind) - before;
    world[step.card].live.sync();
    return [step, frozen, calls];
  });
  return { world, steps };
}

/** Runs the command with its n-th call going wrong. True if the card answered all the same. */
function strike(world: World, step: Step, frozen: Frozen, kind: MishapKind, n: number): boolean {
  for (const name of ["S", "D"] as const) world[name].restore(frozen[name]);
  Object.assign(world, frozen.rest);
  step.before?.(world);
  const { board } = world[step.card];
  const ons = board.powerOns;
  board.fail(kind, n);
  try {
    step.run(world);
    return true;
  } catch (error) {
    // While the card waits for its button the mishap may fall between two commands: the next one
    // then meets a card that started anew, which has no channel (6982).
    assert.match(String(error), /answered 0 lines|refused with 6982/);
    assert.equal(board.powerOns, ons + 1, "the card did not start anew");
    return false;
  }
}
function check(card: TestCard, step: Step): void {
  card.live.sync();
  assert.ok([step.from, step.to].includes(card.state), `neither world: ${card.state}`);
  const left = card.board.leftInRam.flatMap((bytes) => [...bytes]);
  assert.ok(left.every((byte) => byte === 0) || !contains(Uint8Array.from(left), STRETCHED));
}

/** The calls of a command at which a mishap comes, from the first or a later one on. */
const struckAt = (struck: number, calls: number, every: number): number[] =>
  [...Array(calls + 1).keys()].filter((n) => n > 0 && (n - 1 - (struck % every)) % every === 0);

/** Every command, at every `every`-th call, in a part at `most`; how many went wrong. */
function sweep(kind: MishapKind, every: number, most: number): number {
  const { world, steps } = starts(kind);
  for (const card of [world.S, world.D]) card.board.onFailure(() => undefined);
  let struck = 0;
  for (const [step, frozen, calls] of steps)
    for (const n of some(`${kind} ${step.name}`, struckAt(struck, calls, every), most)) {
      try {
        const answered = strike(world, step, frozen, kind, n);
        check(world[step.card], step);
        if (answered) assert.equal(world[step.card].state, step.to, "answered, and not done");
        if (world[step.card].state === step.from) {
          step.before?.(world);
          step.run(world);
        }
        struck++;
      } catch (error) {
        const where = `${step.name}, ${kind} call ${n} of ${calls}`;
        throw new Error(`${where}: ${(error as Error).message}`, { cause: error });
      }
    }
  return struck;
}

describe("a command that ends half-way", function () {
  this.timeout(120_000);

  it(`a mishap: at any Flash call of any command: as before or as after, nothing answered${PART}`, () => {
    console.log(`        ${sweep("flash", 1, 2)} calls`);
  });
  it(`a mishap: when memory runs out at any call: the same${PART}`, () => {
    console.log(`        ${sweep("memory", 5, 2)} calls`);
  });
  it("a mishap: nothing that was sent behind it is answered by what it left", () => {
    const { world, steps } = starts("flash");
    const [step, frozen, calls] = steps.find(([{ name }]) => name === "S seals its TRANSFER")!;
    const { board } = world.S;
    board.onFailure(() => undefined);
    const ins = COMMANDS.find(({ name }) => name === "SEAL")!.ins;
    for (let n = 1; n <= calls; n++) {
      for (const name of ["S", "D"] as const) world[name].restore(frozen[name]);
      Object.assign(world, frozen.rest);
      step.before?.(world);
      const { length } = world.offer;
      const seal = cat(byte(0x80, ins, 0, 0, 0, length >> 8, length & 255), world.offer);
      let said = "";
      const stop = board.onData((bytes) => (said += Buffer.from(bytes).toString("latin1")));
      board.fail("flash", n);
      // In a part of its own: what lies behind it in its own part goes with it.
      const first = `${frame(200, seal)}\n`;
      const whole = "\n".repeat(CHUNK - (first.length % CHUNK)) + first;
      board.send(`${whole}${frame(201, seal)}\n`);
      stop();
      assert.equal(said, "", `Flash call ${n}`);
    }
  });
  it("a mishap: an error outside of commands (a field that went) leaves the channel open", () => {
    const card = wallet("mishap field").unlock();
    card.board.onFailure(() => undefined);
    const { board } = card;
    board.nfc.field(true);
    const ons = board.powerOns;
    board.nfc.last(Uint8Array.of(0x30, 0));
    assert.match(String(board.failures.at(-1)), /NFC error code 8/);
    assert.equal(board.powerOns, ons);
    must("PUBLIC_KEY", card.secure("PUBLIC_KEY", byte(0)));
  });
});
