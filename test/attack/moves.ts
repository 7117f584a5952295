/**
 * What user and attacker may do next. The user keeps to the ceremony, but may name E by mistake,
 * drop, reset and begin anew at any time; the attacker delivers any message that ever was to any
 * card, spoils it, puts it together from others, signs as E, and opens channels of his own to
 * cards that have no code.
 */
import { LAYOUTS } from "../../host/sdk/wire/generated.js";
import type { Answer } from "../vectors/live.js";
import { flip, fromHex, hex, put, type Bytes } from "../vectors/suite.js";
import { D1, D2, E, X, type Destination, type World } from "./world.js";

const { Msg, Offer } = LAYOUTS;

export interface Move {
  readonly name: string;
  /** The command whose answer is judged; nothing: a move of the user's that is several. */
  readonly command?: "SEAL" | "ACCEPT" | "CONFIRM" | "NAME_SOURCE" | "FINISH";
  /** Nobody made what it carries: no card may take it. */
  readonly forged?: true;
  readonly run: (world: World) => Answer | void;
}
const BOTH = [D1, D2] as const;
/** Two lives of the source, so many OFFERs of a card: then its moves end. */
export const BOUNDS = { lives: 2, offers: 2, transfers: 5 };

/** Of the user's app. */
export function userMoves(w: World): Move[] {
  const { state } = w.record(w.S);
  const { code, named } = w.known;
  const list: Move[] = [];
  const add = (name: string, run: Move["run"]) => void list.push({ name, run });
  const holds = ["WALLET", "SHARING", "SHARED"].includes(state);
  if (state === "EMPTY" && w.life < BOUNDS.lives) add("activate S", (x) => x.activate());
  if (holds && !code) add("code", (x) => x.giveCode());
  if (code) add("cut S", (x) => x.cutS());
  if (code && !named && (state === "WALLET" || state === "SHARING"))
    for (const [n, cards] of [
      [2, [D1]],
      [2, [D2]],
      [3, [D1, D2]],
      [3, [D1, E]],
      [3, [D2, X]],
    ] as const)
      add(`name ${cards.join("+")} of ${n}`, (x) => x.name(n, cards));
  if (code && state === "SHARING") {
    list.push({ name: "finish", command: "FINISH", run: (x) => x.finish() });
    for (const slot of [0, 1]) add(`resend ${slot}`, (x) => x.resend(slot));
  }
  if (code && holds && w.life < BOUNDS.lives) add("reset S", (x) => x.resetS());
  for (const d of BOTH) {
    const card = w.record(w.D[d]);
    const spent = (w.known.links[d]?.length ?? 0) >= BOUNDS.offers;
    const current = card.sourceSet === w.known.lives.at(-1);
    const again = card.state === "OFFERED" && current;
    if (w.life > 0 && (again || (!spent && ["EMPTY", "OFFERED"].includes(card.state))))
      add(`tell D${d}`, (x) => x.tell(d));
    if (card.state === "OFFERED") add(`drop D${d}`, (x) => x.drop(d));
    if (card.state === "COPY") add(`reset D${d}`, (x) => void x.resetD(d));
  }
  return list;
}

/** Of the relay: what there is, to whom it likes. */
export function relayMoves(w: World): Move[] {
  const list: Move[] = [];
  const seal = (name: string, bytes: (x: World) => Bytes) =>
    list.push({ name: `SEAL ${name}`, command: "SEAL", run: (x) => x.seal(bytes(x)) });
  const accept = (d: Destination, name: string, bytes: (x: World) => Bytes) =>
    list.push({
      ...{ name: `ACCEPT D${d} ${name}`, command: "ACCEPT" as const },
      run: (x: World) => x.accept(d, bytes(x)),
    });
  const confirm = (name: string, bytes: (x: World) => Bytes) =>
    list.push({ name: `CONFIRM ${name}`, command: "CONFIRM", run: (x) => x.confirm(bytes(x)) });
  const { offers, transfers, receipts, links } = w.known;
  if (transfers.length < BOUNDS.transfers) {
    offers.forEach(({ card }, i) =>
      seal(`offer ${i + 1} of ${card}`, (x) => x.known.offers[i]!.bytes),
    );
    if (w.life > 0) {
      seal("offer of E", (x) => x.offerOf(E));
      seal("offer of X", (x) => x.offerOf(X));
      for (const d of BOTH)
        for (const [i, klink] of (links[d] ?? []).entries())
          seal(`offer of E, Klink ${i + 1} of D${d}`, (x) => x.offerOf(E, fromHex(klink), 2));
    }
  }
  for (const d of BOTH) {
    transfers.forEach((_, i) => accept(d, `transfer ${i + 1}`, (x) => x.known.transfers[i]!.bytes));
    const own = offers.findLast(({ card }) => card === d);
    for (const [name, card] of [
      ["E", E],
      ["X", X],
    ] as const)
      if (own) accept(d, `transfer of ${name}`, (x) => x.transferOf(card, own.bytes));
  }
  for (const number of Object.keys(receipts).map(Number))
    confirm(`receipt ${number}`, (x) => x.known.receipts[number]!);
  for (const slot of [0, 1] as const) {
    const { state, kcard } = w.record(w.S).slots[slot];
    if (state === "SEALED" && w.cardOf(kcard) === E)
      confirm(`receipt of E for slot ${slot}`, (x) => x.receiptFor(slot) ?? new Uint8Array(32));
  }
  return list;
}

/** Of the attacker: messages that nobody made. `dice` chooses what is done to which. */
export function forgedMoves(w: World, dice: number): Move[] {
  const { offers, transfers, receipts, lives } = w.known;
  const pick = <T>(list: readonly T[]): T | undefined => list[dice % Math.max(list.length, 1)];
  const list: Move[] = [];
  const d = dice & 1 ? D1 : D2;
  const [offer, other] = [pick(offers), offers[(dice >> 3) % Math.max(offers.length, 1)]];
  const [transfer, second] = [pick(transfers), transfers[(dice >> 3) % (transfers.length || 1)]];
  const seen = new Set([...offers, ...transfers].map(({ bytes }) => hex(bytes)));
  const move = (command: "SEAL" | "ACCEPT" | "CONFIRM", name: string, bytes: Bytes) => {
    // Two counters may be the same, and so two messages after all.
    if (seen.has(hex(bytes))) return;
    list.push({
      ...{ name: `${command} ${name}`, command, forged: true as const },
      run: (x: World) => {
        if (command === "SEAL") return x.seal(bytes);
        return command === "ACCEPT" ? x.accept(d, bytes) : x.confirm(bytes);
      },
    });
  };
  const bit = (bytes: Bytes) => flip(bytes, (dice >> 3) % bytes.length, 1 << (dice & 7));
  if (offer) move("SEAL", `a flipped bit (${dice})`, bit(offer.bytes));
  if (transfer) move("ACCEPT", `a flipped bit (${dice})`, bit(transfer.bytes));
  const receipt = pick(Object.values(receipts));
  if (receipt) move("CONFIRM", `a flipped bit (${dice})`, bit(receipt));
  if (offer && other && offer !== other)
    for (const [name, at, end] of [
      ["certificate", Msg.CERT, Msg.KLINK],
      ["Klink_D", Offer.KLINK, Offer.COUNTER],
      ["counter", Offer.COUNTER, Offer.SOURCE_ID],
      ["names", Offer.SOURCE_ID, Offer.SIGNATURE],
      ["signature", Offer.SIGNATURE, offer.bytes.length],
    ] as const)
      move("SEAL", `another's ${name}`, put(offer.bytes, at, other.bytes.slice(at, end)));
  if (transfer && second && transfer !== second)
    for (const [name, at, end] of [
      ["Klink_S", Msg.KLINK, Msg.OFFER_HASH],
      ["H(OFFER)", Msg.OFFER_HASH, Msg.SIGNATURE],
      ["signature", Msg.SIGNATURE, Msg.ENC],
      ["ENC", Msg.ENC, transfer.bytes.length],
    ] as const)
      move("ACCEPT", `another's ${name}`, put(transfer.bytes, at, second.bytes.slice(at, end)));
  if (offer && transfer) {
    move("ACCEPT", "an OFFER", put(transfer.bytes, 0, offer.bytes));
    move("SEAL", "a TRANSFER's head", transfer.bytes.slice(0, offer.bytes.length));
  }
  // Whoever opens a channel to an empty card first may tell it what he likes.
  const { state } = w.record(w.D[d]);
  const set = pick(lives);
  if (set && state === "EMPTY" && (w.known.links[d]?.length ?? 0) < BOUNDS.offers)
    list.push({
      name: `the attacker tells D${d} life ${lives.indexOf(set) + 1}`,
      command: "NAME_SOURCE",
      run: (x) => x.tell(d, fromHex(set), false),
    });
  return list;
}

/** Of everything that can still matter: two worlds with the same key have the same future. */
export function keyOf(w: World): string {
  const { known } = w;
  return JSON.stringify([
    w.state(),
    known.code,
    known.named,
    known.meant,
    known.told,
    known.offers.map(({ card, klink, life }) => [card, w.linkNumber(klink, 2), life]).sort(),
    known.transfers.map(({ card, klink, life }) => [card, w.linkNumber(klink, 2), life]),
    Object.keys(known.receipts),
  ]);
}
