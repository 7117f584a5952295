/**
 * `npm run bench:board [-- --json]`: how long boards work for a three-card backup by wire, command
 * by command: JavaScript, kernel, flash, and the serial line.
 *
 * The relay runs the backup on virtual boards. JavaScript is what the interpreter's bench checked
 * in for the command and the role, its worst (Thumb-2 instructions, 1.3 cycles each, 64 MHz); the
 * kernel's cycles are the model's, for the very calls; erases and words take the datasheet's times;
 * the line has 115,200 baud, ten bits a byte. What arrives while the board has nothing to do is in
 * no column but the line's, and what is erased after the last answer in none.
 */

import { ERASE_MS, WORD_US } from "../../../emulator/flash/times.js";
import { backup } from "../../../sdk/relay/ceremony.js";
import { ConnectedCards } from "../../../sdk/relay/connected.js";
import { checkedIn, MOST, WANTED } from "../figures.js";
import { cardsToCopy, sameBytes, type CountedCard, type Exchange } from "./cards.js";

const CYCLES_A_MS = 64_000;
const CYCLES_AN_INSTRUCTION = 1.3;
const BYTES_A_MS = 115_200 / 10 / 1000;

/** Milliseconds. */
interface Times {
  readonly javascript: number;
  readonly kernel: number;
  readonly flash: number;
  readonly line: number;
}
const PARTS = ["javascript", "kernel", "flash", "line"] as const;

const flashMs = (erases: number, words: number) => erases * ERASE_MS + (words * WORD_US) / 1000;
const lineBytes = (frame: number) => 4 * Math.ceil(frame / 3) + 1;
const sum = (list: readonly number[]) => list.reduce((all, one) => all + one, 0);

function javascriptMs(name: string): number {
  const count = checkedIn()[`espruino.${name}`];
  if (count === undefined) throw new Error(`figures.json has no espruino.${name}`);
  return (count * CYCLES_AN_INSTRUCTION) / CYCLES_A_MS;
}
const roleOf = ({ name }: CountedCard) => (name === "source" ? "source" : "destination");

const timesOf = (card: CountedCard, { command, cycles, erases, words, ...frames }: Exchange) => ({
  javascript: javascriptMs(`${roleOf(card)}.${command}`),
  kernel: cycles / CYCLES_A_MS,
  flash: flashMs(erases, words),
  line: (lineBytes(frames.out) + lineBytes(frames.in)) / BYTES_A_MS,
});

async function ran(): Promise<readonly CountedCard[]> {
  sameBytes("board");
  const names = ["source", "first", "second"];
  const { cards, key, code } = await cardsToCopy(names, { kernel: true });
  const set = new ConnectedCards(
    cards.map(({ name, transport }) => ({ name, open: async () => transport })),
  );
  await set.arrange();
  for (const card of cards) card.counting = true;
  await backup({ ...key, code, setSize: cards.length, present: set.present });
  for (const { board } of cards) board.powerOff();
  return cards;
}

const cards = await ran();
const all = cards.flatMap((card) =>
  card.exchanges.map((exchange) => ({
    command: exchange.command,
    times: timesOf(card, exchange),
  })),
);
const total = (times: Times) => sum(PARTS.map((part) => times[part]));
/** The slowest of each command. */
const commands = [...new Set(all.map(({ command }) => command))].sort().map((command) => {
  const own = all.filter((one) => one.command === command);
  const slowest = own.reduce((a, b) => (total(b.times) > total(a.times) ? b : a));
  return { command, count: own.length, ...slowest.times };
});
const partOf = (part: keyof Times) => sum(all.map(({ times }) => times[part]));
const whole = {
  // Each role's own sum: commands differ from their worst.
  javascript: sum(cards.map((card) => javascriptMs(roleOf(card)))),
  kernel: partOf("kernel"),
  flash: partOf("flash"),
  line: partOf("line"),
};

if (process.argv.includes("--json")) console.log(JSON.stringify({ commands, whole }));
else {
  const cell = (value: number) => value.toFixed(1).padStart(11);
  console.log("a three-card backup by wire, milliseconds (a model), each command's slowest");
  console.log(
    `${"".padEnd(20)}times ${PARTS.map((part) => part.padStart(11)).join("")}        sum`,
  );
  for (const { command, count, ...times } of commands)
    console.log(
      command.padEnd(20) +
        String(count).padStart(5) +
        ` ${PARTS.map((part) => cell(times[part])).join("")}${cell(total(times))}`,
    );
  const cells = PARTS.map((part) => cell(whole[part])).join("");
  console.log(`${"all, three cards".padEnd(25)} ${cells}${cell(total(whole))}`);
  const board = (total(whole) - whole.line).toFixed(0);
  const marks = `at most ${MOST["board.whole.ms"]}, wanted ${WANTED["board.whole.ms"] ?? "so"}`;
  console.log(`without the line ${board}: ${marks}`);
}
