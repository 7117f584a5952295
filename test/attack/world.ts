/**
 * Real cards and everything that was ever said among them: S, the user's source; D1 and D2, his
 * destinations; E, a genuine card of his maker whose keys the attacker has; X, the same of another
 * maker, who put the first one's id into its certificate. What may be done to them is moves.ts; what must hold all the same is rules.ts.
 *
 * Cards are played by the built bundle, the kernel by its oracle. A state is written as
 * test/model/spin/states.pml has it: cards, link keys, lives and messages by number, in the order
 * in which they appeared.
 */
import { LAYOUTS, STATUS_WORDS } from "../../host/sdk/wire/generated.js";
import { recordOf, type CardRecord } from "../support/record.js";
import { MAKER, STRETCHED, TestCard, certified, must, type Snapshot } from "../support/world.js";
import * as m from "../vectors/messages.js";
import type { Answer } from "../vectors/live.js";
import { H, Source, byte, cat, fromHex, hex, type Bytes, type KeyPair } from "../vectors/suite.js";

const { Msg, Offer, Cert } = LAYOUTS;

/** Destinations by their number, as the model has them. */
export const D1 = 1;
export const D2 = 2;
export const E = 3;
export const X = 4;
export type Thief = typeof E | typeof X;
export type Destination = typeof D1 | typeof D2;

export interface OfferSeen {
  readonly bytes: Bytes;
  readonly card: number;
  readonly klink: string;
  /** Set id in it, by life; 0: none of S's. */
  readonly life: number;
}
export interface TransferSeen {
  readonly bytes: Bytes;
  readonly card: number;
  readonly klink: string;
  /** Of S when it was made, and in the OFFER that it was made for. */
  readonly life: number;
  readonly offerLife: number;
}
/** What the attacker and the user know; a value that moves replace. */
export interface Known {
  /** Set ids of S, by life. */
  readonly lives: readonly string[];
  readonly wrapped: readonly string[];
  readonly offers: readonly OfferSeen[];
  readonly transfers: readonly TransferSeen[];
  /** RECEIPTs by number of their TRANSFER. */
  readonly receipts: Readonly<Record<number, Bytes>>;
  /** Klink_D in the order of their OFFERs, by card. */
  readonly links: Readonly<Record<number, readonly string[]>>;
  /** What S's user named in the channel that is open: set size and cards; undefined: nothing. */
  readonly named: { readonly n: number; readonly cards: readonly number[] } | undefined;
  /** The code holds in S's channel. */
  readonly code: boolean;
  /** Cards ever named in this life; set size at the first SEAL. */
  readonly meant: readonly number[];
  /** Life that the user told D1 and D2 last; 0: none. An attacker may have told them others. */
  readonly told: Readonly<Record<number, number>>;
}
export const NOTHING: Known = {
  ...{ lives: [], wrapped: [], offers: [], transfers: [], receipts: {}, links: {} },
  ...{ named: undefined, code: false, meant: [], told: { 1: 0, 2: 0 } },
};

export interface Frozen {
  readonly cards: readonly Snapshot[];
  readonly known: Known;
}

const OPTIONS = { quick: true };

export class World {
  readonly S: TestCard;
  readonly D: Readonly<Record<Destination, TestCard>>;
  /** E and X are keys in the attacker's hands: more than their cards would do for him. */
  readonly thief: Readonly<Record<Thief, { kcard: KeyPair; klink: KeyPair; certificate: Bytes }>>;
  known: Known = NOTHING;
  /** Commands sent so far. */
  commands = 0;

  /** `bundle`: another build, with a bug in it, say. */
  constructor(
    readonly seed: string,
    bundle?: string,
  ) {
    const options = bundle ? { ...OPTIONS, bundle } : OPTIONS;
    this.S = certified(`${seed} S`, options);
    this.D = { 1: certified(`${seed} D1`, options), 2: certified(`${seed} D2`, options) };
    const source = new Source(seed);
    const thief = (name: string, maker: KeyPair) => {
      const [kcard, klink] = [source.key(`Kcard of ${name}`), source.key(`Klink of ${name}`)];
      const body = m.certificateBody(MAKER.public, kcard.public);
      return { kcard, klink, certificate: m.signCertificate(maker.secret, body) };
    };
    this.thief = { 3: thief("E", MAKER), 4: thief("X", source.key("another Kmaker")) };
  }

  id(card: number): Bytes {
    if (card === E || card === X) return m.cardId(this.thief[card].kcard.public);
    return this.D[card as Destination].id;
  }
  /** The number of the card with this Kcard; 0: no such card. */
  cardOf(kcard: string): number {
    const at = (bytes: Bytes) => hex(bytes.slice(Cert.KCARD, Cert.SIGNATURE));
    for (const card of [E, X] as const)
      if (kcard === hex(this.thief[card].kcard.public)) return card;
    return ([D1, D2] as const).find((d) => at(this.D[d].certificate) === kcard) ?? 0;
  }
  private lifeIn(offer: Bytes): number {
    return this.known.lives.indexOf(hex(offer.slice(Offer.SET_ID, Offer.SIGNATURE))) + 1;
  }
  get life(): number {
    return this.known.lives.length;
  }
  learn(change: Partial<Known>): void {
    this.known = { ...this.known, ...change };
  }
  send(act: () => Answer): Answer {
    this.commands++;
    return act();
  }

  // ---- what the user does -----------------------------------------------------------------

  activate(): void {
    this.S.activate();
    const record = this.record(this.S);
    const lives = [...this.known.lives, record.setId];
    const wrapped = [...this.known.wrapped, record.wrapped];
    this.learn({ lives, wrapped, code: true, named: undefined, meant: [] });
  }
  giveCode(): void {
    this.S.unlock();
    this.learn({ code: true, named: undefined });
  }
  name(n: number, cards: readonly number[]): Answer {
    const ids = cards.map((card) => this.id(card));
    const answer = this.send(() => this.S.secure("NAME_DESTINATIONS", cat(byte(n), ...ids)));
    if (answer.sw === 0x9000) {
      const meant = [...new Set([...this.known.meant, ...cards])].sort();
      this.learn({ named: { n, cards }, meant });
    } else this.lost(answer);
    return answer;
  }
  /** D is told S and its present set, its button held where it drops another's offer. */
  tell(d: Destination, setId = fromHex(this.known.lives.at(-1) ?? ""), byUser = true): Answer {
    const card = this.D[d].open();
    const answer = this.send(() => card.gesture("NAME_SOURCE", cat(this.S.id, setId)));
    if (answer.sw === 0x9000) {
      const life = this.known.lives.indexOf(hex(setId)) + 1;
      if (byUser) this.learn({ told: { ...this.known.told, [d]: life } });
      this.hear(d);
    }
    return answer;
  }
  drop(d: Destination): Answer {
    this.learn({ told: { ...this.known.told, [d]: 0 } });
    return this.send(() => this.D[d].open().gesture("CANCEL"));
  }
  resetD(d: Destination): Answer {
    this.learn({ told: { ...this.known.told, [d]: 0 } });
    return this.send(() => this.D[d].open().gesture("RESET"));
  }
  resetS(): Answer {
    this.learn({ named: undefined, meant: [] });
    return this.send(() => this.S.secure("RESET"));
  }
  finish(): Answer {
    return this.lost(this.send(() => this.S.secure("FINISH", byte(), 1)));
  }
  resend(slot: number): Answer {
    return this.lost(this.send(() => this.S.secure("RESEND", byte(), slot)));
  }
  cutS(): void {
    this.S.reboot();
    this.learn({ code: false, named: undefined });
  }

  // ---- what the relay does ----------------------------------------------------------------

  /** Fetches D's OFFER. */
  hear(d: Destination): void {
    const answer = this.D[d].plain("OFFER");
    if (answer.sw !== 0x9000) return;
    this.enter(answer.data, d);
  }
  /** Enters an OFFER among those that the relay has; its number, from 1. */
  enter(bytes: Bytes, card: number): number {
    const at = this.known.offers.findIndex((offer) => hex(offer.bytes) === hex(bytes));
    if (at >= 0) return at + 1;
    const klink = hex(bytes.slice(Offer.KLINK, Offer.COUNTER));
    const life = this.lifeIn(bytes);
    const { links, offers } = this.known;
    const own = links[card] ?? [];
    if (card !== E && !own.includes(klink)) {
      this.learn({ links: { ...links, [card]: [...own, klink] } });
    }
    this.learn({ offers: [...offers, { bytes, card, klink, life }] });
    return offers.length + 1;
  }
  seal(bytes: Bytes): Answer {
    const answer = this.lost(this.send(() => this.S.plain("SEAL", bytes)));
    if (answer.sw !== 0x9000) return answer;
    const { transfers } = this.known;
    if (!transfers.some((one) => hex(one.bytes) === hex(answer.data))) {
      const card = this.cardOf(hex(bytes.slice(Msg.CERT + Cert.KCARD, Msg.CERT + Cert.SIGNATURE)));
      const klink = hex(bytes.slice(Offer.KLINK, Offer.COUNTER));
      const made = {
        bytes: answer.data,
        card,
        klink,
        life: this.life,
        offerLife: this.lifeIn(bytes),
      };
      this.learn({ transfers: [...transfers, made] });
    }
    return answer;
  }
  accept(d: Destination, bytes: Bytes): Answer {
    const answer = this.send(() => this.D[d].plain("ACCEPT", bytes));
    if (answer.sw !== 0x9000) return answer;
    const number = this.known.transfers.findIndex((one) => hex(one.bytes) === hex(bytes)) + 1;
    this.learn({ receipts: { ...this.known.receipts, [number]: answer.data } });
    return answer;
  }
  confirm(bytes: Bytes): Answer {
    return this.lost(this.send(() => this.S.plain("CONFIRM", bytes)));
  }
  /** The RECEIPT for what lies in S's slot: D's, or for E, whose keys are known, made here. */
  receiptFor(slot: number): Bytes | undefined {
    const { slots, kreceipts } = this.record(this.S);
    const { state, kcard, hTransfer } = slots[slot as 0 | 1];
    if (state !== "SEALED") return undefined;
    const number = this.transferNumber(hTransfer);
    const { bytes } = this.known.transfers[number - 1] ?? {};
    if (this.cardOf(kcard) === E) return bytes && m.receipt(kreceipts[slot as 0 | 1], bytes);
    return this.known.receipts[number];
  }
  /** An OFFER that a thief signs, with a Klink_D of its own or another's. */
  offerOf(thief: Thief, klink: Bytes = this.thief[thief].klink.public, counter = 1): Bytes {
    const { kcard, certificate } = this.thief[thief];
    const parts = {
      ...{ header: m.OFFER_HEADER, certificate, klink, sourceId: this.S.id },
      counter: byte(0, 0, counter >> 8, counter & 255),
      setId: fromHex(this.known.lives.at(-1) ?? "00".repeat(16)),
    };
    return m.attest(kcard.secret, m.offerBody(parts), m.OFFER_LABEL);
  }
  /** A TRANSFER that a thief makes for an OFFER. */
  transferOf(thief: Thief, offer: Bytes): Bytes {
    const { kcard, klink, certificate } = this.thief[thief];
    const offerHash = H(offer);
    const parts = { header: m.TRANSFER_HEADER, certificate, klink: klink.public, offerHash };
    const head = m.attest(kcard.secret, m.headBody(parts), m.TRANSFER_LABEL);
    const other = offer.slice(Offer.KLINK, Offer.COUNTER);
    const keys = m.copyKeys(klink.secret, other, offerHash, head);
    const salt = new Uint8Array(16).fill(1);
    const setId = offer.slice(Offer.SET_ID, Offer.SIGNATURE);
    const content = { wrapped: new Uint8Array(80), salt, cost: 10, setId, n: 2, k: 2 };
    return cat(head, m.enc(keys, content));
  }

  // ---- looking ----------------------------------------------------------------------------

  /** A refusal ended S's channel; a finished set has no names. */
  private lost(answer: Answer): Answer {
    if (answer.sw !== STATUS_WORDS.OK.value) this.learn({ code: false });
    const names = this.known.code && ["WALLET", "SHARING"].includes(this.record(this.S).state);
    if (!names) this.learn({ named: undefined });
    return answer;
  }
  record(card: TestCard): CardRecord {
    return recordOf(card.board)!;
  }
  transferNumber(hash: string): number {
    return this.known.transfers.findIndex(({ bytes }) => hex(H(bytes)) === hash) + 1;
  }
  /** Cards D1, D2: their links by number; E's own: the one after all. `perCard`: as the model. */
  linkNumber(klink: string, perCard: number): number {
    for (const d of [D1, D2]) {
      const at = this.known.links[d]?.indexOf(klink) ?? -1;
      if (at >= 0) return perCard * (d - 1) + at + 1;
    }
    return klink === hex(this.thief[E].klink.public) ? 2 * perCard + 1 : 0;
  }
  /** What the records say, in the model's numbers: equal strings are equal states. */
  state(perCard = 2): string {
    const s = this.record(this.S);
    const slots = s.slots.map((slot) =>
      slot.state === "OPEN" || /^0*$/.test(slot.kcard)
        ? slot.state
        : [
            slot.state,
            this.cardOf(slot.kcard),
            this.linkNumber(slot.klink, perCard),
            this.transferNumber(slot.hTransfer),
          ].join(" "),
    );
    const ds = ([D1, D2] as const).map((d) => {
      const r = this.record(this.D[d]);
      const told = this.known.lives.indexOf(r.sourceSet) + 1;
      return [
        r.state,
        this.linkNumber(r.klink, perCard),
        r.state === "OFFERED" ? told : 0,
        r.state === "COPY" ? this.transferNumber(r.hTransfer) : 0,
        r.counter,
      ].join(" ");
    });
    return [[s.state, this.life, s.n].join(" "), ...slots, ...ds].join(" | ");
  }

  private get cards(): readonly TestCard[] {
    return [this.S, this.D[1], this.D[2]];
  }
  /** What each card's flash is known to be, as long as nothing was written since. */
  private readonly still: { snapshot: Snapshot; operations: number }[] = [];
  private unchanged(index: number): Snapshot | undefined {
    const still = this.still[index];
    const { flash, on } = this.cards[index]!.board;
    return on && still?.operations === flash.operations ? still.snapshot : undefined;
  }
  private note(index: number, snapshot: Snapshot): Snapshot {
    this.still[index] = { snapshot, operations: this.cards[index]!.board.flash.operations };
    return snapshot;
  }
  freeze(): Frozen {
    const cards = this.cards.map(
      (card, index) => this.unchanged(index) ?? this.note(index, card.snapshot()),
    );
    return { cards, known: this.known };
  }
  /** The cards as they were; S's channel, with code and names, is opened again. */
  thaw({ cards, known }: Frozen): void {
    this.cards.forEach((card, index) => {
      const snapshot = cards[index]!;
      if (this.unchanged(index) === snapshot) return;
      card.restore(snapshot);
      this.note(index, snapshot);
    });
    this.known = known;
    this.channel(known);
  }
  private channel(known: Known): void {
    this.known = { ...known, code: false, named: undefined };
    // From power-up on all goes as it went before, and was computed before.
    this.S.reboot();
    if (!known.code) return;
    if (this.record(this.S).state === "EMPTY") this.S.open();
    else this.S.unlock(STRETCHED);
    this.learn({ code: known.code });
    if (!known.named) return;
    const ids = known.named.cards.map((card) => this.id(card));
    must("NAME", this.S.secure("NAME_DESTINATIONS", cat(byte(known.named.n), ...ids)));
    this.learn({ named: known.named });
  }
}
