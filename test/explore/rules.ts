/**
 * docs/protocol.md as a function: what a card in this state says to this action, and the state that
 * follows. Sections 3 (order of checks, channel), 4 (cells), 5 and 6 (each command's own words).
 * Nothing here is read from the card.
 */
import { COMMANDS, type CommandName, type StatusWordName } from "../../host/sdk/wire/generated.js";
import { afterwards, half, unmeant, type HalfArgument } from "./consent.js";
import { OPEN_SLOT, closed, holds, type Named, type SlotState, type State } from "./state.js";

/** An OFFER as the relay hands it over: whose, which, and what is wrong with it. */
export interface OfferArgument {
  readonly peer: number;
  readonly link: number;
  readonly fault?: "header" | "set" | "signature" | "own";
}
export type Argument =
  | { readonly kind: "good" }
  /** A length, P1, or value that the command refuses with this word. */
  | { readonly kind: "bad"; readonly word: StatusWordName }
  | { readonly kind: "source"; readonly source: number }
  | { readonly kind: "names"; readonly names: Named }
  | ({ readonly kind: "offer" } & OfferArgument)
  | { readonly kind: "transfer"; readonly source: number; readonly fault?: "seal" | "header" }
  | { readonly kind: "receipt"; readonly slot: number }
  | { readonly kind: "slot"; readonly slot: number }
  | { readonly kind: "finish"; readonly force: boolean }
  | HalfArgument;

export interface Action {
  readonly name: string;
  readonly command: CommandName | "UNKNOWN" | "SELECT" | "CUT" | "IDLE" | "MINUTE";
  readonly sealed: boolean;
  readonly argument: Argument;
  /** The button is held for it, after it was armed. */
  readonly held?: boolean;
}
export interface Expected {
  readonly word: StatusWordName;
  readonly next: State;
}

/** Names count only where something can be sealed. */
const tidy = ({ word, next }: Expected): Expected => {
  const counts = next.state === "WALLET" || next.state === "SHARING";
  return { word, next: counts ? next : { ...next, named: undefined } };
};
export function expected(s: State, action: Action): Expected {
  const said = answer(s, action);
  return tidy(said.word === "OK" ? { ...said, next: afterwards(s, action, said.next) } : said);
}

function answer(s: State, action: Action): Expected {
  const { command, sealed, argument } = action;
  const no = (word: StatusWordName): Expected => ({ word, next: closed(s) });
  if (command === "CUT" || command === "IDLE" || command === "SELECT")
    return { word: "OK", next: closed(s) };
  if (command === "MINUTE") return { word: "OK", next: s };
  if (sealed && s.level === 0) return no("CHANNEL");
  if (command === "UNKNOWN") return no("INS");
  const { cells, access } = COMMANDS.find(({ name }) => name === command)!;
  const cell = cells[s.state];
  if (typeof cell === "string") return no(cell);
  const level = sealed ? s.level : 0;
  if (access !== "plain" && level === 0) return no("CHANNEL");
  if (access === "code" && level < 2) return no("CODE");
  if (sealed && command === "OPEN") return no("CLA");
  if (argument.kind === "bad" && ["P1P2", "LENGTH"].includes(argument.word))
    return no(argument.word);
  const said = own(s, action, command);
  return typeof said === "string" ? no(said) : said;
}

export type Own = StatusWordName | Expected;
const ok = (next: State): Expected => ({ word: "OK", next });
const wantsHand = (s: State): Expected => ({ word: "PRESENCE", next: s });

function own(s: State, action: Action, command: CommandName): Own {
  const { argument, held } = action;
  const bad = argument.kind === "bad" ? argument.word : undefined;
  switch (command) {
    case "PERSONALISE":
      return ok({ ...s, born: true });
    case "CERTIFY":
      // Without Kcard no certificate is over it.
      if (!s.born) return "CRYPTO";
      return bad ?? ok({ ...s, state: "EMPTY", born: false });
    case "OPEN":
      return bad ?? ok({ ...closed(s), level: 1 });
    case "SALT":
      return ok({ ...s, salt: true });
    case "CODE":
      return bad ?? ok({ ...s, level: 2 });
    case "CHANGE_CODE":
      if (bad) return bad;
      return s.salt ? ok({ ...s, salt: false }) : "STATE";
    case "ACTIVATE":
      if (bad) return bad;
      if (!s.salt) return "STATE";
      if (s.state === "OFFERED" && !held) return wantsHand(s);
      return ok({ ...s, state: "WALLET", source: -1, salt: false, level: 2 });
    case "NAME_SOURCE": {
      if (bad) return bad;
      const source = argument.kind === "source" ? argument.source : -1;
      if (s.state === "OFFERED" && s.source !== source && !held) return wantsHand(s);
      return ok({ ...s, state: "OFFERED", source });
    }
    case "NAME_DESTINATIONS": {
      // Its own id comes with n = 2, which is looked at first.
      if (bad === "NAMES") return s.n && s.n !== 2 ? "NAMES" : "DATA";
      if (argument.kind !== "names") return "DATA";
      const { names } = argument;
      return s.n && s.n !== names.n ? "NAMES" : ok({ ...s, named: names });
    }
    case "SEAL":
      return argument.kind === "offer" ? seal(s, argument, held) : "DATA";
    case "ACCEPT":
      return argument.kind === "transfer" ? accept(s, argument) : "DATA";
    case "CONFIRM":
      return argument.kind === "receipt" ? confirm(s, argument.slot) : "CRYPTO";
    case "FINISH":
      return argument.kind === "finish" ? finish(s, argument.force) : "DATA";
    case "RESEND": {
      const slot = argument.kind === "slot" ? s.slots[argument.slot as 0 | 1] : OPEN_SLOT;
      if (slot.state === "SEALED") return ok(s);
      return slot.state === "CONFIRMED" ? "USED" : "STATE";
    }
    case "CONSENT":
      return argument.kind === "half" ? half(s, argument) : "DATA";
    case "CANCEL":
      return held ? ok({ ...s, state: "EMPTY", source: -1 }) : wantsHand(s);
    case "RESET": {
      if (s.state === "EMPTY") return ok(s);
      if (s.level < 2 && !held) return wantsHand(s);
      const left = { ...s, state: "EMPTY" as const, n: 0, source: -1, level: 1 as const };
      return ok({ ...left, slots: [OPEN_SLOT, OPEN_SLOT], salt: false, named: undefined });
    }
    default:
      return bad ?? ok(s);
  }
}

const withSlot = (s: State, index: number, slot: SlotState): State["slots"] =>
  index === 0 ? [slot, s.slots[1]] : [s.slots[0], slot];

function seal(s: State, offer: OfferArgument, held?: boolean): Own {
  if (offer.fault === "header") return "DATA";
  if (offer.fault === "set") return "NAMES";
  if (offer.fault === "own") return "CRYPTO";
  const places = (s.n || s.named?.n) === 2 ? 1 : 2;
  const used = s.slots.slice(0, places);
  let index = used.findIndex(({ state, peer }) => state !== "OPEN" && peer === offer.peer);
  if (index >= 0) {
    const slot = used[index]!;
    if (slot.state !== "SEALED") return "USED";
    if (slot.link === offer.link) return ok(s);
    if (s.level < 2) return "CODE";
    if (offer.link <= slot.link) return "USED";
  } else {
    if (s.level < 2) return "CODE";
    if (!s.named?.peers.includes(offer.peer)) return "NAMES";
    index = used.findIndex(({ state }) => state === "OPEN");
    if (index < 0) return "FULL";
  }
  const refusal = unmeant(s, offer);
  if (refusal) return refusal;
  if (s.run?.asks && !held) return wantsHand(s);
  if (offer.fault === "signature") return "CRYPTO";
  const slot: SlotState = { state: "SEALED", peer: offer.peer, link: offer.link };
  const n = s.n || s.named?.n || 0;
  return ok({ ...s, state: "SHARING", n, slots: withSlot(s, index, slot) });
}
function accept(s: State, transfer: { source: number; fault?: "seal" | "header" }): Own {
  if (s.state === "COPY") return !transfer.fault && transfer.source === s.source ? ok(s) : "USED";
  if (transfer.fault === "header") return "DATA";
  if (transfer.source !== s.source) return "NAMES";
  return transfer.fault ? "CRYPTO" : ok({ ...s, state: "COPY", n: 2 });
}
function confirm(s: State, index: number): Own {
  const slot = s.slots[index as 0 | 1];
  if (slot?.state !== "SEALED") return "CRYPTO";
  const slots = withSlot(s, index, { ...slot, state: "CONFIRMED" });
  const all = slots.slice(0, s.n - 1).every(({ state }) => state === "CONFIRMED");
  return ok({ ...s, slots, state: all ? "SHARED" : "SHARING" });
}
function finish(s: State, force: boolean): Own {
  const used = s.slots.slice(0, s.n - 1);
  if (!force && used.some(({ state }) => state === "SEALED")) return "UNCONFIRMED";
  const close = (slot: SlotState, index: number): SlotState => {
    if (index >= s.n - 1) return slot;
    if (slot.state === "SEALED") return { ...slot, state: "LOST" };
    return slot.state === "OPEN" ? { ...slot, state: "CLOSED" } : slot;
  };
  const slots = s.slots.map(close) as unknown as State["slots"];
  return ok({ ...s, state: "SHARED", slots });
}
/** For the probe of the level. */
export const worth = (s: State): StatusWordName => {
  if (s.level === 0) return "CHANNEL";
  if (!holds(s)) return s.state === "BLANK" ? "BLANK" : "EMPTY";
  return s.level === 2 ? "LENGTH" : "CODE";
};
