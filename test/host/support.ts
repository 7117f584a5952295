/**
 * Virtual cards for the host's tests: boards in memory, personalised by the demo maker, and their
 * links.
 */

import { DEMO_MAKER_PRIVATE } from "../../firmware/build/demo-maker.js";
import type { VirtualBoard } from "../../host/emulator/board/virtual.js";
import {
  AccessCode,
  CardSession,
  fromHex,
  LineTransport,
  Maker,
  type LinkObserver,
  type Transport,
} from "../../host/sdk/core.js";
import { withHand } from "../../host/apps/conform/hand.js";
import { makeBoard, missingBundle, type TestBoard } from "../support/boards.js";

export const CODE = "correct horse";
/** The least cost that cards take: tests measure logic, not scrypt. */
export const COST = 10;

export const demoMaker = () => Maker.fromSecret(fromHex(DEMO_MAKER_PRIVATE));
export const MAKER = demoMaker().publicKey;
export const accessCode = () => AccessCode.from(CODE);

/** Skips a suite, with the reason, when there is no build. */
export function needsBundle(suite: Mocha.Suite): void {
  const reason = missingBundle();
  suite.beforeAll(function () {
    if (!reason) return;
    console.log(`      skipped: ${reason}`);
    this.skip();
  });
}

export class TestCard {
  private constructor(
    readonly board: VirtualBoard,
    public session: CardSession,
    readonly name: string,
  ) {}

  /** A powered board with a link to it. */
  static async make(name: string, options: TestBoard = {}): Promise<TestCard> {
    const board = makeBoard({ seed: name, ...options });
    board.powerOn();
    return new TestCard(board, new CardSession(await linkTo(board, name)), name);
  }
  /** And certified by the demo maker: EMPTY. */
  static async empty(name: string, options: TestBoard = {}): Promise<TestCard> {
    const card = await TestCard.make(name, options);
    const maker = demoMaker();
    await card.session.certify(maker.certify(await card.session.personalise()).bytes);
    return card;
  }
  /** And with a wallet. */
  static async wallet(name: string, options: TestBoard = {}): Promise<TestCard> {
    const card = await TestCard.empty(name, options);
    await card.session.openChannel({ maker: MAKER });
    await card.session.activate(accessCode(), { cost: COST });
    return card;
  }

  async reconnect(observers: LinkObserver[] = []): Promise<Transport> {
    const transport = await linkTo(this.board, this.name, observers);
    this.session = new CardSession(transport);
    return transport;
  }
  /** A command that wants the card's button, with somebody to hold it. */
  held<T>(act: () => Promise<T>): Promise<T> {
    const { board } = this;
    const button = (down: boolean) => (down ? board.press() : board.release());
    return withHand(this.session, { button, time: (s) => board.advance(s) }, act);
  }
  /** Channel and code. */
  async unlock(code = accessCode()): Promise<void> {
    await this.session.openChannel({ maker: MAKER });
    await this.session.enterCode(code);
  }
}

export function linkTo(
  board: VirtualBoard,
  name: string,
  observers: LinkObserver[] = [],
  connectMs = 10_000,
): Promise<LineTransport> {
  return LineTransport.connect(board.duplex(), { name, observers, connectMs, timeoutMs: 8000 });
}
