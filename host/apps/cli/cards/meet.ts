/**
 * The first steps with any card: find it, check that it is genuine and the user's, give it the
 * access code.
 */

import type { BookGuard, Presented } from "../../../sdk/book/guard.js";
import type { Certificate } from "../../../sdk/card/certificate.js";
import type { Status } from "../../../sdk/card/commands/index.js";
import { formatLabel } from "../../../sdk/card/label.js";
import { CardSession } from "../../../sdk/card/session.js";
import { CardError } from "../../../sdk/card/words.js";
import type { AccessCode } from "../../../sdk/crypto/code.js";
import { HOLD_MS } from "../../../sdk/relay/events.js";
import { COMMANDS, SCRYPT, SIZES, STATUS_WORDS } from "../../../sdk/wire/generated.js";
import type { CommandName } from "../../../sdk/wire/generated.js";
import type { CliContext } from "../context.js";
import { usageError } from "../failure.js";
import { tellGesture } from "./gesture.js";
import { expectedCards, guardFor } from "./known.js";
import type { CardOptions, CodeOptions } from "../options.js";
import { askCode } from "../asking/secrets.js";
import type { SecretOptions } from "../asking/secrets.js";
import { trustedMaker } from "./trust.js";

/** A card on an open link, nothing proven yet. */
export interface FoundCard {
  readonly uri: string;
  readonly session: CardSession;
  readonly status: Status;
}
/** A genuine card that the user named or that this host knows, its channel open. */
export interface MetCard extends FoundCard {
  readonly certificate: Certificate;
  /** For people: "card 9Q3K-...". */
  readonly name: string;
  /** Kmaker under which it is genuine. */
  readonly maker: Uint8Array;
  readonly guard: BookGuard;
}

const CHANNEL_MS = 700;
const GREETING_MS = 500;

export async function findCard(context: CliContext, uri: string): Promise<FoundCard> {
  const session = new CardSession(await context.open(uri));
  session.onGesture = tellGesture(context.out);
  const { out } = context;
  const status = await out.awaited(`The card at ${uri}`, GREETING_MS, () => session.greet());
  return { uri, session, status };
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
  await assertExpected(options);
  const found: FoundCard[] = [];
  for (const uri of options.card) found.push(await findCard(context, uri));
  return found;
}

/** `anyCard`: nothing is asked of it that only the user's own cards may be asked. */
export interface MeetOptions {
  readonly anyCard?: boolean;
}

/** Opens the channels, and sees to it that these are the user's cards. */
export async function meetFound(
  context: CliContext,
  found: readonly FoundCard[],
  options: CardOptions,
  { anyCard = false }: MeetOptions = {},
): Promise<MetCard[]> {
  const { out, signal } = context;
  const links = found.map(({ uri, status: { demo } }) => ({ uri, demo }));
  const maker = await trustedMaker(options, links, out);
  const expected = await expectedCards(options);
  const guard = await guardFor(context, options);
  const met: MetCard[] = [];
  for (const [index, card] of found.entries()) {
    const expectId = expected?.[index];
    const { certificate } = await out.step(
      `The card at ${card.uri} proves that it is genuine`,
      () => card.session.openChannel({ maker, expectId, signal }),
      { holdMs: CHANNEL_MS, done: `The card at ${card.uri} is genuine` },
    );
    const name = `card ${formatLabel(certificate.id)}`;
    met.push({ ...card, certificate, name, maker, guard });
    if (!anyCard || expectId !== undefined) await guard.admit(presented(met[index] as MetCard));
  }
  return met;
}

export async function meetCard(
  context: CliContext,
  options: CardOptions,
  meeting?: MeetOptions,
): Promise<MetCard> {
  onlyCard(options);
  const found = await findCards(context, options);
  return (await meetFound(context, found, options, meeting))[0] as MetCard;
}

/** What the guard sees of a card; its channel is open. */
export function presented({ session, certificate, maker }: MetCard): Presented {
  const { salt, cost } = session.channel ?? { salt: NO_SALT, cost: 0 };
  return { id: certificate.id, maker, salt, cost };
}
const NO_SALT = new Uint8Array(SIZES.SALT);

/** A new channel to the very same card, when a question may have outlived the old one. */
export async function refresh({ signal }: CliContext, card: MetCard): Promise<void> {
  const { session, maker, certificate } = card;
  if (session.channel?.isFresh) return;
  await session.openChannel({ maker, expectId: certificate.id, signal });
}

async function assertExpected(options: CardOptions): Promise<void> {
  const { card, expect } = options;
  if (expect && expect.length !== card.length) {
    throw usageError(
      `--expect was given ${expect.length} times and --card ${card.length} times: one label a card`,
    );
  }
  await expectedCards(options);
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

/**
 * Meets the cards, asks for the code, and gives it to each; `purpose` is what they are to do then.
 */
export async function unlockCards(
  context: CliContext,
  options: CardOptions & CodeOptions,
  purpose: CommandName,
): Promise<MetCard[]> {
  const found = await findCards(context, options);
  for (const card of found) assertAllowed(card, purpose);
  const cards = await meetFound(context, found, options);
  const code = await askExisting(context, options);
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

/** The only place from which a single card gets a code that exists. */
export async function giveCode(
  context: CliContext,
  card: MetCard,
  code: AccessCode,
): Promise<void> {
  const { out, signal } = context;
  const { name, session, guard, status } = card;
  await refresh(context, card);
  await guard.mayStretch(presented(card));
  // The question may have taken longer than a channel lives.
  await refresh(context, card);
  await out.step(
    `The ${name} checks your access code`,
    (onProgress) => session.enterCode(code, { onProgress, signal }),
    { holdMs: HOLD_MS.check, done: `The ${name} took your access code` },
  );
  await guard.learned(presented(card), { state: status.state });
}

/** Runs what gives a card a new code, and notes how it is stretched. */
export async function withNewCode<T>(
  card: MetCard,
  cost: number = SCRYPT.DEFAULT,
  give: (onSalt: (salt: Uint8Array) => Promise<void>) => Promise<T>,
): Promise<{ result: T; made: Presented }> {
  const { guard, certificate, maker } = card;
  let salt: Uint8Array = NO_SALT;
  const result = await give(async (drawn) => {
    await guard.mayTakeSalt(drawn);
    salt = drawn;
  });
  return { result, made: { id: certificate.id, maker, salt, cost } };
}
