/** Cards made of the real interpreter, for the tests of this folder; closed after each test. */

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { Maker } from "../../host/sdk/maker/maker.js";
import { BUNDLE_PATH, KERNEL_PATH, sha256 } from "../../host/emulator/espruino/bundle.js";
import { CardSession } from "../../host/sdk/card/session.js";
import { AccessCode } from "../../host/sdk/crypto/code.js";
import {
  InterpreterBoard,
  type InterpreterBoardOptions,
} from "../../host/emulator/board/interpreter/interpreter.js";
import {
  interpreterWords,
  probe,
  type Interpreter,
} from "../../host/emulator/board/interpreter/command.js";
import { LineTransport } from "../../host/sdk/links/line/transport.js";
import { DEMO_MAKER_SEED } from "../../firmware/build/demo-maker.js";

export const maker = Maker.fromSecret(Buffer.from(sha256(Buffer.from(DEMO_MAKER_SEED)), "hex"));
export const CODE = AccessCode.from("483920");
/** The least that a card takes: the host's time is not what is tested here. */
export const COST = 10;

/** Why these tests can't run, or nothing. */
export function missing(): string | undefined {
  if (!interpreterWords().length) return "ESPRUINO_BIN names no interpreter";
  if (spawnSync("python3", ["--version"]).status !== 0) return "python3 is missing";
  if (!existsSync(BUNDLE_PATH) || !existsSync(KERNEL_PATH)) return "there is no build in dist";
  return undefined;
}

let interpreter: Interpreter | undefined;
const open: Card[] = [];

export class Card {
  session!: CardSession;
  private constructor(readonly board: InterpreterBoard) {}

  static async make(options: Partial<InterpreterBoardOptions> = {}): Promise<Card> {
    interpreter ??= probe();
    const kernel = new Uint8Array(readFileSync(KERNEL_PATH));
    const card = new Card(await InterpreterBoard.make({ interpreter, kernel, ...options }));
    open.push(card);
    await card.powerOn();
    return card;
  }
  /** A card with its certificate. */
  static async certified(options?: Partial<InterpreterBoardOptions>): Promise<Card> {
    const card = await Card.make(options);
    await card.session.certify(maker.certify(await card.session.personalise()).bytes);
    return card;
  }

  async powerOn(): Promise<void> {
    await this.board.powerOn();
    await this.connect();
  }
  async connect(): Promise<void> {
    const transport = await LineTransport.connect(await this.board.duplex());
    this.session = new CardSession(transport);
  }
  async powerOff(): Promise<void> {
    await this.session.close();
    await this.board.powerOff();
  }
  async reboot(): Promise<void> {
    await this.powerOff();
    await this.powerOn();
  }
  async state(): Promise<string> {
    return (await this.session.status()).state;
  }
  async openChannel() {
    return this.session.openChannel({ maker: maker.publicKey });
  }
  async unlock() {
    const channel = await this.openChannel();
    await this.session.enterCode(CODE);
    return channel;
  }
  async activate() {
    await this.openChannel();
    return this.session.activate(CODE, { cost: COST });
  }
}

export async function closeAll(): Promise<void> {
  for (const card of open.splice(0)) {
    await card.session?.close().catch(() => undefined);
    await card.board.close();
  }
}

/** The ceremony up to the receipts: three messages a copy. */
export async function backUp(source: Card, destinations: readonly Card[], setId: Uint8Array) {
  const id = (await source.openChannel()).certificate.id;
  const ids: Uint8Array[] = [];
  for (const card of destinations) {
    ids.push((await card.openChannel()).certificate.id);
    await card.session.nameSource({ id, setId });
  }
  await source.unlock();
  await source.session.nameDestinations({ setSize: ids.length + 1, ids });
  for (const { session } of destinations) {
    const transfer = await source.session.seal(await session.offer());
    await source.session.confirm(await session.accept(transfer));
  }
}
