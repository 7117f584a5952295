/**
 * `npm run bench:air [-- --json]`: how long a three-card backup is on the air, and how long the
 * boards' flash works for it. A model: the relay runs the backup on virtual boards with everything
 * that it asks for, each exchange's frames are counted, and a connection has an event every 30 ms.
 *
 * In an event go six packets each way (S132 at high bandwidth; phones differ). A packet written
 * without response is one of them; one with response costs another event before the next goes. An
 * answer goes six at a time, each six that are not the last acknowledged in the event after. Beside
 * it what base64 lines cost, each packet of them written with response or indicated and confirmed:
 * an event and one more. The boards' own work is not in it.
 *
 * Flash: nRF52832 Product Specification, NVMC: 85 ms a page erase, 67.5 us a word.
 */

import { ERASE_MS, WORD_US } from "../../../emulator/flash/times.js";
import { backup } from "../../../sdk/relay/ceremony.js";
import { ConnectedCards } from "../../../sdk/relay/connected.js";
import { GATT_BYTES, PACKET } from "../../../sdk/wire/generated.js";
import { cardsToCopy, type CountedCard, type Exchange } from "./cards.js";
import { MOST } from "../figures.js";

const INTERVAL_MS = 30;
const SIZES = [GATT_BYTES.LEAST, GATT_BYTES.TRIED];

/** Connection events of one way: windows that are not the last take word, an event more. */
function events(frame: number, size: number): number {
  const packets = Math.ceil(frame / (size - 1));
  return 1 + 2 * Math.floor((packets - 1) / PACKET.WINDOW);
}
const framed = ({ out, in: came }: Exchange, size: number) =>
  events(out, size) + events(came, size);
/** As base64 lines, each packet an event and its word's. */
function lined({ out, in: came }: Exchange, size: number): number {
  const packets = (frame: number) => Math.ceil((4 * Math.ceil(frame / 3) + 1) / size);
  return 2 * (packets(out) + packets(came));
}

async function main(): Promise<void> {
  const { cards, key, code } = await cardsToCopy(["source", "first", "second"]);
  const set = new ConnectedCards(
    cards.map(({ name, transport }) => ({ name, open: async () => transport })),
  );
  await set.arrange();
  for (const card of cards) card.counting = true;
  await backup({ ...key, code, setSize: 3, present: set.present });
  // What the last commit left to erase.
  for (const { board } of cards) board.advance(10);
  print(cards);
  for (const { board } of cards) board.powerOff();
}

function print(cards: readonly CountedCard[]): void {
  const exchanges = cards.flatMap((card) => card.exchanges);
  const seconds = (count: number) => (count * INTERVAL_MS) / 1000;
  const total = (cost: (exchange: Exchange, size: number) => number, size: number) =>
    seconds(exchanges.reduce((sum, exchange) => sum + cost(exchange, size), 0));
  const air = SIZES.map((size) => ({
    packet: size,
    seconds: total(framed, size),
    asLines: total(lined, size),
    wanted: MOST[`air.${size}.seconds`]!,
  }));
  const flash = cards.map(({ name, erases, words }) => ({
    ...{ card: name, erases, words, ms: erases * ERASE_MS + (words * WORD_US) / 1000 },
  }));
  const asked = [...new Set(exchanges.map(({ command }) => command))].map((command) => ({
    command,
    times: exchanges.filter((exchange) => exchange.command === command).length,
  }));
  if (process.argv.includes("--json")) {
    console.log(JSON.stringify({ intervalMs: INTERVAL_MS, air, flash, asked }));
    return;
  }
  console.log(
    `three-card backup, ${exchanges.length} exchanges, ${INTERVAL_MS} ms an event (a model)`,
  );
  console.log("packet  seconds  as base64 lines  wanted");
  for (const { packet, seconds: s, asLines, wanted } of air) {
    const cells = [String(packet).padStart(6), s.toFixed(1).padStart(8)];
    console.log([...cells, asLines.toFixed(1).padStart(16), String(wanted).padStart(7)].join(" "));
  }
  console.log("card      erases  words  flash ms");
  for (const { card, erases, words, ms } of flash)
    console.log(
      `${card.padEnd(9)} ${String(erases).padStart(6)} ${String(words).padStart(6)} ${ms.toFixed(0).padStart(9)}`,
    );
  console.log(asked.map(({ command, times }) => `${command} ${times}`).join(", "));
}

await main();
