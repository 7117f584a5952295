/**
 * `kincard confirm`: the source's last tap. It takes the receipts that a run carries, and its own
 * ledger, inside the channel, says which copies it knows now; a plain 9000 proves nothing.
 */

import type { Command } from "commander";
import { formatLabel } from "../../../../sdk/card/label.js";
import { slotOf } from "../../../../sdk/card/ledger.js";
import { equal, toHex } from "../../../../sdk/crypto/bytes.js";
import { Failure } from "../../../../sdk/failures/failure.js";
import { HOLD_MS } from "../../../../sdk/relay/events.js";
import { Relay } from "../../../../sdk/relay/relay.js";
import type { RunCopy } from "../../../../sdk/relay/run/run.js";
import { runFile } from "../../../../sdk/relay/run/file.js";
import type { CliContext } from "../../context.js";
import { usageError } from "../../failure.js";
import { onlyCard, presented, unlockCard } from "../../cards/meet.js";
import { withCards, withCode, withJson, withTrust } from "../../options.js";
import type { CardOptions, CodeOptions } from "../../options.js";
import { act } from "../../run.js";

interface Options extends CardOptions, CodeOptions {
  readonly run: string;
}
type Receipted = RunCopy & { receipt: Uint8Array };

export function addConfirm(program: Command): void {
  const text = "bring a source the receipts in a run file (its last tap)";
  const command = program.command("confirm").description(text);
  withCode(withTrust(withCards(withJson(command))))
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
  const card = await unlockCard(context, options, "LEDGER");
  const { session, guard, certificate } = card;
  if (run.source && !equal(run.source.id, certificate.id)) {
    throw new Failure("backup/other-wallet", {});
  }
  const before = await session.ledger();
  const relay = new Relay(run, store);
  for (const copy of copies) {
    if (slotOf(before, copy.id)?.state === "CONFIRMED") continue;
    const label = formatLabel(copy.id);
    await context.out.step(
      `The card at ${uri} takes the receipt of ${label}`,
      () => relay.confirm(session, copy),
      { holdMs: HOLD_MS.confirm, done: `The card at ${uri} was given the receipt of ${label}` },
    );
  }
  const ledger = await session.ledger();
  const { state, setId } = ledger;
  await guard.learned(presented(card), { setId, state });
  for (const { id } of copies) {
    if (slotOf(ledger, id)?.state === "CONFIRMED") continue;
    throw new Failure("backup/not-confirmed", { label: formatLabel(id) });
  }
  if (state === "SHARED") await relay.done();
  const labels = copies.map(({ id }) => `The source knows that ${formatLabel(id)} arrived.`);
  const confirmed = copies.map(({ id }) => toHex(id));
  return { json: { state, confirmed }, text: [`${uri}  ${state}`, ...labels] };
}
