/**
 * A virtual card in memory, ready to use: a virtual board, made genuine by the published demo maker
 * and activated, with its power and its button. For the tests of those who build on the library.
 *
 *   const card = await virtualCard({ seed: "alice" });
 *   const { publicKey } = await card.session.publicKey(parsePath("m/84'/0'/0'/0/0"));
 *
 * It executes the very bundle and kernel that a board does. Time stands still but for `advance` and
 * `hold`, unless `clock` says "real". Limits: it protects nothing. Runs on Node and in browsers.
 */

import type { Certificate } from "../../sdk/card/certificate.js";
import { formatLabel } from "../../sdk/card/label.js";
import { CardSession } from "../../sdk/card/session.js";
import { toHex } from "../../sdk/crypto/bytes.js";
import { AccessCode } from "../../sdk/crypto/code.js";
import { LineTransport } from "../../sdk/links/line/transport.js";
import type { Transport } from "../../sdk/links/link.js";
import { demoMaker, DEMO_MAKER } from "../../sdk/maker/demo.js";
import type { Place } from "../../sdk/relay/connected.js";
import { SCRYPT } from "../../sdk/wire/generated.js";
import { writeImage } from "../board/fresh.js";
import { VirtualBoard } from "../board/virtual.js";
import { seededRandom } from "../entropy.js";
import { readKernel } from "../espruino/built.js";
import { NorFlash } from "../flash/nor.js";

export interface VirtualCardOptions {
  /** The same card with the same keys for the same seed (default: a new one each time). */
  readonly seed?: string | number;
  /** How far it is made: BLANK, EMPTY (genuine, without a key), WALLET (default). */
  readonly state?: "BLANK" | "EMPTY" | "WALLET";
  /** Its access code (default: VIRTUAL_CODE). */
  readonly code?: string;
  /** log2 of scrypt's N for the code: 10 (default), the quickest, to 20. */
  readonly cost?: number;
  /** Whether it has a button (default: yes). */
  readonly button?: boolean;
  /** It gives its key only with on-card consent (default: no); such a card needs its button. */
  readonly consent?: boolean;
  /** "virtual" (default): time stands still but for `advance`; "real": it runs. */
  readonly clock?: "virtual" | "real";
}

/** A card's access code where none is given. */
export const VIRTUAL_CODE = "virtual card";

/** A card as its flash holds it, for `restore`: keys and all, in the clear. */
export type CardSnapshot = ReturnType<NorFlash["snapshot"]>;

export class VirtualCard {
  /** Kmaker of every virtual card: the published demo maker's [33]. */
  readonly maker = DEMO_MAKER;
  readonly board: VirtualBoard;
  /** What the last link to the card is used by: its channel open and its code given in a WALLET. */
  session: CardSession;
  readonly #code: string;
  #certificate: Certificate | undefined;

  private constructor(board: VirtualBoard, session: CardSession, code: string) {
    this.board = board;
    this.session = session;
    this.#code = code;
  }

  static async make(options: VirtualCardOptions = {}): Promise<VirtualCard> {
    const { seed, state = "WALLET", code = VIRTUAL_CODE, cost = SCRYPT.LEAST } = options;
    const { button = true, clock = "virtual" } = options;
    const flash = new NorFlash();
    writeImage(flash, readKernel(undefined));
    const random = seed === undefined ? {} : { random: seededRandom(`virtual card ${seed}`) };
    const board = new VirtualBoard({ flash, button, clock, ...random });
    board.powerOn();
    const card = new VirtualCard(board, await connected(board), code);
    if (state !== "BLANK") await card.#personalise(options);
    if (state === "WALLET") await card.#activate(cost);
    return card;
  }

  /** Its certificate. Throws for a BLANK card. */
  get certificate(): Certificate {
    if (!this.#certificate) throw new RangeError("a blank card has no certificate");
    return this.#certificate;
  }
  /** The label that would be printed on it: 9Q3K-... */
  get label(): string {
    return formatLabel(this.certificate.id);
  }
  /** The same in hexadecimal. */
  get id(): string {
    return toHex(this.certificate.id);
  }
  /** A new AccessCode of its own each time: wipe it. */
  get code(): AccessCode {
    return AccessCode.from(this.#code);
  }

  /** For `ConnectedCards`: a link as often as it is asked for. */
  get place(): Place {
    return { name: this.#certificate ? this.label : "a blank card", open: () => this.connect() };
  }

  /** A new link to the card; the one before is closed. Its power is switched on. */
  async connect(): Promise<Transport> {
    await this.session.close();
    this.board.powerOn();
    this.session = await connected(this.board);
    return this.session.transport;
  }

  /** A new link with an open channel, the access code given: `session`. */
  async unlock(): Promise<CardSession> {
    await this.connect();
    const { session } = this;
    await session.openChannel({ maker: this.maker, expectId: this.certificate.id });
    await this.#withCode((code) => session.enterCode(code));
    return session;
  }

  get on(): boolean {
    return this.board.on;
  }
  /** The light, lit while the card waits for its button. */
  get light(): boolean {
    return this.board.leds["LED1"] === true;
  }
  /** All three: LED1 red, LED2 green, LED3 blue. */
  get lights(): Readonly<Record<string, boolean>> {
    return this.board.leds;
  }
  /** The link stays open and silent; `connect` or `unlock` go on. */
  powerOff(): void {
    this.board.powerOff();
  }
  powerOn(): void {
    this.board.powerOn();
  }
  press(): void {
    this.board.press();
  }
  release(): void {
    this.board.release();
  }
  /** Presses the button, lets so many seconds pass, and releases it. */
  hold(seconds: number): void {
    this.press();
    this.advance(seconds);
    this.release();
  }
  /** Lets time pass for the card, in seconds. */
  advance(seconds: number): void {
    this.board.advance(seconds);
  }

  snapshot(): CardSnapshot {
    return this.board.flash.snapshot();
  }
  /** The card as it was, freshly powered on: `connect` or `unlock` go on. */
  restore(snapshot: CardSnapshot): void {
    this.powerOff();
    this.board.flash.restore(snapshot);
    this.powerOn();
  }

  /** Ends its link and its power; nothing of it is left that runs. */
  async close(): Promise<void> {
    await this.session.close();
    this.powerOff();
  }

  async #personalise({ consent = false }: VirtualCardOptions): Promise<void> {
    const maker = demoMaker();
    this.#certificate = maker.certify(await this.session.personalise(), { consent });
    maker.wipe();
    await this.session.certify(this.#certificate.bytes);
  }
  async #activate(cost: number): Promise<void> {
    const { session } = this;
    await session.openChannel({ maker: this.maker, expectId: this.certificate.id });
    await this.#withCode((code) => session.activate(code, { cost }));
  }
  async #withCode<T>(use: (code: AccessCode) => Promise<T>): Promise<T> {
    const { code } = this;
    try {
      return await use(code);
    } finally {
      code.wipe();
    }
  }
}

async function connected(board: VirtualBoard): Promise<CardSession> {
  return new CardSession(await LineTransport.connect(board.duplex(), { name: "virtual card" }));
}

/** A card that is ready to use; VirtualCardOptions say what else it may be. */
export const virtualCard = (options: VirtualCardOptions = {}): Promise<VirtualCard> =>
  VirtualCard.make(options);
