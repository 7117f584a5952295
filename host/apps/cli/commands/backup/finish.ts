/** `kincard finish`: the source closes its set for good, with fewer copies than it has places. */

import type { Command } from "commander";
import { HOLD_MS } from "../../../../sdk/relay/events.js";
import type { CliContext } from "../../context.js";
import { presented, unlockCard } from "../../cards/meet.js";
import { withCards, withCode, withJson, withTrust } from "../../options.js";
import type { CardOptions, CodeOptions } from "../../options.js";
import { act } from "../../run.js";
import { ledgerJson } from "./ledger.js";

/** About as long as a board works on it. */
const HOLD_FINISH_MS = 300;

interface Options extends CardOptions, CodeOptions {
  readonly unconfirmed?: boolean;
}

export function addFinish(program: Command): void {
  const text = "close a source's set for good: it never gives its key again";
  const command = program.command("finish").description(text);
  withCode(withTrust(withCards(withJson(command))))
    .option("--unconfirmed", "even if a sealed copy has not been confirmed (it may hold the key)")
    .action(act(finish));
}

async function finish(context: CliContext, options: Options) {
  const card = await unlockCard(context, options, "FINISH");
  const { session, name, guard } = card;
  const ledger = await context.out.step(
    `The ${name} closes its set for good`,
    async () => {
      await session.finish({ unconfirmed: options.unconfirmed });
      return session.ledger();
    },
    { holdMs: HOLD_FINISH_MS + HOLD_MS.read, done: `The ${name} closed its set for good` },
  );
  await guard.learned(presented(card), { setId: ledger.setId, state: ledger.state });
  return { json: ledgerJson(ledger), text: [`${name}  ${ledger.state}`] };
}
