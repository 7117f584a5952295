/**
 * What the commands that sign for wallets share: the card that is the user's and unlocked, the
 * summary of what is to be signed, and the question before the card is asked. The card has no
 * display: what stands here is all that its owner gets to see.
 */

import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import type { CardSource } from "../../../sdk/signers/source.js";
import { visible } from "../../../sdk/crypto/text.js";
import { askYes } from "../asking/ask.js";
import type { CliContext } from "../context.js";
import { CliError, EXIT, resumable, usageError } from "../failure.js";
import { askExisting, assertAllowed, findCards, giveCode, meetFound, onlyCard } from "./meet.js";
import type { FoundCard, MetCard } from "./meet.js";
import { withCards, withCode, withJson, withTrust } from "../options.js";
import type { CardOptions, CodeOptions } from "../options.js";
import { canAsk } from "../asking/secrets.js";

export interface SigningOptions extends CardOptions, CodeOptions {
  readonly yes?: boolean;
}

/** `needed`: the command does nothing without a card. */
export const withSigning = (command: Command, needed = true): Command =>
  withCode(withTrust(withCards(withJson(command), false, needed))).option(
    "--yes",
    "sign without asking: what is signed is shown all the same",
  );

export interface Signing {
  readonly card: MetCard;
  /** Unlocks the card again where a question outlived its channel. */
  readonly source: CardSource;
}

/** The one card, met as the user's own and given the code. Nothing is signed yet. */
export async function openSigning(context: CliContext, options: SigningOptions): Promise<Signing> {
  onlyCard(options);
  assertAnswerable(options);
  const found = (await findCards(context, options)) as [FoundCard];
  assertAllowed(found[0], "SIGN");
  const [card] = (await meetFound(context, found, options)) as [MetCard];
  const code = await askExisting(context, options);
  await giveCode(context, card, code);
  const source = async () => {
    if (!card.session.unlocked) await giveCode(context, card, code);
    return card.session;
  };
  return { card, source };
}

function assertAnswerable({ yes }: SigningOptions): void {
  if (!yes && !canAsk()) {
    throw usageError("there is no terminal to ask on: add --yes to sign what the summary shows");
  }
}

/** One line of a summary: its name, and its value made harmless. */
export type Line = readonly [name: string, value: string];

export function summaryLines(lines: readonly Line[]): string[] {
  const width = Math.max(...lines.map(([name]) => name.length));
  return lines.map(([name, value]) => `  ${name.padEnd(width)}  ${visible(value)}`);
}

/** Shows what the card is to sign, and asks unless --yes. */
export async function approve(
  { out, signal }: CliContext,
  what: string,
  lines: readonly Line[],
  { yes }: SigningOptions,
): Promise<void> {
  out.say(what);
  for (const line of summaryLines(lines)) out.say(line);
  if (yes || (await askYes("Does the card sign this?", { signal }))) return;
  throw resumable("You did not agree: nothing was signed.", "The card keeps its state.");
}

/** A file that says what to sign. Nothing was asked of a card yet. */
export async function readInput(flag: string, path: string): Promise<Uint8Array> {
  try {
    return new Uint8Array(await readFile(path));
  } catch (error) {
    const what = `${flag} ${path} can't be read: ${(error as Error).message}`;
    throw new CliError(EXIT.FILES, what, "Choose another file. No card was asked for anything.");
  }
}
