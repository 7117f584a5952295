/**
 * Real cards (the built bundle on virtual boards) in a small world of their own: certified by the
 * published demo maker, driven synchronously, with the power switch and the flash at hand.
 */
import { DEMO_MAKER_PRIVATE } from "../../firmware/build/demo-maker.js";
import {
  LAYOUTS,
  COMMANDS,
  PROTOCOL_VERSION,
  STATES,
  STATUS_WORDS,
  SUITE,
  type CommandName,
  type StateName,
} from "../../host/sdk/wire/generated.js";
import type { VirtualBoard } from "../../host/emulator/board/virtual.js";
import type { CutMode, CutOptions } from "../../host/emulator/flash/nor.js";
import { cardId, certificateBody, signCertificate } from "../vectors/messages.js";
import { LiveCard, type Answer } from "../vectors/live.js";
import { Source, byte, cat, fromHex, keyPair, type Bytes, type KeyPair } from "../vectors/suite.js";
import { makeBoard, type TestBoard } from "./boards.js";

export const MAKER = keyPair(fromHex(DEMO_MAKER_PRIVATE));
/** What a host would have made of the user's code; a card takes any 32 bytes. */
export const STRETCHED = new Uint8Array(32).fill(0xc0);
export const WRONG = new Uint8Array(32).fill(0xee);
export const COST = 10;
/** The card looks at its button every 0.1 s while it is armed. */
const SAMPLE_S = 0.2;
/** A card that was not asked for so long has erased its spare bank. */
const REST_S = 7;

export interface Status {
  readonly state: StateName;
  readonly flags: number;
  readonly n: number;
  readonly k: number;
  readonly slots: readonly [number, number];
  readonly misses: number;
  readonly drops: number;
  readonly wait: number;
}
const stateNames = Object.keys(STATES) as StateName[];

/** Data and 9000, or an error that says what the card said. */
export function must(what: string, answer: Answer): Bytes {
  if (answer.sw !== 0x9000) throw new Error(`${what} was refused with ${answer.sw.toString(16)}`);
  return answer.data;
}

export class TestCard {
  readonly board: VirtualBoard;
  live: LiveCard;
  certificate: Bytes = byte();
  id: Bytes = byte();
  setId: Bytes = byte();
  private readonly source: Source;

  /** Powered on, blank. */
  constructor(
    readonly name: string,
    private readonly options: TestBoard = {},
  ) {
    this.board = makeBoard({ seed: name, ...options });
    this.source = new Source(name);
    this.live = new LiveCard(this.board, this.source);
    this.boot();
  }

  boot(): void {
    this.board.powerOn();
    if (this.options.quick) this.live.rewind();
    if (this.board.on) this.live.sync();
  }
  reboot(): void {
    this.board.powerOff();
    this.boot();
  }
  /** Runs `act` with a cut armed; true if the cut came. The power is off then. */
  cutDuring(n: number, mode: CutMode, options: CutOptions, act: () => void): boolean {
    this.board.cut(n, mode, options);
    try {
      act();
    } catch (error) {
      if (this.board.on) throw error;
    }
    return !this.board.on;
  }

  /** `suite`: the certificate's, with the option's bit where it has one. */
  certify(maker: KeyPair = MAKER, suite = SUITE as number): this {
    const kcard = must("PERSONALISE", this.plain("PERSONALISE")).slice(
      0,
      LAYOUTS.Request.SIGNATURE,
    );
    this.certificate = signCertificate(
      maker.secret,
      certificateBody(maker.public, kcard, byte(PROTOCOL_VERSION, suite)),
    );
    this.id = cardId(kcard);
    must("CERTIFY", this.plain("CERTIFY", this.certificate));
    return this;
  }
  open(): this {
    this.live.open(this.certificate);
    return this;
  }
  unlock(stretched = STRETCHED): this {
    this.open();
    must("CODE", this.secure("CODE", stretched));
    return this;
  }
  /** One wrong try, after as long a wait as the card says. */
  miss(): { misses: number; wait: number } {
    this.wait();
    this.open();
    const { sw, data } = this.secure("CODE", WRONG);
    if (sw !== STATUS_WORDS.WRONG_CODE.value) throw new Error(`a miss got ${sw.toString(16)}`);
    return { misses: data[0]!, wait: (data[1]! << 8) | data[2]! };
  }
  activate(): this {
    this.open();
    must("SALT", this.secure("SALT"));
    const answer = must("ACTIVATE", this.secure("ACTIVATE", cat(byte(COST), STRETCHED)));
    this.setId = answer.slice(0, LAYOUTS.Activated.PUBLIC_KEY);
    return this;
  }
  /** As a destination: an OFFER for `source`. */
  offerTo(source: TestCard): Bytes {
    this.open();
    must("NAME_SOURCE", this.secure("NAME_SOURCE", cat(source.id, source.setId)));
    return must("OFFER", this.plain("OFFER"));
  }
  /** As a destination: drops its offer, the button held. */
  drop(): this {
    this.open();
    must("CANCEL", this.gesture("CANCEL"));
    return this;
  }
  /** As a source: names destinations in a fresh channel with the code. */
  nameDestinations(n: number, ...cards: TestCard[]): this {
    this.unlock();
    const ids = cards.map(({ id }) => id);
    must("NAME_DESTINATIONS", this.secure("NAME_DESTINATIONS", cat(byte(n), ...ids)));
    return this;
  }
  /** As a source: a whole copy to `destination`, in the channel that is open. */
  copyTo(destination: TestCard): void {
    const transfer = must("SEAL", this.plain("SEAL", destination.offerTo(this)));
    const receipt = must("ACCEPT", destination.plain("ACCEPT", transfer));
    must("CONFIRM", this.plain("CONFIRM", receipt));
  }

  plain(name: CommandName, data?: Bytes, p1?: number): Answer {
    return this.live.plain(name, data, p1);
  }
  secure(name: CommandName, data?: Bytes, p1?: number): Answer {
    return this.live.secure(name, data, p1);
  }
  /** Arms the command, holds the button for as long as the card says, asks again. */
  gesture(name: CommandName, data?: Bytes): Answer {
    const armed = this.secure(name, data);
    if (armed.sw !== STATUS_WORDS.PRESENCE.value) return armed;
    this.board.advance(SAMPLE_S);
    this.board.press();
    this.board.advance(armed.data[LAYOUTS.Gesture.HOLD]! + SAMPLE_S);
    this.board.release();
    return this.secure(name, data);
  }
  /** By whichever way the table says. */
  ask(name: CommandName, data?: Bytes, p1?: number): Answer {
    const { access } = COMMANDS.find((command) => command.name === name)!;
    return access === "plain" ? this.plain(name, data, p1) : this.secure(name, data, p1);
  }

  status(): Status {
    const [
      ,
      ,
      state = 0,
      flags = 0,
      n = 0,
      k = 0,
      s1 = 0,
      s2 = 0,
      misses = 0,
      drops = 0,
      hi = 0,
      lo = 0,
    ] = this.live.status();
    const slots = [s1, s2] as const;
    const name = stateNames.find((candidate) => STATES[candidate].value === state)!;
    return { state: name, flags, n, k, slots, misses, drops, wait: (hi << 8) | lo };
  }
  get state(): StateName {
    return this.status().state;
  }
  /** Asks nothing for so long that the card erases the bank that it does not need. */
  rest(): this {
    this.board.advance(REST_S);
    return this;
  }
  /** Lets pass what STATUS says must pass. */
  wait(): void {
    this.board.advance(this.status().wait + 1);
  }
  /** Master public key and chain code, by the code. */
  publicKey(): Bytes {
    this.unlock();
    return must("PUBLIC_KEY", this.secure("PUBLIC_KEY", byte(0))).slice(0, LAYOUTS.Key.PARENT);
  }

  snapshot(): Snapshot {
    const { certificate, id, setId } = this;
    return { flash: this.board.flash.snapshot(), certificate, id, setId };
  }
  /** The card as it was, freshly booted. */
  restore(snapshot: Snapshot): void {
    this.board.powerOff();
    this.board.flash.restore(snapshot.flash);
    Object.assign(this, { ...snapshot, flash: undefined });
    this.boot();
  }
}
export interface Snapshot {
  readonly flash: ReturnType<VirtualBoard["flash"]["snapshot"]>;
  readonly certificate: Bytes;
  readonly id: Bytes;
  readonly setId: Bytes;
}

/** A certified card. */
export function certified(name: string, options?: TestBoard): TestCard {
  return new TestCard(name, options).certify();
}
/** A certified card with a wallet key. */
export function wallet(name: string, options?: TestBoard): TestCard {
  return certified(name, options).activate();
}
