/** `kincard reset`: factory reset. It destroys the card's key, so it is asked for twice. */

import type { Command } from "commander";
import { matchesId } from "../../../../sdk/card/identity.js";
import { formatLabel } from "../../../../sdk/card/label.js";
import { toHex } from "../../../../sdk/crypto/bytes.js";
import { askLine } from "../../asking/ask.js";
import type { CliContext } from "../../context.js";
import { resumable, usageError } from "../../failure.js";
import { assertAllowed, askExisting, findCards, giveCode } from "../../cards/meet.js";
import { meetFound, onlyCard, refresh } from "../../cards/meet.js";
import type { FoundCard, MetCard } from "../../cards/meet.js";
import { readName, withCards, withCode, withJson, withTrust } from "../../options.js";
import type { CardOptions, CodeOptions } from "../../options.js";
import { act } from "../../run.js";
import { canAsk } from "../../asking/secrets.js";

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
  const [card] = (await meetFound(context, found, options, meeting(options))) as [MetCard];
  const code = holdsKey && !options.button ? await askExisting(context, options) : undefined;
  await confirmed(context, card, options);
  // The question may have taken longer than a channel lives: the card that was confirmed, no other.
  await refresh(context, card);
  if (code) await giveCode(context, card, code);
  await context.out.step(`The ${card.name} destroys its wallet key`, () => card.session.reset(), {
    holdMs: 900,
    done: `The ${card.name} is empty; it stays a genuine card`,
  });
  const { state: now } = await card.session.status();
  await card.guard.emptied(card.certificate.id, now);
  return {
    json: { id: toHex(card.certificate.id), state: now },
    text: [`${card.name}  ${now}`, "Other cards of its set still hold their keys."],
  };
}

/** Named by --confirm, the card is the user's, whether this host knows it or not. */
const meeting = ({ confirm }: Options) => ({ anyCard: confirm !== undefined });

/** The user names the card once more. */
async function confirmed(
  { signal }: CliContext,
  { certificate, status }: MetCard,
  { confirm }: Options,
): Promise<void> {
  const label = formatLabel(certificate.id);
  if (confirm !== undefined) {
    if (matchesId(confirm, certificate.id)) return;
    throw usageError(`--confirm does not name the card that is connected, which is ${label}`);
  }
  if (!canAsk()) throw usageError(`to reset this card, add --confirm ${label}`);
  const last = label.slice(-4);
  const question = `This destroys the key on ${label} (${status.state}). Type ${last} to go on: `;
  const answer = await askLine(question, { signal });
  if (answer?.trim().toUpperCase() === last) return;
  throw resumable("You did not confirm it: the card keeps its key.", "Nothing was changed.");
}
