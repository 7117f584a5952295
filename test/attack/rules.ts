/**
 * What must hold after every move, whatever was done (docs/protocol.md 12), and what a card may say
 * to it. Read from the cards' records, not from their answers.
 */
import {
  COMMANDS,
  STATUS_WORDS,
  type CommandName,
  type StatusWordName,
} from "../../host/sdk/wire/generated.js";
import type { CardRecord } from "../support/record.js";
import { statusWord } from "../support/words.js";
import type { Move } from "./moves.js";
import { D1, D2, E, X, type Destination, type World } from "./world.js";

/** What a command says of the data that it was given (section 6), besides its cells' words. */
const SAYS: Readonly<Partial<Record<CommandName, readonly StatusWordName[]>>> = {
  SEAL: ["LENGTH", "DATA", "NAMES", "CRYPTO", "USED", "CODE", "FULL"],
  ACCEPT: ["LENGTH", "DATA", "NAMES", "CRYPTO", "USED"],
  CONFIRM: ["LENGTH", "CRYPTO"],
  NAME_SOURCE: ["NAMES", "PRESENCE", "WAIT"],
  FINISH: ["UNCONFIRMED", "CODE"],
};
const cellsOf = (name: CommandName): readonly string[] => {
  const command = COMMANDS.find((one) => one.name === name)!;
  return Object.values(command.cells).filter((cell) => typeof cell === "string");
};

export class Broken extends Error {}
function rule(holds: boolean, text: string): void {
  if (!holds) throw new Broken(text);
}

interface Records {
  readonly S: CardRecord;
  readonly D: Readonly<Record<Destination, CardRecord>>;
}
const records = (w: World): Records => ({
  S: w.record(w.S),
  D: { 1: w.record(w.D[1]), 2: w.record(w.D[2]) },
});
const operations = (w: World) =>
  [w.S, w.D[1], w.D[2]].reduce((sum, { board }) => sum + board.flash.operations, 0);

/** Makes the move. Throws Broken with the rule that does not hold. The answer's word, if it has one. */
export function play(w: World, move: Move): string {
  const before = records(w);
  const written = operations(w);
  const answer = move.run(w);
  const word = answer ? statusWord(answer.sw) : "";
  if (move.command && answer) judge(move, move.command, word, operations(w) - written, before, w);
  hold(w, before);
  return word;
}

function judge(
  move: Move,
  command: CommandName,
  word: string,
  written: number,
  before: Records,
  w: World,
): void {
  if (word === "OK") {
    // A slot's own Klink_D gets the stored TRANSFER, whatever else is in the OFFER.
    const stored = command === "SEAL" && written === 0;
    rule(!move.forged || stored, `${command} took what nobody made`);
    rule(command !== "FINISH" || records(w).S.state === "SHARED", "I5: FINISH left the set open");
    return;
  }
  const allowed = [...(SAYS[command] ?? []), ...cellsOf(command)];
  rule(word in STATUS_WORDS && allowed.includes(word), `${command} says ${word}`);
  rule(word === "PRESENCE" || written === 0, `${command} wrote flash and said ${word}`);
  rule(JSON.stringify(records(w)) === JSON.stringify(before), `${command}: ${word}, but changed`);
}

function hold(w: World, before: Records): void {
  const now = records(w);
  const { known } = w;
  const slots = now.S.slots.filter(({ state }) => !["OPEN", "CLOSED"].includes(state));
  const cards = slots.map(({ kcard }) => w.cardOf(kcard));
  rule(slots.length === 0 || slots.length <= now.S.n - 1, "I4: more slots than the set has places");
  rule(new Set(cards).size === cards.length, "I4: one card in two slots");
  for (const card of cards) rule(known.meant.includes(card), `I2: card ${card} was never named`);
  rule(!cards.includes(X), "I2: sealed to a card of another maker");
  const given = new Set(
    known.transfers.filter(({ life }) => life === w.life).map(({ card }) => card),
  );
  rule(
    now.S.n === 0 || given.size <= now.S.n - 1,
    "I4: sealed to more cards than the set has places",
  );
  for (const [i, slot] of now.S.slots.entries()) {
    const old = before.S.slots[i]!;
    const same = slot.kcard === old.kcard && now.S.setId === before.S.setId;
    rule(!same || slot.counter >= old.counter, "I9: an older OFFER took a newer one's place");
  }
  rule(
    known.transfers.every(({ offerLife, life }) => offerLife === life),
    "I3: sealed to an OFFER for another set",
  );
  const own = known.offers.filter(({ card }) => card === D1 || card === D2);
  rule(
    new Set(own.map(({ klink }) => klink)).size === own.length,
    "I9: two OFFERs share a Klink_D",
  );
  const links = slots.map(({ klink }) => klink);
  rule(new Set(links).size === links.length, "I9: two slots share a Klink_D");
  const made = known.transfers.filter(({ card }) => card !== E);
  const pairs = made.map(({ card, klink }) => `${card} ${klink}`);
  rule(new Set(pairs).size === pairs.length, "I9: one OFFER was sealed twice");
  rule(
    before.S.state !== "SHARED" || ["SHARED", "EMPTY"].includes(now.S.state),
    "I5: a finished source goes on",
  );
  rule(
    now.S.n === before.S.n || before.S.n === 0 || now.S.state === "EMPTY",
    "I4: the set's size changed",
  );
  for (const slot of now.S.slots)
    if (slot.state === "CONFIRMED" && w.cardOf(slot.kcard) !== E)
      rule(known.receipts[w.transferNumber(slot.hTransfer)] !== undefined, "confirmed by nothing");
  for (const d of [D1, D2] as const) destination(w, d, before.D[d], now.D[d], now.S);
}

function destination(w: World, d: Destination, was: CardRecord, is: CardRecord, S: CardRecord) {
  const name = `D${d}`;
  rule(is.counter >= was.counter, `I9: ${name}'s offer counter went back`);
  rule(is.state === "OFFERED" || /^0*$/.test(is.klink), `I9: ${name} keeps its Klink_D`);
  if (is.state !== "COPY") return;
  const number = w.transferNumber(is.hTransfer);
  const taken = w.known.transfers[number - 1];
  if (was.state !== "COPY") {
    rule(was.state === "OFFERED", `I5: ${name} took a key in ${was.state}`);
    rule(was.sourceSet === is.setId, `I11: ${name} took a set that it was not told`);
    rule(taken !== undefined, `I11: ${name} took a TRANSFER that its source did not make`);
    rule(taken?.card === d && taken.klink === was.klink, `I3: ${name} took another's TRANSFER`);
    rule(is.wrapped === w.known.wrapped[taken!.life - 1], `I3: ${name} took another key`);
    rule(w.known.lives[taken!.life - 1] === was.sourceSet, `I10: ${name} took an old life's key`);
  }
  const slot = S.slots.find(({ kcard }) => w.cardOf(kcard) === d);
  const sameLife = taken && w.known.lives[taken.life - 1] === S.setId;
  if (sameLife && slot?.state === "SEALED")
    rule(slot.hTransfer === is.hTransfer, `stuck: nobody can confirm the copy on ${name}`);
}
