/**
 * What a run shows: the cards, the chain of trust from Kmaker to each Klink, who gave a key to whom;
 * how much of it was sealed, and what was `open` to whoever carried it. Nothing is needed for it
 * but the recording, and Kmaker to tell genuine chains from others. Browser-safe.
 */

import { parseCertificate } from "../card/certificate.js";
import { formatLabel } from "../card/label.js";
import { verifyOffer, verifyTransfer } from "../card/messages.js";
import { concat, toHex } from "../crypto/bytes.js";
import { LAYOUTS, SIZES } from "../wire/generated.js";
import { dataOf } from "./explain.js";
import { isExchange } from "./format.js";
import type { Exchange, Run } from "./format.js";
import type { Cover } from "./parts.js";

export interface SeenCard {
  /** Of its link's name ("card B"), or the next that is free, in the order of their use. */
  readonly letter: string;
  readonly link: string;
  /** What the card's certificate says, where one passed. */
  label?: string;
  makerId?: string;
  /** It passed in the clear, for whoever carried it to read. */
  open?: true;
  /** How long its answers were waited for, link and card together: milliseconds. */
  waits: Waits;
}
export interface Waits {
  readonly commands: number;
  readonly ms: number;
  readonly longest: { readonly name: string; readonly ms: number };
}
/** One OFFER or TRANSFER as it passed. */
export interface SeenMessage {
  readonly message: "OFFER" | "TRANSFER";
  /** When it passed first, and on which link. */
  readonly at: number;
  readonly link: string;
  /** The label of the card that signed it, and the others it names. */
  readonly from: string;
  readonly klink: string;
  readonly about: string;
  /** Kmaker -> Kcard -> Klink, each signature checked; undefined without a Kmaker. */
  readonly genuine?: boolean;
  /** It passed in the clear. */
  readonly open: boolean;
  readonly bytes: Uint8Array;
}
export interface Learned {
  readonly cards: readonly SeenCard[];
  readonly messages: readonly SeenMessage[];
  readonly exchanges: number;
  /** Of those, through a channel. */
  readonly sealed: number;
  /** Bytes of all APDUs and answers, by what protects them. */
  readonly bytes: Readonly<Record<Cover, number>>;
}

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** `makers`: the Kmakers [33] that the reader trusts. */
export function learn(run: Run, makers: readonly Uint8Array[] = []): Learned {
  const cards: SeenCard[] = [];
  const messages = new Map<string, SeenMessage>();
  const bytes = { frame: 0, public: 0, signed: 0, signature: 0, mac: 0, sealed: 0, secret: 0 };
  const exchanges = run.entries.filter(isExchange);
  const wholes = new Map<string, Whole>();
  for (const exchange of exchanges) {
    const card = cardOn(cards, exchange.link);
    card.waits = longer(card.waits, exchange);
    for (const { cover, size } of [...exchange.commandParts, ...exchange.answerParts])
      bytes[cover] += size;
    const open = !exchange.sealed;
    const whole = wholes.get(exchange.link) ?? new Whole();
    wholes.set(exchange.link, whole);
    for (const { name, data, side } of open ? whole.take(exchange) : insideData(exchange)) {
      if (name === "CERTIFICATE" && side === "answer") nameCard(card, data, open);
      const message = messageIn(name, side);
      if (message === undefined || data.length !== SIZES[message]) continue;
      if (side === "answer") nameCard(card, certificateIn(data), open);
      const key = toHex(data);
      const known = messages.get(key);
      if (!known) messages.set(key, { ...seen(message, exchange, data, makers), open });
      else if (open) messages.set(key, { ...known, open });
    }
  }
  const sealed = exchanges.filter((exchange) => exchange.sealed).length;
  return { cards, messages: [...messages.values()], exchanges: exchanges.length, sealed, bytes };
}

function cardOn(cards: SeenCard[], link: string): SeenCard {
  const known = cards.find((card) => card.link === link);
  if (known) return known;
  const taken = cards.map((card) => card.letter);
  const named = /^card ([a-z])$/i.exec(link)?.[1]?.toUpperCase();
  const free = [named ?? "", ...LETTERS].find((each) => each !== "" && !taken.includes(each));
  const letter = free ?? (LETTERS[cards.length % LETTERS.length] as string);
  const card: SeenCard = { letter, link, waits: NO_WAIT };
  cards.push(card);
  return card;
}

const NO_WAIT: Waits = { commands: 0, ms: 0, longest: { name: "", ms: 0 } };
const longer = ({ commands, ms, longest }: Waits, { name, ms: more }: Exchange): Waits => ({
  commands: commands + 1,
  ms: Math.round(10 * (ms + more)) / 10,
  longest: more > longest.ms ? { name, ms: more } : longest,
});

function nameCard(card: SeenCard, certificate: Uint8Array, open: boolean): void {
  if (certificate.length !== SIZES.CERT) return;
  const { id, makerId } = parseCertificate(certificate);
  card.label = formatLabel(id);
  card.makerId = toHex(makerId);
  if (open) card.open = true;
}
const certificateIn = (message: Uint8Array) =>
  message.slice(SIZES.HEADER, SIZES.HEADER + SIZES.CERT);

function messageIn(name: string, side: "command" | "answer"): SeenMessage["message"] | undefined {
  if ((name === "OFFER" && side === "answer") || (name === "SEAL" && side === "command"))
    return "OFFER";
  if ((name === "SEAL" && side === "answer") || (name === "ACCEPT" && side === "command"))
    return "TRANSFER";
  return undefined;
}

function seen(
  message: SeenMessage["message"],
  { at, link }: Exchange,
  bytes: Uint8Array,
  makers: readonly Uint8Array[],
): Omit<SeenMessage, "open"> {
  const { Offer, Msg } = LAYOUTS;
  const from = formatLabel(parseCertificate(certificateIn(bytes)).id);
  const klink = toHex(bytes.slice(Offer.KLINK, Offer.KLINK + SIZES.POINT));
  const about =
    message === "OFFER"
      ? `for the key of ${formatLabel(bytes.slice(Offer.SOURCE_ID, Offer.SOURCE_ID + SIZES.ID))}`
      : `for the OFFER ${toHex(bytes.slice(Msg.OFFER_HASH, Msg.OFFER_HASH + 4))}…`;
  const check = message === "OFFER" ? verifyOffer : verifyTransfer;
  const genuine = makers.length
    ? makers.some((maker) => holds(() => check(maker, bytes)))
    : undefined;
  return {
    ...{ message, at, link, from, klink, about, bytes: bytes.slice() },
    ...(genuine === undefined ? {} : { genuine }),
  };
}

function holds(check: () => unknown): boolean {
  try {
    check();
    return true;
  } catch {
    return false;
  }
}

/** What was inside the seals of one exchange, where that is known. */
function insideData({ inside }: Exchange): Data[] {
  if (!inside) return [];
  const { name, command, answer } = inside;
  const answered: Data = { name, side: "answer", data: answer.slice(0, -2) };
  return [{ name, side: "command", data: command }, ...(isDone(answer) ? [answered] : [])];
}
const isDone = (answer: Uint8Array) => answer.at(-2) === 0x90 && answer.at(-1) === 0;

interface Data {
  readonly name: string;
  readonly side: "command" | "answer";
  readonly data: Uint8Array;
}

/** Puts together what went in several parts or pages on one link. */
class Whole {
  #command: Uint8Array[] = [];
  #answer: Uint8Array[] = [];
  #name = "";

  take({ name, command, answer }: Exchange): Data[] {
    const chained = ((command[0] as number) & 0x10) !== 0;
    const found: Data[] = [];
    if (name === "GET RESPONSE") this.#answer.push(answer.slice(0, -2));
    else {
      this.#command.push(dataOf(command));
      this.#answer = [answer.slice(0, -2)];
      this.#name = name;
      if (chained) return [];
      found.push({ name, side: "command", data: concat(...this.#command) });
      this.#command = [];
    }
    if (isDone(answer))
      found.push({ name: this.#name, side: "answer", data: concat(...this.#answer) });
    return found;
  }
}
