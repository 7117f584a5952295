/**
 * `kincard conform`: the conformance kit (docs/conformance.md) on anything that speaks a link. It
 * makes and destroys wallets, so cards that hold one are touched only when the user says so.
 */

import type { Command } from "commander";
import type { Check, Result } from "../../../conform/check.js";
import type { Card } from "../../../conform/card.js";
import * as counts from "../../../terminal/counts.js";
import { writeAtomic } from "../../../../sdk/files/atomic.js";
import { now } from "../../../../sdk/links/clock.js";
import { admit } from "../../cards/admit.js";
import type { CliContext } from "../../context.js";
import { EXIT, resumable, usageError } from "../../failure.js";
import { assertCanWrite } from "../../files.js";
import { readMakerKey, withCards, withJson } from "../../options.js";
import type { CommonOptions } from "../../options.js";
import { act } from "../../run.js";
import type { CommandResult } from "../../run.js";

interface Options extends CommonOptions {
  readonly makerKey?: Uint8Array | "demo";
  readonly card: readonly string[];
  readonly control?: readonly string[];
  readonly destroy?: boolean;
  readonly list?: boolean;
  readonly only?: readonly string[];
  readonly report?: string;
  readonly seed: string;
  readonly slow?: boolean;
}
type Kit = typeof import("../../../conform/kit.js");

const MOST_CARDS = 3;
/** Fixed, so that what an interrupted run left on a card is known to the next one. */
const SEED = "kincard conformance kit 1";
const again = (text: string, before: readonly string[] = []) => [...before, text];

export function addConform(program: Command): void {
  const text = "the conformance kit on one, two or three cards; it makes and destroys wallets";
  const command = program.command("conform").description(text);
  withCards(withJson(command), true)
    .option(
      "--maker-key <hex>",
      "the maker's public key, of cards that are no demo cards",
      readMakerKey,
    )
    .option("--destroy", "cards that hold a wallet or an offer are emptied")
    .option("--control <uri>", "power, button and time of a board, in the order of --card", again)
    .option("--only <text>", "only groups and checks whose name holds this; repeat it", again)
    .option("--slow", "wait a minute where time can't be moved")
    .option("--list", "the checks by name; touches nothing")
    .option("--report <file>", "write the report there, as JSON")
    .option("--seed <text>", "of the kit's own keys", SEED)
    .action(act(conform));
}

async function conform(context: CliContext, options: Options): Promise<CommandResult> {
  if (options.card.length > MOST_CARDS) throw usageError("the kit takes at most three cards");
  if (new Set(options.card).size < options.card.length) throw usageError("a card is named twice");
  if ((options.control?.length ?? 0) > options.card.length) {
    throw usageError("--control was given more often than --card");
  }
  if (options.report !== undefined) await assertCanWrite("--report", options.report);
  const kit = await import("../../../conform/kit.js");
  const cards = await kit.cardsAt(options.card, {
    ...{ control: options.control, slow: options.slow, signal: context.signal },
    maker: options.makerKey === "demo" ? undefined : options.makerKey,
  });
  const checks = chosen(kit, cards, options);
  if (options.list) return listed(checks);
  context.out.say(`  ${kit.USED}`);
  const looks = await admit(context, cards, {
    ...{ lookAt: kit.lookAt, destroy: options.destroy },
    empty: (card) => kit.emptied(card, options.seed),
  });
  const about = cards.map(({ place }, index) => {
    const { firmware = "", demo = false } = looks[index] ?? {};
    return { uri: place.name, firmware, demo };
  });
  context.resume =
    "The cards may hold a wallet of the kit's own: run the same command again with --destroy.";
  const results = await run(context, kit, cards, checks);
  const report = kit.report(about, results, options.seed);
  const json = `${JSON.stringify(report, null, 1)}\n`;
  if (options.report !== undefined) await writeAtomic(options.report, json);
  // What was found until then is in the file.
  if (context.signal.aborted) throw resumable("Interrupted.", context.resume);
  const exit = report.failed ? EXIT.UNEXPECTED : EXIT.OK;
  return { json: report, text: summary(kit, results), exit };
}

function chosen(kit: Kit, cards: readonly Card[], { only, seed }: Options): Check[] {
  const all = kit.planKit(
    cards.map(({ place }) => kit.planned(place)),
    seed,
  );
  if (!only) return all;
  const wanted = all.filter(({ group, title }) =>
    only.some((text) => group.includes(text) || title.includes(text)),
  );
  if (!wanted.length) throw usageError("--only names no check: see `kincard conform --list`");
  return wanted;
}

function listed(checks: readonly Check[]): CommandResult {
  const list = checks.map(({ group, title, cards }) => {
    return { group, title, cards: cards.map((index) => index + 1) };
  });
  const text = list.map(({ group, title, cards }) => `${group} | ${title} | ${cards.join(" ")}`);
  return { json: { checks: list }, text };
}

async function run(
  { out, signal }: CliContext,
  kit: Kit,
  cards: readonly Card[],
  checks: readonly Check[],
): Promise<Result[]> {
  const results: Result[] = [];
  const start = now();
  try {
    for (const [index, check] of checks.entries()) {
      const left = index ? ((now() - start) / index) * (checks.length - index) : 0;
      const seconds = left ? `, about ${Math.ceil(left / 1000)} s left` : "";
      out.show(`${check.group}: ${check.title}`, `${index + 1} of ${checks.length}${seconds}`);
      const result = await kit.perform(check, cards, signal);
      if (signal.aborted) break;
      results.push(result);
      if (result.outcome === "failed") {
        out.say(`  ${out.paint("red", "failed")} ${check.group}: ${kit.fullTitle(check)}`);
        out.say(`    ${result.why.replaceAll("\n", "\n    ")}`);
      }
      // Each group tells when it is over.
      if (checks[index + 1]?.group === check.group) continue;
      const of = results.filter(({ check: { group } }) => group === check.group);
      out.say(`  ${check.group}: ${counted(kit, of)}`);
    }
  } finally {
    for (const card of cards) await card.letGo();
  }
  return results;
}

const counted = (kit: Kit, of: readonly Result[]) => counts.summary(kit.count(of));

/** A line a group, why some were skipped, and the sum. */
function summary(kit: Kit, results: readonly Result[]): string[] {
  const groups = kit.grouped(results);
  const width = Math.max(0, ...groups.map(([name]) => name.length));
  const why = new Map<string, number>();
  for (const { outcome, why: reason } of results) {
    if (outcome === "skipped") why.set(reason, (why.get(reason) ?? 0) + 1);
  }
  return [
    ...groups.map(([name, of]) => `${name.padEnd(width)}  ${counted(kit, of)}`),
    ...[...why].map(([reason, times]) => `skipped ${times} times: ${reason}`),
    counted(kit, results),
  ];
}
