/**
 * `kincard confirm`: the source's last tap. It takes the receipts that a run carries; no access
 * code is needed, because a receipt proves itself.
 */

import type { Command } from "commander";
import { formatLabel } from "../../../sdk/card/label.js";
import { toHex } from "../../../sdk/crypto/bytes.js";
import { HOLD_MS } from "../../../sdk/relay/events.js";
import { Relay } from "../../../sdk/relay/relay.js";
import type { RunCopy } from "../../../sdk/relay/run.js";
import { runFile } from "../../../sdk/relay/run-file.js";
import type { CliContext } from "../context.js";
import { usageError } from "../failure.js";
import { assertAllowed, findCard, onlyCard } from "../meet.js";
import { withCards, withJson } from "../options.js";
import type { CardOptions } from "../options.js";
import { act } from "../run.js";

interface Options extends CardOptions {
  readonly run: string;
}
type Receipted = RunCopy & { receipt: Uint8Array };

export function addConfirm(program: Command): void {
  const text = "bring a source the receipts in a run file (its last tap)";
  const command = program.command("confirm").description(text);
  withCards(withJson(command))
    .requiredOption("--run <file>", "the run of `kincard backup`")
    .action(act(confirm));
}

async function confirm(context: CliContext, options: Options) {
  const uri = onlyCard(options);
  const store = runFile(options.run);
  const run = await store.load();
  if (!run) throw usageError(`there is no run in ${options.run}`);
  const copies = run.copies.filter((copy): copy is Receipted => copy?.receipt !== undefined);
  if (!copies.length) throw usageError(`the run in ${options.run} holds no receipt yet`);
  const card = await findCard(context, uri);
  assertAllowed(card, "CONFIRM");
  const relay = new Relay(run, store);
  for (const copy of copies) {
    await context.out.step(
      `The card at ${uri} takes the receipt of ${formatLabel(copy.id)}`,
      () => relay.confirm(card.session, copy),
      { holdMs: HOLD_MS.confirm, done: `The source knows that ${formatLabel(copy.id)} arrived` },
    );
  }
  const { state } = await card.session.status();
  if (state === "SHARED") await relay.done();
  const confirmed = copies.map(({ id }) => toHex(id));
  return { json: { state, confirmed }, text: [`${uri}  ${state}`] };
}
