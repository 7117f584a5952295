/**
 * The real card under the explorer: the built bundle on a virtual board. Its peers are keys in the
 * test's hands (peers.ts), so that one card alone has to be brought back to a state.
 */
import {
  COMMANDS,
  CONSENT,
  LAYOUTS,
  PROTOCOL_VERSION,
  STATUS_WORDS,
  SUITE,
} from "../../host/sdk/wire/generated.js";
import { CONSENTING } from "../support/consent.js";
import { recordOf } from "../support/record.js";
import { MAKER, STRETCHED, TestCard, WRONG, COST, must, type Snapshot } from "../support/world.js";
import { channelHeader, sealCommand, shortApdu } from "../vectors/channel.js";
import * as m from "../vectors/messages.js";
import type { Answer } from "../vectors/live.js";
import { Source, byte, cat, fromHex, hex, type Bytes } from "../vectors/suite.js";
import { Peers } from "./peers.js";
import type { Action } from "./rules.js";
import { Runs } from "./runs.js";
import { OPEN_SLOT, type SlotState, type State } from "./state.js";

const IDLE = 61;
const PROBE = channelHeader(0x46);

/**
 * How a card is brought to a state: its flash, the channel of `s`, and actions from there on, for
 * what is in its memory alone.
 */
export interface Stand {
  readonly frozen: ReturnType<Driver["freeze"]>;
  readonly s: State;
  readonly then: readonly Action[];
}

export class Driver {
  readonly card: TestCard;
  private readonly source: Source;
  private readonly peers: Peers;

  /** Of a card whose runs are explored. */
  readonly runs: Runs | undefined;
  private readonly suite: Bytes;

  /** `asks`: has the option of on-card consent; undefined: its runs are not explored. */
  constructor(
    seed: string,
    { bundle, asks }: { readonly bundle?: string; readonly asks?: boolean } = {},
  ) {
    this.card = new TestCard(`${seed} card`, {
      quick: true,
      ...(bundle ? { bundle } : {}),
    });
    this.source = new Source(seed);
    this.peers = new Peers(this.card, this.source, seed);
    this.runs = asks === undefined ? undefined : new Runs(this.card, this.source);
    this.suite = byte(PROTOCOL_VERSION, asks ? CONSENTING : SUITE);
  }

  private get host() {
    return this.source.key("E_h");
  }

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
        return data(m.certificate(maker, kcard, this.suite));
      }
      case "OPEN":
        return data(
          isGood || (argument.kind === "bad" && argument.word !== "CRYPTO")
            ? this.host.public
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
        if (argument.kind === "source")
          return data(this.peers.sources[argument.source as 0 | 1].names);
        return data(
          cat(this.card.id.length ? this.card.id : new Uint8Array(16), new Uint8Array(16)),
        );
      case "NAME_DESTINATIONS": {
        if (argument.kind === "names") {
          const ids = argument.names.peers.map((peer) => m.cardId(this.peers.kcard(peer).public));
          return data(cat(byte(argument.names.n), ...ids));
        }
        const own = action.name.includes("own id");
        return data(cat(byte(own ? 2 : 4), own ? this.card.id : new Uint8Array(16)));
      }
      case "SEAL":
        return data(argument.kind === "offer" ? this.peers.offer(argument) : new Uint8Array(239));
      case "ACCEPT":
        return data(
          argument.kind === "transfer"
            ? this.peers.transfer(argument.source, argument.fault)
            : new Uint8Array(366),
        );
      case "CONFIRM":
        return data(
          argument.kind === "receipt" ? this.peers.receipt(argument.slot) : new Uint8Array(32),
        );
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
      case "CONSENT":
        if (argument.kind !== "half") return data(new Uint8Array(32));
        return data(this.runs!.data(argument, this.peers.offerOf(argument)), argument.p1);
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
    if (command === "MINUTE") {
      for (const half of [IDLE / 2, IDLE / 2]) {
        if (card.live.channel) must("PROVE", card.secure("PROVE", new Uint8Array(32)));
        card.board.advance(half);
      }
      return 0x9000;
    }
    if (command === "SELECT") return card.live.raw(fromHex("00a4040009f04b494e4341524401")).sw;
    const ins = COMMANDS.find(({ name }) => name === command)?.ins ?? 0x4c;
    const { data, p1 } = this.bytes(action);
    const p2 = action.argument.kind === "bad" && action.argument.word === "P1P2" ? 1 : 0;
    const answer = this.say(action.sealed, ins, p1, p2, data);
    if (command === "CONSENT") this.consented(action, answer);
    if (answer.sw !== 0x9000) return this.held(action, answer, ins, data);
    if (command === "PERSONALISE") this.born = answer.data.slice(0, 33);
    if (command === "CERTIFY") {
      card.certificate = data;
      card.id = m.cardId(data.slice(6, 39));
    }
    if (command === "OPEN") card.live.begin(this.host, answer.data, card.certificate);
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
    if (action.command === "SEAL" && answer.sw === STATUS_WORDS.PRESENCE.value)
      this.runs?.refused("PRESENCE", answer.data);
    if (!action.held || answer.sw !== STATUS_WORDS.PRESENCE.value) return answer.sw;
    board.advance(0.2);
    board.press();
    board.advance(answer.data[LAYOUTS.Gesture.HOLD]! + 0.2);
    board.release();
    return this.say(action.sealed, ins, 0, 0, data).sw;
  }
  private consented({ argument }: Action, answer: Answer): void {
    if (answer.sw === STATUS_WORDS.WAIT.value) this.runs?.refused("WAIT", answer.data);
    if (answer.sw === 0x9000 && argument.kind === "half")
      this.runs?.took(argument, answer, this.peers.offerOf(argument));
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

  /** What the record says; the channel is taken from `s`, which is the explorer's own count. */
  look(s: State): State {
    // The old record's bank is erased once the card is at rest.
    this.card.rest();
    const record = recordOf(this.card.board);
    if (!record) return { ...s, state: "BLANK", born: false };
    const names = this.peers.sources.map(({ id }) => hex(id));
    const slots = record.slots.map((slot): SlotState => {
      if (slot.state === "OPEN") return OPEN_SLOT;
      if (/^0*$/.test(slot.kcard)) return { ...OPEN_SLOT, state: slot.state };
      return { state: slot.state, ...this.peers.slotOf(slot.kcard, slot.klink) };
    });
    const source =
      record.state === "OFFERED"
        ? names.indexOf(record.sourceId)
        : record.state === "COPY"
          ? this.peers.sources.findIndex(({ setId }) => hex(setId) === record.setId)
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
  /**
   * The card in that state, its channel as far as it had come; then what led on from there, to `to`.
   */
  thaw({ frozen, s, then }: Stand, to: State): void {
    const { born, ...snapshot } = frozen;
    this.card.restore(snapshot);
    this.born = born;
    this.channel(s, false);
    for (const action of then) this.perform(action);
    if (to.level === 0) this.card.live.channel = undefined;
    if (this.runs) this.runs.complaint = undefined;
  }
  /** Opens the channel anew, as far as the state says. */
  channel(s: State, reboot = true): void {
    const { card } = this;
    // From power-up on all goes as it went before, and was computed before.
    if (reboot) card.reboot();
    this.runs?.booted();
    if (s.state !== "BLANK") card.board.advance(card.status().wait);
    if (s.run && !s.run.lasts) card.board.advance(CONSENT.BOOT_S + 1);
    if (s.level === 0) return;
    if (s.level === 2) card.unlock();
    else card.open();
    if (s.salt) must("SALT", card.secure("SALT"));
    if (!s.named) return;
    const ids = s.named.peers.map((peer) => m.cardId(this.peers.kcard(peer).public));
    must("NAME_DESTINATIONS", card.secure("NAME_DESTINATIONS", cat(byte(s.named.n), ...ids)));
  }
}
