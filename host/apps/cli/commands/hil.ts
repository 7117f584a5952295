/**
 * `kincard hil`: the conformance suite on a rack of boards (docs/hil.md): every board alone, every
 * ordered pair, three together. What came of it is a table, JUnit XML, JSON and one page of HTML.
 */

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Command } from "commander";
import type { Card } from "../../conform/card.js";
import type { Result } from "../../conform/check.js";
import type { Place, Rack } from "../../conform/rack.js";
import { capture } from "../../hil/capture.js";
import { findBoards } from "../../hil/find.js";
import { htmlReport } from "../../hil/html.js";
import type { Tested } from "../../hil/html.js";
import { leversOf } from "../../hil/levers.js";
import { RackError, readRack } from "../../hil/rack-file.js";
import type { RackBoard } from "../../hil/rack-file.js";
import { count, junit, table } from "../../hil/report.js";
import { Timing } from "../../hil/timing.js";
import { summary } from "../../terminal/counts.js";
import { askLine } from "../ask.js";
import type { CliContext } from "../context.js";
import { CliError, EXIT, resumable, usageError } from "../failure.js";
import { assertCanWrite } from "../files.js";
import { readCards, readMakerKey, withJson } from "../options.js";
import type { CommonOptions } from "../options.js";
import { act } from "../run.js";
import type { CommandResult } from "../run.js";
import { canAsk } from "../secrets.js";

interface Options extends CommonOptions {
  readonly card?: readonly string[];
  readonly rack?: string;
  readonly find?: boolean;
  readonly makerKey?: Uint8Array | "demo";
  readonly destroy?: boolean;
  readonly junit?: string;
  readonly html?: string;
  readonly capture?: string;
}
type Kit = typeof import("../../conform/kit.js");

interface Bench {
  readonly kit: Kit;
  readonly rack: Rack;
  readonly cards: readonly Card[];
  readonly names: readonly string[];
  readonly timings: readonly Timing[];
}

export function addHil(program: Command): void {
  const text = "test a rack of boards: the conformance suite on each, and on all pairs of them";
  withJson(program.command("hil").description(text))
    .option("--card <uri>", "a board of the rack; repeat it (default: KINCARD_BOARDS)", readCards)
    .option("--rack <file>", "the rack as JSON, with power switches and buttons")
    .option("--find", "the boards that answer on this machine's serial ports")
    .option(
      "--maker-key <hex>",
      "the maker's public key, of boards that are no demo cards",
      readMakerKey,
    )
    .option("--destroy", "boards that hold a wallet or an offer are emptied")
    .option("--junit <file>", "write JUnit XML there")
    .option("--html <file>", "write one page there, with timings")
    .option("--capture <folder>", "write what passes on each board's link there")
    .action(act(hil));
}

async function hil(context: CliContext, options: Options): Promise<CommandResult> {
  for (const [flag, file] of Object.entries({ "--junit": options.junit, "--html": options.html }))
    if (file !== undefined) await ready(flag, file);
  const kit = await import("../../conform/kit.js");
  const boards = await boardsOf(context, options);
  const bench = benchOf(context, kit, boards, options);
  const says = await prepare(context, bench, options);
  const results = await run(context, bench);
  const tested = bench.names.map((name, index): Tested => ({
    ...{ name, uri: boards[index]?.card ?? name, says: says[index] ?? "" },
    timing: bench.timings[index]?.all() ?? [],
  }));
  if (options.junit !== undefined)
    writeFileSync(options.junit, junit("boards", bench.names, results));
  if (options.html !== undefined) writeFileSync(options.html, htmlReport(tested, results));
  if (context.signal.aborted)
    throw resumable(INTERRUPTED, "Run the same command again, with --destroy.");
  const counts = count(results);
  const tests = results.map(({ check, outcome, why, ms }) => ({
    ...{ title: kit.fullTitle(check), cards: check.cards.map((index) => index + 1) },
    ...{ outcome, why, ms },
  }));
  return {
    json: { ...counts, boards: tested, tests },
    text: [table(bench.names, results), "", summary(counts)],
    exit: counts.failed ? EXIT.UNEXPECTED : EXIT.OK,
  };
}
const INTERRUPTED = "Interrupted: the boards may hold a wallet of the suite's own.";

async function ready(flag: string, file: string): Promise<void> {
  mkdirSync(dirname(file), { recursive: true });
  await assertCanWrite(flag, file);
}

async function boardsOf(context: CliContext, options: Options): Promise<RackBoard[]> {
  const { rack, card, find } = options;
  const listed = (process.env.KINCARD_BOARDS ?? "").split(",").flatMap((uri) => uri.trim() || []);
  const named = card ?? (rack === undefined && !find ? readEach(listed) : []);
  let inFile: RackBoard[] = [];
  try {
    if (rack !== undefined) inFile = readRack(rack);
  } catch (error) {
    if (error instanceof RackError) throw usageError(error.message);
    throw error;
  }
  const told = (uri: string) => context.out.show(`Looking for a board at ${uri}`);
  const found = find ? await findBoards(context.signal, told) : [];
  const boards = [...inFile, ...[...named, ...found].map((uri): RackBoard => ({ card: uri }))];
  const uris = boards.map((board) => board.card.trim());
  const twice = uris.find((uri, index) => uris.indexOf(uri) !== index);
  if (twice !== undefined) throw usageError(`the board at ${twice} is named twice`);
  if (find && boards.length === 0)
    throw usageError("--find: no board answers on a serial port here");
  return boards;
}

const readEach = (uris: readonly string[]): readonly string[] =>
  uris.reduce<readonly string[]>((all, uri) => readCards(uri, all), []);

function benchOf(
  context: CliContext,
  kit: Kit,
  boards: readonly RackBoard[],
  { makerKey, capture: folder }: Options,
): Bench {
  const maker = makerKey === "demo" ? undefined : makerKey;
  const ask = async (what: string) => {
    if (!canAsk()) throw new Error(`${what}: there is nobody to ask`);
    const done = await askLine(`${what}, then press Enter. `, { signal: context.signal });
    if (done === undefined) throw new Error(`${what}: it was not done`);
  };
  const timings = boards.map(() => new Timing());
  const places = boards.map((board, index): Place => {
    const name = board.name ?? board.card;
    const place = kit.placeAt(
      board.card,
      leversOf(board, name, ask),
      board.maker ?? maker,
      context.signal,
    );
    const observers = folder === undefined ? [] : [capture(folder, index + 1)];
    return {
      ...place,
      name,
      open: async (opening) => {
        const link = await place.open({
          ...opening,
          observers: [...(opening?.observers ?? []), ...observers],
        });
        return timings[index]?.link(link) ?? link;
      },
    };
  });
  const rack: Rack = { name: "boards", places, close: async () => undefined };
  return { kit, rack, timings, cards: kit.cardsOf(rack), names: places.map(({ name }) => name) };
}

/** Looks at all boards before the first is touched; throws unless all may be used. */
async function prepare(
  { out }: CliContext,
  { kit, cards }: Bench,
  { destroy = false }: Options,
): Promise<string[]> {
  const looks: Awaited<ReturnType<Kit["lookAt"]>>[] = [];
  for (const card of cards) {
    const look = await kit.lookAt(card, destroy);
    looks.push(look);
    out.say(`  board ${card.number}, ${card.place.name}: ${look.says}`);
    if (look.refusal !== undefined) out.say(`    not touched: ${look.refusal}`);
  }
  if (looks.some(({ refusal }) => refusal !== undefined))
    throw new CliError(EXIT.REFUSED, "a board can't be tested", "No board was touched.");
  for (const [index, card] of cards.entries()) if (looks[index]?.holds) await kit.empty(card);
  return looks.map(({ says }) => says);
}

async function run({ out, signal }: CliContext, { kit, rack, cards }: Bench): Promise<Result[]> {
  const checks = kit.plan(rack.places.map(kit.planned));
  if (!cards.length)
    return checks.map((check) => ({ check, outcome: "skipped", why: NO_BOARDS, ms: 0 }));
  const results: Result[] = [];
  for (const check of checks) {
    out.show(kit.fullTitle(check), `${results.length + 1} of ${checks.length}`);
    const result = await kit.perform(check, cards, signal);
    if (signal.aborted) break;
    results.push(result);
    if (result.outcome !== "skipped")
      out.say(`  ${result.outcome}  ${kit.fullTitle(check)}  ${(result.ms / 1000).toFixed(1)} s`);
  }
  return results;
}
const NO_BOARDS =
  "no boards: --card URI, --rack FILE, --find, or KINCARD_BOARDS (serial:/dev/ttyACM0,tcp:HOST:PORT,...)";
