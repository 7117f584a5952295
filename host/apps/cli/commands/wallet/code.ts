/** `kincard code`: a new access code for one card. Each card of a set has its own from then on. */

import type { Command } from "commander";
import { toHex } from "../../../../sdk/crypto/bytes.js";
import type { CliContext } from "../../context.js";
import { assertAllowed, askExisting, askFor, findCards, giveCode } from "../../cards/meet.js";
import { meetFound, onlyCard, withNewCode } from "../../cards/meet.js";
import type { FoundCard, MetCard } from "../../cards/meet.js";
import { readFd, withCards, withCode, withCost, withJson, withTrust } from "../../options.js";
import type { CardOptions, CodeOptions } from "../../options.js";
import { act } from "../../run.js";

interface Options extends CardOptions, CodeOptions {
  readonly newCodeFd?: number;
  readonly cost?: number;
}

export function addCode(program: Command): void {
  const text = "change the access code of one card (its copies keep theirs)";
  const command = program.command("code").description(text);
  withCost(withCode(withTrust(withCards(withJson(command)))))
    .option("--new-code-fd <n>", "read the new code from this file descriptor", readFd)
    .action(act(change));
}

async function change(context: CliContext, options: Options) {
  onlyCard(options);
  const { out, signal } = context;
  const found = await findCards(context, options);
  assertAllowed(found[0] as FoundCard, "CHANGE_CODE");
  const [card] = (await meetFound(context, found, options)) as [MetCard];
  const old = await askExisting(context, options);
  const ask = { fd: options.newCodeFd, flag: "--new-code-fd", fresh: true };
  const fresh = await askFor(context, "New access code", ask);
  await giveCode(context, card, old);
  const { cost } = options;
  const { made } = await withNewCode(card, cost, (onSalt) =>
    out.step(
      `The ${card.name} takes its new access code`,
      (onProgress) => card.session.changeCode(fresh, { cost, onProgress, signal, onSalt }),
      { holdMs: 1200, done: `The ${card.name} took its new access code` },
    ),
  );
  await card.guard.learned(made);
  const text = [`The ${card.name} has a new access code. Other cards of its set keep theirs.`];
  return { json: { id: toHex(card.certificate.id), changed: true }, text };
}
