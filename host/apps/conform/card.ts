/**
 * One card of a rack as the checks use it: a session that is opened when it is needed, and the
 * states that a check starts from. Whatever the last check left, `toEmpty` begins anew.
 *
 * Limits: it knows only its own access code. A wallet under another code stays as it is.
 */
import type { Status } from "../../sdk/card/commands/index.js";
import type { Ledger } from "../../sdk/card/ledger.js";
import { CardSession } from "../../sdk/card/session.js";
import { AccessCode } from "../../sdk/crypto/code.js";
import type { Duplex, Transport } from "../../sdk/links/link.js";
import { pause } from "../../sdk/links/time/waits.js";
import { DEMO_MAKER, demoMaker } from "../../sdk/maker/demo.js";
import { withHand } from "./hand.js";
import { pass, type Place } from "./rack.js";

/** Of every wallet that the suite makes. */
export const CODE_TEXT = "a rack's own code";
export const CODE = AccessCode.from(CODE_TEXT);
export const WRONG = AccessCode.from("not that code");
/** The least that a card takes: scrypt is the host's work, and not what is checked here. */
const COST = 10;

/** Waiting longer is for people to decide. */
export const WAIT_MOST = 60;

/** The card does not let go of what it holds. */
export class Held extends Error {
  override readonly name = "Held";
}

export class Card {
  #session: CardSession | undefined;
  /** What one check prepared on this card for the next ones of its key, with a link of its own. */
  kept: { readonly key: string; readonly stage: { close(): Promise<void> } } | undefined;

  constructor(
    readonly place: Place,
    /** Its number in the rack, from 1. */
    readonly number: number,
  ) {}

  /** The session that is open, or a new one. */
  async session(): Promise<CardSession> {
    return this.#session ?? this.on(await this.place.open());
  }
  /** The bytes below the frames, where the place has them; until `on`, hanging up ends them. */
  async wire(): Promise<Duplex> {
    await this.hangUp();
    return (this.#wire = await this.place.wire!());
  }
  #wire: Duplex | undefined;
  /** Goes on over this transport, which may have been made of the wire. */
  async on(transport: Transport): Promise<CardSession> {
    this.#wire = undefined;
    await this.hangUp();
    const session = new CardSession(transport);
    this.#session = session;
    await session.greet();
    return session;
  }
  async hangUp(): Promise<void> {
    const [session, wire] = [this.#session, this.#wire];
    this.#session = this.#wire = undefined;
    if (!session && !wire) return;
    await Promise.all([session?.close(), wire?.close()]);
    // The other side learns that its port is free.
    await pause(20);
  }
  /** Gives up what is kept. */
  async letGo(): Promise<void> {
    const { kept } = this;
    this.kept = undefined;
    if (!kept) return;
    await kept.stage.close().catch(() => undefined);
    await pause(20);
  }

  async status(): Promise<Status> {
    return (await this.session()).status();
  }
  /** Kmaker that this card must come from. */
  async maker(): Promise<Uint8Array> {
    const { demo } = await this.status();
    if (demo) return DEMO_MAKER;
    if (this.place.maker) return this.place.maker;
    throw new Error(`${this.place.name} is no DEMO card: name its maker's public key`);
  }
  /** A session with a channel to this genuine card. */
  async meet(): Promise<CardSession> {
    const session = await this.session();
    await session.openChannel({ maker: await this.maker() });
    return session;
  }
  async unlock(code = CODE): Promise<CardSession> {
    const session = await this.meet();
    await session.enterCode(code);
    return session;
  }

  /** A blank DEMO card gets its certificate; any other has one. */
  async certify(): Promise<void> {
    const session = await this.session();
    const { state, demo } = await session.status();
    if (state !== "BLANK") return;
    if (!demo) throw new Error("it is blank and no DEMO card: personalise it with its maker first");
    await session.certify(demoMaker().certify(await session.personalise()).bytes);
  }

  /** Certified, without a wallet, with no tries counted. */
  async toEmpty(): Promise<void> {
    await this.certify();
    const { state, button } = await this.status();
    if (state === "EMPTY") return;
    if (state === "DAMAGED") throw new Error("its record is damaged");
    if (state !== "OFFERED") {
      await (await (await this.wait()).unlock()).reset();
      return;
    }
    const hold = this.place.levers.button;
    if (button && !hold) throw new Held("it holds an offer: drop that with its button held");
    const session = await (await this.wait()).meet();
    await this.held(session, () => session.cancel());
  }

  /** A command that wants the card's button, with somebody to hold it, where there is one. */
  held<T>(session: CardSession, act: () => Promise<T>): Promise<T> {
    const { button, time } = this.place.levers;
    return button ? withHand(session, { button, time }, act) : act();
  }

  /** A wallet of its own under the suite's code, never shared, unlocked. */
  async toWallet(): Promise<Ledger> {
    if ((await this.status()).state !== "WALLET") {
      await this.toEmpty();
      await (await this.meet()).activate(CODE, { cost: COST });
    } else await this.unlock();
    return (await this.session()).ledger();
  }

  /** Lets pass what the card wants to wait. */
  async wait(): Promise<this> {
    const { waitSeconds } = await this.status();
    if (!waitSeconds) return this;
    if (!this.place.levers.time && waitSeconds > WAIT_MOST) {
      throw new Held(`it takes the next try in ${waitSeconds} s`);
    }
    await pass(this.place.levers, waitSeconds + 1);
    return this;
  }

  /** Power off and on; whoever was connected is so no more. */
  async reboot(): Promise<void> {
    await this.hangUp();
    await this.place.levers.power?.off();
    await this.place.levers.power?.on();
  }
}
