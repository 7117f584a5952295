/**
 * `kincard hil`: the conformance suite on a rack of boards (docs/hil.md): every board alone, every
 * ordered pair and triple, by each link and with each version of the firmware. What came of it is a
 * table, JUnit XML, JSON and one page of HTML.
 */

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Command } from "commander";
import type { Check, Result } from "../../../conform/check.js";
import { benchOf } from "../../../hil/bench.js";
import type { BenchCard } from "../../../hil/bench.js";
import { findBoards } from "../../../hil/find.js";
import { htmlReport } from "../../../hil/html.js";
import type { Tested } from "../../../hil/html.js";
import { shell } from "../../../hil/levers.js";
import { phasesOf } from "../../../hil/matrix.js";
import type { Phase } from "../../../hil/matrix.js";
import { RackError, readRack } from "../../../hil/rack-file.js";
import type { RackBoard } from "../../../hil/rack-file.js";
import { count, junit, table } from "../../../hil/report.js";
import { summary } from "../../../terminal/counts.js";
import { admit } from "../../cards/admit.js";
import { askLine, askYes } from "../../asking/ask.js";
import type { CliContext } from "../../context.js";
import { CliError, EXIT, resumable, usageError } from "../../failure.js";
import { assertCanWrite } from "../../files.js";
import { readCards, readMakerKey, withJson } from "../../options.js";
import type { CommonOptions } from "../../options.js";
import { act } from "../../run.js";
import type { CommandResult } from "../../run.js";
import { canAsk } from "../../asking/secrets.js";

interface Options extends CommonOptions {
  readonly card?: readonly string[];
  readonly rack?: string;
  readonly find?: boolean;
  readonly yes?: boolean;
  readonly makerKey?: Uint8Array | "demo";
  readonly destroy?: boolean;
  readonly junit?: string;
  readonly html?: string;
  readonly capture?: string;
}
type Kit = typeof import("../../../conform/kit.js");

interface Bench {
  readonly kit: Kit;
  readonly boards: readonly RackBoard[];
  readonly columns: readonly BenchCard[];
  /** What each card said of itself, by column. */
  readonly says: string[];
}

export function addHil(program: Command): void {
  const text = "test a rack of boards: the conformance suite on each, and on all pairs of them";
  withJson(program.command("hil").description(text))
    .option("--card <uri>", "a board of the rack; repeat it (default: KINCARD_BOARDS)", readCards)
    .option("--rack <file>", "the rack as JSON, with power switches and buttons")
    .option("--find", "the boards that answer on serial ports, PC/SC readers and Bluetooth")
    .option("--yes", "with --find: all of them, without a question")
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
  const kit = await import("../../../conform/kit.js");
  const boards = await boardsOf(context, options);
  const columns = benchOf(boards, {
    ...{ ask: asking(context), signal: context.signal, capture: options.capture },
    maker: options.makerKey === "demo" ? undefined : options.makerKey,
  });
  const bench: Bench = { kit, boards, columns, says: columns.map(() => "") };
  await prepare(context, bench, options);
  const results = await run(context, bench);
  const names = columns.map(({ name }) => name);
  const tested = columns.map(({ name, link, version, timing }, index): Tested => ({
    ...{ name, uri: link, version, says: bench.says[index] ?? "", timing: timing.all() },
  }));
  if (options.junit !== undefined) writeFileSync(options.junit, junit("boards", names, results));
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
    text: [table(names, results), "", summary(counts)],
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
  const given = [...inFile, ...named.map((uri): RackBoard => ({ links: [uri] }))];
  const boards = [...given, ...(find ? await found(context, given, options) : [])];
  const uris = boards.flatMap(({ links }) => links.map((uri) => uri.trim()));
  const twice = uris.find((uri, index) => uris.indexOf(uri) !== index);
  if (twice !== undefined) throw usageError(`the board at ${twice} is named twice`);
  return boards;
}

const readEach = (uris: readonly string[]): readonly string[] =>
  uris.reduce<readonly string[]>((all, uri) => readCards(uri, all), []);

/** Those that answer, are not in the rack yet, and are meant: somebody else's may be in range. */
async function found(
  { out, signal }: CliContext,
  given: readonly RackBoard[],
  { yes = false }: Options,
): Promise<RackBoard[]> {
  if (!yes && !canAsk())
    throw usageError("--find: there is no terminal to confirm each board on, so add --yes");
  const known = new Set(given.flatMap(({ links }) => links.map((uri) => uri.trim())));
  const all = await findBoards({
    ...{ signal, told: (uri) => out.show(`Looking for a board at ${uri}`) },
    missed: (what) => out.say(`  not looked through: ${what}`),
  });
  const boards: RackBoard[] = [];
  for (const { links, says } of all) {
    if (links.some((uri) => known.has(uri))) continue;
    const where = links.join(" and ");
    out.say(`  found at ${where}: ${says}`);
    if (yes || (await askYes("Test this board? It makes and destroys wallets on it.", { signal })))
      boards.push({ links });
  }
  if (boards.length || given.length) return boards;
  const why = all.length ? "none of the boards was confirmed" : "no board answers here";
  throw usageError(`--find: ${why}, so none is tested`);
}

function asking({ signal }: CliContext) {
  return async (what: string): Promise<void> => {
    if (!canAsk()) throw new Error(`${what}: there is nobody to ask`);
    const done = await askLine(`${what}, then press Enter. `, { signal });
    if (done === undefined) throw new Error(`${what}: it was not done`);
  };
}

/** Each board by each of its links, before the first is touched. */
async function prepare(context: CliContext, bench: Bench, { destroy }: Options): Promise<void> {
  const { kit, boards, columns, says } = bench;
  const first = columns.filter(({ board, version }) => version === firstOf(boards[board]));
  const looks = await admit(
    context,
    first.map(({ card }) => card),
    { lookAt: kit.lookAt, empty: kit.empty, destroy },
  );
  // With versions to be put on it is said when they are.
  for (const [index, { card, version }] of first.entries())
    if (version === undefined) says[card.number - 1] = looks[index]?.says ?? "";
}
const firstOf = (board: RackBoard | undefined) => board?.firmware?.keys().next().value;

async function run(context: CliContext, bench: Bench): Promise<Result[]> {
  const { kit, boards, columns } = bench;
  const planned = columns.map(({ card, board }) => ({ ...kit.planned(card.place), board }));
  const checks = kit.plan(planned, { triples: true });
  if (!columns.length)
    return checks.map((check) => ({ check, outcome: "skipped", why: NO_BOARDS, ms: 0 }));
  const results: Result[] = [];
  let versions: readonly (string | undefined)[] = [];
  for (const phase of phasesOf(boards, columns, checks)) {
    await putOn(context, bench, versions, phase);
    versions = phase.versions;
    await perform(context, bench, checks, phase, results);
    if (context.signal.aborted) break;
  }
  return results;
}

/** The longest that flashing takes, twice over. */
const FLASH_MS = 900_000;

/** Boards get the versions of this phase, and say that they have them. */
async function putOn(
  { out }: CliContext,
  { kit, boards, columns, says }: Bench,
  before: readonly (string | undefined)[],
  { versions }: Phase,
): Promise<void> {
  for (const [index, version] of versions.entries()) {
    const command = version === undefined ? undefined : boards[index]?.firmware?.get(version);
    if (command === undefined || version === before[index]) continue;
    const own = columns.filter((one) => one.board === index && one.version === version);
    const name = own[0]?.name ?? "";
    await out.step(`${name}: its firmware is put on`, () => shell(command, FLASH_MS));
    for (const { card } of own) {
      const status = await card.status();
      await card.hangUp();
      says[card.number - 1] = kit.saidBy(status);
      const { firmware } = status;
      if (firmware === version) continue;
      const next = "See to the command that puts it on, in the rack's file.";
      throw new CliError(EXIT.UNEXPECTED, `${name}: the card says firmware ${firmware}`, next);
    }
  }
}

async function perform(
  { out, signal }: CliContext,
  { kit, columns }: Bench,
  checks: readonly Check[],
  phase: Phase,
  results: Result[],
): Promise<void> {
  const cards = columns.map(({ card }) => card);
  for (const index of phase.checks) {
    const check = checks[index]!;
    out.show(kit.fullTitle(check), `${results.length + 1} of ${checks.length}`);
    const result = await kit.perform(check, cards, signal);
    if (signal.aborted) break;
    results.push(result);
    if (result.outcome !== "skipped")
      out.say(`  ${result.outcome}  ${kit.fullTitle(check)}  ${(result.ms / 1000).toFixed(1)} s`);
  }
}
const NO_BOARDS =
  "no boards: --card URI, --rack FILE, --find, or KINCARD_BOARDS (serial:/dev/ttyACM0,tcp:HOST:PORT,...)";
