/**
 * The real card under the explorer: the built bundle on a virtual board. Its peers (two
 * destinations with two OFFERs each, two sources) are keys in the test's hands, so that one card
 * alone has to be brought back to a state.
 */
import { LAYOUTS } from "../../host/sdk/wire/generated.js";
import { Forger } from "../support/forger.js";
import { bankOf, recordAt, recordOf } from "../support/record.js";
import { MAKER, STRETCHED, TestCard, WRONG, COST, must, type Snapshot } from "../support/world.js";
import { channelHeader, sealCommand, shortApdu } from "../vectors/channel.js";
import * as m from "../vectors/messages.js";
import type { Answer } from "../vectors/live.js";
import { H, Source, byte, cat, flip, fromHex, hex, put, type Bytes } from "../vectors/suite.js";
import { COMMANDS } from "../../host/sdk/wire/generated.js";
import type { Action, OfferArgument } from "./rules.js";
import { OPEN_SLOT, type SlotState, type State } from "./state.js";

const { Offer, Rec, SlotAt } = LAYOUTS;
const IDLE = 61;
const PROBE = channelHeader(0x46);
/** What every source gives: a key under the code that the explorer gives. */
const SALT = new Uint8Array(16).fill(0x5a);
const [KPRIV, CHAIN] = [new Uint8Array(32).fill(0x11), new Uint8Array(32).fill(0xcc)];
const KEY = { wrapped: m.wrap(STRETCHED, SALT, KPRIV, CHAIN), salt: SALT, cost: COST };

export class Driver {
  readonly card: TestCard;
  private readonly source: Source;
  private readonly sources: readonly [Forger, Forger];

  constructor(seed: string, bundle?: string) {
    this.card = new TestCard(`${seed} card`, {
      quick: true,
      ...(bundle ? { bundle } : {}),
    });
    this.source = new Source(seed);
    this.sources = [new Forger(`${seed} source 0`), new Forger(`${seed} source 1`)];
  }

  private kcard = (peer: number) => this.source.key(`Kcard ${peer}`);
  private klink = (peer: number, link: number) => this.source.key(`Klink ${peer} ${link}`);
  private get setId(): Bytes {
    return fromHex(recordOf(this.card.board)?.setId ?? "00".repeat(16));
  }
  private offer({ peer, link, fault }: OfferArgument): Bytes {
    const kcard = this.kcard(peer);
    const parts = {
      header: fault === "header" ? m.TRANSFER_HEADER : m.OFFER_HEADER,
      certificate: fault === "own" ? this.card.certificate : m.certificate(MAKER, kcard.public),
      klink: this.klink(peer, link).public,
      counter: byte(0, 0, 0, link + 1),
      sourceId: this.card.id.length ? this.card.id : new Uint8Array(16),
      setId: fault === "set" ? new Uint8Array(16).fill(9) : this.setId,
    };
    const bytes = m.attest(kcard.secret, m.offerBody(parts), m.OFFER_LABEL);
    return fault === "signature" ? flip(bytes, 238) : bytes;
  }
  private part(at: number, size: number): Bytes {
    const { bytes } = this.card.board.flash;
    return recordAt(bytes, bankOf(bytes)).slice(at, at + size);
  }
  /** What the destination in this slot answers to what the card sealed for it. */
  private receipt(index: number): Bytes {
    const slot = recordOf(this.card.board)?.slots[index as 0 | 1];
    const at = Rec.SLOTS + index * SlotAt.SIZE + SlotAt.TRANSFER;
    if (slot?.state !== "SEALED") return new Uint8Array(32).fill(index);
    const transfer = this.part(at, SlotAt.TRANSFER_SIZE);
    const { peer, link } = this.slotOf(slot.kcard, slot.klink);
    const { secret } = this.klink(peer, link);
    const offerHash = H(this.offer({ peer, link }));
    const keys = m.copyKeys(secret, transfer.slice(106, 139), offerHash, transfer.slice(0, 235));
    return m.receipt(keys.kreceipt, transfer);
  }
  private transfer(source: number, fault?: "seal" | "header"): Bytes {
    const record = recordOf(this.card.board);
    if (record?.state === "COPY" && !fault)
      return this.taken.get(`${source} ${record.hTransfer}`) ?? new Uint8Array(366);
    const stored = this.part(Rec.OFFER, 239);
    // Without an offer of the card's: one of a peer's, so that the sizes are right.
    const offer = record?.state === "OFFERED" ? stored : this.offer({ peer: 0, link: 0 });
    const setId = offer.slice(Offer.SET_ID, Offer.SIGNATURE);
    const bytes = this.sources[source as 0 | 1].transfer(offer, { ...KEY, setId });
    this.taken.set(`${source} ${hex(H(bytes))}`, bytes);
    if (fault === "header") return put(bytes, 0, m.OFFER_HEADER);
    return fault === "seal" ? flip(bytes, 365) : bytes;
  }
  private readonly taken = new Map<string, Bytes>();

  /** Data and P1 of an action. */
  private bytes(action: Action): { data: Bytes; p1: number } {
    const { command, argument } = action;
    const { data: [, most] = [0, 0] } = COMMANDS.find(({ name }) => name === command) ?? {};
    const data = (bytes: Bytes, p1 = 0) => ({ data: bytes, p1 });
    if (argument.kind === "bad" && argument.word === "LENGTH")
      return data(new Uint8Array(most + 1));
    const isGood = argument.kind === "good";
    switch (command) {
      case "CERTIFY": {
        const kcard = this.born ?? this.source.key("nobody").public;
        const maker = isGood ? MAKER : this.source.key("another maker");
        return data(m.certificate(maker, kcard));
      }
      case "OPEN":
        return data(
          isGood || (argument.kind === "bad" && argument.word !== "CRYPTO")
            ? this.source.key("E_h").public
            : new Uint8Array(33),
        );
      case "CODE":
        return data(argument.kind === "bad" && argument.word === "WRONG_CODE" ? WRONG : STRETCHED);
      case "CHANGE_CODE":
      case "ACTIVATE": {
        const spoilt = argument.kind === "bad" && argument.word === "DATA";
        const cost = command === "ACTIVATE" ? 21 : 9;
        return data(cat(byte(spoilt ? cost : COST), STRETCHED));
      }
      case "NAME_SOURCE":
        if (argument.kind === "source") return data(this.sources[argument.source as 0 | 1].names);
        return data(
          cat(this.card.id.length ? this.card.id : new Uint8Array(16), new Uint8Array(16)),
        );
      case "NAME_DESTINATIONS": {
        if (argument.kind === "names") {
          const ids = argument.names.peers.map((peer) => m.cardId(this.kcard(peer).public));
          return data(cat(byte(argument.names.n), ...ids));
        }
        const own = action.name.includes("own id");
        return data(cat(byte(own ? 2 : 4), own ? this.card.id : new Uint8Array(16)));
      }
      case "SEAL":
        return data(argument.kind === "offer" ? this.offer(argument) : new Uint8Array(239));
      case "ACCEPT":
        return data(
          argument.kind === "transfer"
            ? this.transfer(argument.source, argument.fault)
            : new Uint8Array(366),
        );
      case "CONFIRM":
        return data(argument.kind === "receipt" ? this.receipt(argument.slot) : new Uint8Array(32));
      case "FINISH":
        return data(byte(), argument.kind === "finish" && argument.force ? 1 : 0);
      case "RESEND":
        return data(byte(), argument.kind === "slot" ? argument.slot : 0);
      case "PUBLIC_KEY":
        return data(
          isGood || (argument.kind === "bad" && argument.word === "P1P2")
            ? byte(0)
            : cat(byte(9), new Uint8Array(32)),
        );
      case "SIGN":
        return data(
          cat(
            byte(isGood || (argument.kind === "bad" && argument.word === "P1P2") ? 0 : 1),
            new Uint8Array(32).fill(1),
          ),
        );
      case "PROVE":
      case "LEDGER":
        return data(new Uint8Array(32));
      default:
        return data(byte());
    }
  }
  /** Kcard of a card that waits for its certificate. */
  private born: Bytes | undefined;

  /** Does it; the status word that counts (the inner one, where there is one). */
  perform(action: Action): number {
    const { card } = this;
    const { command } = action;
    if (command === "CUT") {
      card.reboot();
      return 0x9000;
    }
    if (command === "IDLE") {
      card.board.advance(IDLE);
      return 0x9000;
    }
    if (command === "SELECT") return card.live.raw(fromHex("00a4040009f04b494e4341524401")).sw;
    const ins = COMMANDS.find(({ name }) => name === command)?.ins ?? 0x4c;
    const { data, p1 } = this.bytes(action);
    const p2 = action.argument.kind === "bad" && action.argument.word === "P1P2" ? 1 : 0;
    const answer = this.say(action.sealed, ins, p1, p2, data);
    if (answer.sw !== 0x9000) return this.held(action, answer, ins, data);
    if (command === "PERSONALISE") this.born = answer.data.slice(0, 33);
    if (command === "CERTIFY") {
      card.certificate = data;
      card.id = m.cardId(data.slice(6, 39));
    }
    if (command === "OPEN") card.live.channel = undefined;
    return answer.sw;
  }
  private say(sealed: boolean, ins: number, p1: number, p2: number, data: Bytes): Answer {
    const { live } = this.card;
    const head = byte(sealed ? 0x84 : 0x80, ins, p1, p2);
    if (!sealed) return live.chained(head, data);
    const { channel } = live;
    if (!channel) return live.chained(head, cat(data, new Uint8Array(16)));
    return live.unseal(
      head,
      live.chained(head, sealCommand(channel.toCard, channel.count, head, data)),
    );
  }
  /** PRESENCE, and the button held, and the same again. */
  private held(action: Action, answer: Answer, ins: number, data: Bytes): number {
    const { board } = this.card;
    if (!action.held || answer.sw !== 0x69e7) return answer.sw;
    board.advance(0.2);
    board.press();
    board.advance(answer.data[LAYOUTS.Gesture.HOLD]! + 0.2);
    board.release();
    return this.say(true, ins, 0, 0, data).sw;
  }
  /** LEDGER a byte short says how far the channel has come, and ends it. */
  probe(): number {
    const { live } = this.card;
    if (!live.channel) return live.chained(PROBE, new Uint8Array(47)).sw;
    const { toCard, count } = live.channel;
    const answer = live.raw(
      shortApdu(PROBE, sealCommand(toCard, count, PROBE, new Uint8Array(31))),
    );
    const word = live.unseal(PROBE, answer).sw;
    live.channel = undefined;
    return word;
  }

  private slotOf(kcard: string, klink: string): { peer: number; link: number } {
    for (const peer of [0, 1])
      for (const link of [0, 1])
        if (hex(this.kcard(peer).public) === kcard && hex(this.klink(peer, link).public) === klink)
          return { peer, link };
    return { peer: -1, link: -1 };
  }
  /** What the record says; the channel is taken from `s`, which is the explorer's own count. */
  look(s: State): State {
    // The old record's bank is erased once the card is at rest.
    this.card.rest();
    const record = recordOf(this.card.board);
    if (!record) return { ...s, state: "BLANK", born: false };
    const names = this.sources.map(({ id }) => hex(id));
    const slots = record.slots.map((slot): SlotState => {
      if (slot.state === "OPEN") return OPEN_SLOT;
      if (/^0*$/.test(slot.kcard)) return { ...OPEN_SLOT, state: slot.state };
      return { state: slot.state, ...this.slotOf(slot.kcard, slot.klink) };
    });
    const source =
      record.state === "OFFERED"
        ? names.indexOf(record.sourceId)
        : record.state === "COPY"
          ? this.sources.findIndex(({ setId }) => hex(setId) === record.setId)
          : -1;
    return {
      ...s,
      ...{ state: record.state, born: record.state === "BLANK", n: record.n, source },
      slots: [slots[0]!, slots[1]!],
    };
  }

  freeze(): Snapshot & { readonly born: Bytes | undefined } {
    return { ...this.card.snapshot(), born: this.born };
  }
  /** The card in that state, its channel as far as it had come. */
  thaw(frozen: ReturnType<Driver["freeze"]>, s: State): void {
    const { born, ...snapshot } = frozen;
    this.card.restore(snapshot);
    this.born = born;
    this.channel(s, false);
  }
  /** Opens the channel anew, as far as the state says. */
  channel(s: State, reboot = true): void {
    const { card } = this;
    // From power-up on all goes as it went before, and was computed before.
    if (reboot) card.reboot();
    if (s.state !== "BLANK") card.board.advance(card.status().wait);
    if (s.level === 0) return;
    if (s.level === 2) card.unlock();
    else card.open();
    if (s.salt) must("SALT", card.secure("SALT"));
    if (!s.named) return;
    const ids = s.named.peers.map((peer) => m.cardId(this.kcard(peer).public));
    must("NAME_DESTINATIONS", card.secure("NAME_DESTINATIONS", cat(byte(s.named.n), ...ids)));
  }
}
