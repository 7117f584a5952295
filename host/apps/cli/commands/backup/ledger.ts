/** `kincard ledger`: which cards hold this key? Each card's signed word, and whether they agree. */

import type { Command } from "commander";
import { formatLabel } from "../../../../sdk/card/label.js";
import { compareLedgers, signedLedger } from "../../../../sdk/card/ledger.js";
import type { Ledger } from "../../../../sdk/card/ledger.js";
import { isCardError } from "../../../../sdk/card/words.js";
import type { AccessCode } from "../../../../sdk/crypto/code.js";
import { VerifyError } from "../../../../sdk/failures/failure.js";
import { isZero, toHex } from "../../../../sdk/crypto/bytes.js";
import { HOLD_MS } from "../../../../sdk/relay/events.js";
import { SLOT_STATES } from "../../../../sdk/wire/generated.js";
import type { CliContext } from "../../context.js";
import { CliError, EXIT } from "../../failure.js";
import {
  askExisting,
  askFor,
  assertAllowed,
  findCards,
  giveCode,
  meetFound,
  presented,
} from "../../cards/meet.js";
import type { MetCard } from "../../cards/meet.js";
import { withCards, withCode, withJson, withTrust } from "../../options.js";
import type { CardOptions, CodeOptions } from "../../options.js";
import { act } from "../../run.js";

export function addLedger(program: Command): void {
  const text = "show which cards hold the key, signed by each card; several are compared";
  const command = program.command("ledger").description(text);
  withCode(withTrust(withCards(withJson(command), true))).action(act(ledger));
}

async function ledger(context: CliContext, options: CardOptions & CodeOptions) {
  const ledgers: Ledger[] = [];
  for (const card of await unlockEach(context, options)) {
    const { session, name, guard } = card;
    const read = () => session.ledger();
    const done = `The ${name} signed its ledger`;
    ledgers.push(
      await context.out.step(`The ${name} signs its ledger`, read, { holdMs: HOLD_MS.read, done }),
    );
    const { setId, state } = ledgers.at(-1) as Ledger;
    await guard.learned(presented(card), { setId, state });
  }
  assertOneSet(ledgers);
  return { json: { ledgers: ledgers.map(ledgerJson) }, text: ledgers.flatMap(describe) };
}

/**
 * One code for all cards, and where a card has another, that one's own: asked for, or the
 * descriptor's next line. No card is given a code twice that it refused.
 */
async function unlockEach(context: CliContext, options: CardOptions & CodeOptions) {
  const found = await findCards(context, options);
  for (const card of found) assertAllowed(card, "LEDGER");
  const first = await askExisting(context, options);
  const met = await meetFound(context, found, options);
  const unlocked: MetCard[] = [];
  for (const card of met) unlocked.push(await unlockOne(context, options, card, first));
  return unlocked;
}

async function unlockOne(
  context: CliContext,
  options: CardOptions & CodeOptions,
  card: MetCard,
  first: AccessCode,
): Promise<MetCard> {
  try {
    await giveCode(context, card, first);
    return card;
  } catch (error) {
    if (!isCardError(error, "WRONG_CODE") || options.card.length < 2) throw error;
    const { out } = context;
    out.warn(`the ${card.name} has another access code, and counts a wrong one.`);
    const fd = { fd: options.codeFd, flag: "--code-fd" };
    const own = await askFor(context, `Access code of the ${card.name}`, fd).catch(noMore);
    // Nothing more to try: what the card said stands.
    if (!own || own.same(first)) throw error;
    // A refusal ended the channel. The same card, by its id.
    const again = { ...options, card: [card.uri], expect: [toHex(card.certificate.id)] };
    const [anew] = await meetFound(context, [card], again);
    await giveCode(context, anew as MetCard, own);
    return anew as MetCard;
  }
}

/** There is no other code; who stopped at the question stopped. */
function noMore(reason: unknown): undefined {
  if (reason instanceof CliError && reason.exit === EXIT.RESUMABLE) throw reason;
  return undefined;
}

/** Every copy must be one of the source shown, if a source is shown. */
function assertOneSet(ledgers: readonly Ledger[]): void {
  const source = ledgers.find(({ state }) => state !== "COPY");
  if (!source) return;
  for (const other of ledgers) {
    const faults = other === source ? [] : compareLedgers(source, other);
    if (!faults.length) continue;
    const [copy, of] = [formatLabel(other.ownId), formatLabel(source.ownId)];
    throw new VerifyError("verify/copy", { faults, copy, source: of });
  }
}

export function ledgerJson(ledger: Ledger): object {
  return {
    id: toHex(ledger.ownId),
    label: formatLabel(ledger.ownId),
    state: ledger.state,
    copy: ledger.copy,
    setSize: ledger.setSize,
    setId: toHex(ledger.setId),
    publicKey: toHex(ledger.publicKey),
    sourceId: toHex(ledger.sourceId),
    slots: ledger.slots.map(({ state, id, transferHash }) => ({
      ...{ state, id: toHex(id), transferHash: toHex(transferHash) },
    })),
    signed: toHex(signedLedger(ledger)),
  };
}

function describe(ledger: Ledger): string[] {
  const { state, copy, setSize, publicKey, setId, ownId, sourceId, slots } = ledger;
  const head = [
    `card        ${formatLabel(ownId)}  ${state}, copy ${copy} of at most ${setSize}`,
    `public key  ${toHex(publicKey)}`,
    `set id      ${toHex(setId)}`,
  ];
  if (state === "COPY") return [...head, `source      ${formatLabel(sourceId)}`, ""];
  const places = slots.slice(0, setSize - 1).map(({ state: slot, id }, index) => {
    const who = isZero(id) ? "-" : formatLabel(id);
    return `copy ${index + 2}      ${who}  ${slot}: ${SLOT_STATES[slot].means}`;
  });
  return [...head, ...places, ""];
}
