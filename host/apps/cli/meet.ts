/**
 * The first steps with any card: find it, check that it is genuine, give it the access code.
 */

import type { Certificate } from "../../sdk/card/certificate.js";
import type { Status } from "../../sdk/card/commands/index.js";
import { formatLabel } from "../../sdk/card/label.js";
import { CardSession } from "../../sdk/card/session.js";
import { CardError } from "../../sdk/card/words.js";
import type { AccessCode } from "../../sdk/crypto/code.js";
import { HOLD_MS } from "../../sdk/relay/events.js";
import { COMMANDS, STATUS_WORDS } from "../../sdk/wire/generated.js";
import type { CommandName } from "../../sdk/wire/generated.js";
import type { CliContext } from "./context.js";
import { usageError } from "./failure.js";
import { tellGesture } from "./gesture.js";
import type { CardOptions, CodeOptions } from "./options.js";
import { askCode } from "./secrets.js";
import type { SecretOptions } from "./secrets.js";
import { trustedMaker } from "./trust.js";

/** A card on an open link, nothing proven yet. */
export interface FoundCard {
  readonly uri: string;
  readonly session: CardSession;
  readonly status: Status;
}
/** A genuine card, its channel open. */
export interface MetCard extends FoundCard {
  readonly certificate: Certificate;
  /** For people: "card 9Q3K-...". */
  readonly name: string;
}

const CHANNEL_MS = 700;

export async function findCard(context: CliContext, uri: string): Promise<FoundCard> {
  const session = new CardSession(await context.open(uri));
  session.onGesture = tellGesture(context.out);
  return { uri, session, status: await session.greet() };
}

/** The one card that a command works on. */
export function onlyCard(options: CardOptions): string {
  const [uri, another] = options.card;
  if (uri === undefined || another !== undefined) {
    throw usageError("this command works on one card: give --card once");
  }
  return uri;
}

export async function findCards(context: CliContext, options: CardOptions): Promise<FoundCard[]> {
  assertExpected(options);
  const found: FoundCard[] = [];
  for (const uri of options.card) found.push(await findCard(context, uri));
  return found;
}

/** Opens the channels. Questions come before: an idle channel ends by itself. */
export async function meetFound(
  { out, signal }: CliContext,
  found: readonly FoundCard[],
  options: CardOptions,
): Promise<MetCard[]> {
  const links = found.map(({ uri, status: { demo } }) => ({ uri, demo }));
  const maker = await trustedMaker(options, links, out);
  const met: MetCard[] = [];
  for (const [index, card] of found.entries()) {
    const expectId = options.expect?.[index];
    const { certificate } = await out.step(
      `The card at ${card.uri} proves that it is genuine`,
      () => card.session.openChannel({ maker, expectId, signal }),
      { holdMs: CHANNEL_MS, done: `The card at ${card.uri} is genuine` },
    );
    met.push({ ...card, certificate, name: `card ${formatLabel(certificate.id)}` });
  }
  return met;
}

export async function meetCard(context: CliContext, options: CardOptions): Promise<MetCard> {
  onlyCard(options);
  const found = await findCards(context, options);
  return (await meetFound(context, found, options))[0] as MetCard;
}

function assertExpected({ card, expect }: CardOptions): void {
  if (expect && expect.length !== card.length) {
    throw usageError(
      `--expect was given ${expect.length} times and --card ${card.length} times: one label a card`,
    );
  }
}

/** Says at once what the card would say after all the questions. */
export function assertAllowed({ status }: FoundCard, name: CommandName): void {
  const cell = COMMANDS.find((command) => command.name === name)?.cells[status.state];
  if (typeof cell === "string") throw new CardError(STATUS_WORDS[cell].value, name);
}

export function askExisting(context: CliContext, { codeFd }: CodeOptions): Promise<AccessCode> {
  return askFor(context, "Access code", { fd: codeFd, flag: "--code-fd" });
}
/** The code is wiped when the program ends. */
export async function askFor(context: CliContext, question: string, options: SecretOptions) {
  const code = await askCode(question, { ...options, signal: context.signal });
  context.atEnd(() => code.wipe());
  return code;
}

/** Asks for the code, and gives it to every card; `purpose` is what they are to do then. */
export async function unlockCards(
  context: CliContext,
  options: CardOptions & CodeOptions,
  purpose: CommandName,
): Promise<MetCard[]> {
  const found = await findCards(context, options);
  for (const card of found) assertAllowed(card, purpose);
  const code = await askExisting(context, options);
  const cards = await meetFound(context, found, options);
  for (const card of cards) await giveCode(context, card, code);
  return cards;
}

export async function unlockCard(
  context: CliContext,
  options: CardOptions & CodeOptions,
  purpose: CommandName,
): Promise<MetCard> {
  onlyCard(options);
  return (await unlockCards(context, options, purpose))[0] as MetCard;
}

export async function giveCode(
  { out, signal }: CliContext,
  { name, session }: MetCard,
  code: AccessCode,
): Promise<void> {
  await out.step(
    `The ${name} checks your access code`,
    (onProgress) => session.enterCode(code, { onProgress, signal }),
    { holdMs: HOLD_MS.check, done: `The ${name} took your access code` },
  );
}
