/** `kincard reset`: factory reset. It destroys the card's key, so it is asked for twice. */

import type { Command } from "commander";
import { matchesId } from "../../../sdk/card/identity.js";
import { formatLabel } from "../../../sdk/card/label.js";
import { toHex } from "../../../sdk/crypto/bytes.js";
import type { CliContext } from "../context.js";
import { resumable, usageError } from "../failure.js";
import { assertAllowed, askExisting, findCards, giveCode } from "../meet.js";
import { meetFound, onlyCard } from "../meet.js";
import type { FoundCard, MetCard } from "../meet.js";
import { readName, withCards, withCode, withJson, withTrust } from "../options.js";
import type { CardOptions, CodeOptions } from "../options.js";
import { act } from "../run.js";
import { canAsk } from "../secrets.js";

interface Options extends CardOptions, CodeOptions {
  readonly button?: boolean;
  readonly confirm?: string;
}

export function addReset(program: Command): void {
  const text = "factory reset: destroy the wallet key on one card for good";
  const command = program.command("reset").description(text);
  withCode(withTrust(withCards(withJson(command))))
    .option("--button", "without the access code, by the card's button: the command says when")
    .option("--confirm <label>", "the card's label again, instead of being asked for it", readName)
    .action(act(reset));
}

async function reset(context: CliContext, options: Options) {
  onlyCard(options);
  const found = (await findCards(context, options)) as [FoundCard];
  assertAllowed(found[0], "RESET");
  const { state } = found[0].status;
  // A copy that no code ever unlocked is reset without it: the card knows whether it is one.
  if (options.button && !found[0].status.button && state !== "OFFERED" && state !== "COPY") {
    throw resumable("This card has no button.", "Nothing was changed. Reset it by its code.");
  }
  const holdsKey = state !== "EMPTY" && state !== "OFFERED";
  const code = holdsKey && !options.button ? await askExisting(context, options) : undefined;
  let [card] = (await meetFound(context, found, options)) as [MetCard];
  await confirmed(card, options);
  // The question may have taken longer than a channel lives.
  if (!card.session.channel?.isFresh)
    [card] = (await meetFound(context, found, options)) as [MetCard];
  if (code) await giveCode(context, card, code);
  await context.out.step(`The ${card.name} destroys its wallet key`, () => card.session.reset(), {
    holdMs: 900,
    done: `The ${card.name} is empty; it stays a genuine card`,
  });
  const { state: now } = await card.session.status();
  return {
    json: { id: toHex(card.certificate.id), state: now },
    text: [`${card.name}  ${now}`, "Other cards of its set still hold their keys."],
  };
}

/** The user names the card once more. */
async function confirmed({ certificate, status }: MetCard, { confirm }: Options): Promise<void> {
  const label = formatLabel(certificate.id);
  if (confirm !== undefined) {
    if (matchesId(confirm, certificate.id)) return;
    throw usageError(`--confirm does not name the card that is connected, which is ${label}`);
  }
  if (!canAsk()) throw usageError(`to reset this card, add --confirm ${label}`);
  const { isCancel, text } = await import("@clack/prompts");
  const last = label.slice(-4);
  const answer = await text({
    message: `This destroys the key on ${label} (${status.state}). Type ${last} to go on`,
    output: process.stderr,
    withGuide: false,
  });
  if (!isCancel(answer) && answer.trim().toUpperCase() === last) return;
  throw resumable("You did not confirm it: the card keeps its key.", "Nothing was changed.");
}
