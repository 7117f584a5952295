/** Virtual cards that a bench copies between: certified, and what they are asked counted. */

import { readFileSync } from "node:fs";
import { DEMO_MAKER_PRIVATE } from "../../../../firmware/build/demo-maker.js";
import { writeImage } from "../../../emulator/board/fresh.js";
import { VirtualBoard } from "../../../emulator/board/virtual.js";
import { KERNEL_PATH } from "../../../emulator/espruino/bundle.js";
import { NorFlash } from "../../../emulator/flash/nor.js";
import { CardSession } from "../../../sdk/card/session.js";
import { fromHex } from "../../../sdk/crypto/bytes.js";
import { AccessCode } from "../../../sdk/crypto/code.js";
import { LineTransport } from "../../../sdk/links/line-transport.js";
import { Maker } from "../../../sdk/maker/maker.js";
import { COMMANDS } from "../../../sdk/wire/generated.js";

/** seq and CRC32. */
const FRAME = 5;
/** The least that a card takes: the host's time is not what is measured. */
const COST = 10;

export interface Exchange {
  readonly command: string;
  /** Bytes of the frames. */
  readonly out: number;
  readonly in: number;
}

export const commandOf = (apdu: Uint8Array): string =>
  COMMANDS.find(({ ins }) => ins === apdu[1])?.name ?? "SELECT";

/** A card on its wire. Flash and exchanges are counted while `counting`. */
export class CountedCard {
  readonly exchanges: Exchange[] = [];
  session!: CardSession;
  transport!: LineTransport;
  erases = 0;
  words = 0;
  counting = false;
  private constructor(
    readonly name: string,
    readonly board: VirtualBoard,
  ) {}

  static async make(name: string): Promise<CountedCard> {
    const flash = new NorFlash();
    writeImage(flash, new Uint8Array(readFileSync(KERNEL_PATH)));
    const card = new CountedCard(name, new VirtualBoard({ flash }));
    const { write, erase } = flash;
    flash.write = (address, data) => {
      if (card.counting) card.words += data.length / 4;
      write.call(flash, address, data);
    };
    flash.erase = (address) => {
      if (card.counting) card.erases++;
      erase.call(flash, address);
    };
    card.board.powerOn();
    const apdu = (command: Uint8Array, answer: Uint8Array) => {
      if (!card.counting) return;
      const [out, came] = [command.length + FRAME, answer.length + FRAME];
      card.exchanges.push({ command: commandOf(command), out, in: came });
    };
    const options = { name, observers: [{ apdu }] };
    card.transport = await LineTransport.connect(card.board.duplex(), options);
    card.session = new CardSession(card.transport);
    return card;
  }
}

/** The first holds a wallet and is to be copied to the others; a minute has passed since. */
export async function cardsToCopy(names: readonly string[]) {
  const maker = Maker.fromSecret(fromHex(DEMO_MAKER_PRIVATE));
  const key = { maker: maker.publicKey };
  const code = AccessCode.from("483920");
  const cards = await Promise.all(names.map(CountedCard.make));
  for (const { session } of cards)
    await session.certify(maker.certify(await session.personalise()).bytes);
  const { session } = cards[0]!;
  await session.openChannel(key);
  await session.activate(code, { cost: COST });
  for (const { board } of cards) board.advance(61);
  return { cards, key, code };
}
