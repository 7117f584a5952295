/** Virtual cards that a bench copies between: certified, and what they are asked counted. */

import { readFileSync } from "node:fs";
import { DEMO_MAKER_PRIVATE } from "../../../../firmware/build/demo-maker.js";
import { writeImage } from "../../../emulator/board/fresh.js";
import { VirtualBoard } from "../../../emulator/board/virtual.js";
import { seededRandom } from "../../../emulator/entropy.js";
import { KERNEL_PATH } from "../../../emulator/espruino/bundle.js";
import type { KernelFactory } from "../../../emulator/espruino/life.js";
import { thumbKernel } from "../../../emulator/kernel/native.js";
import { NorFlash } from "../../../emulator/flash/nor.js";
import { CardSession } from "../../../sdk/card/session.js";
import { fromHex } from "../../../sdk/crypto/bytes.js";
import { AccessCode } from "../../../sdk/crypto/code.js";
import { LineTransport } from "../../../sdk/links/line/transport.js";
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
  /** Of the kernel, by the cycle model; 0 where it is not measured. */
  readonly cycles: number;
  readonly erases: number;
  readonly words: number;
}

/** Whatever draws random bytes in this process from now on gets the same ones each time. */
export function sameBytes(seed: string): void {
  const drawn = seededRandom(seed);
  globalThis.crypto.getRandomValues = <T extends ArrayBufferView | null>(array: T): T => {
    if (!array) return array;
    const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
    bytes.set(bytes.map(() => drawn.next32()));
    return array;
  };
}

export const commandOf = (apdu: Uint8Array): string =>
  COMMANDS.find(({ ins }) => ins === apdu[1])?.name ?? "SELECT";

/**
 * A card on its wire. Flash and exchanges are counted while `counting`; the kernel's cycles only
 * where asked for: it runs ten times slower then.
 */
export class CountedCard {
  readonly exchanges: Exchange[] = [];
  session!: CardSession;
  transport!: LineTransport;
  erases = 0;
  words = 0;
  cycles = 0;
  counting = false;
  readonly board: VirtualBoard;
  private constructor(
    readonly name: string,
    flash: NorFlash,
    kernel: boolean,
  ) {
    const counted: KernelFactory = (memory, codeAddress) => {
      const { call, measure } = thumbKernel(memory, { codeAddress });
      return {
        call: (entry, args) => {
          if (!this.counting) return call(entry, args);
          const { cycles, result } = measure(entry, args);
          this.cycles += cycles;
          return result;
        },
      };
    };
    const random = seededRandom(name);
    this.board = new VirtualBoard({ flash, random, ...(kernel ? { kernel: counted } : {}) });
  }

  static async make(name: string, kernel: boolean): Promise<CountedCard> {
    const flash = new NorFlash();
    writeImage(flash, new Uint8Array(readFileSync(KERNEL_PATH)));
    const card = new CountedCard(name, flash, kernel);
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
    let seen = { cycles: 0, erases: 0, words: 0 };
    const apdu = (command: Uint8Array, answer: Uint8Array) => {
      if (!card.counting) return;
      const { cycles, erases, words } = card;
      card.exchanges.push({
        ...{ command: commandOf(command), out: command.length + FRAME, in: answer.length + FRAME },
        cycles: cycles - seen.cycles,
        erases: erases - seen.erases,
        words: words - seen.words,
      });
      seen = { cycles, erases, words };
    };
    const options = { name, observers: [{ apdu }] };
    card.transport = await LineTransport.connect(card.board.duplex(), options);
    card.session = new CardSession(card.transport);
    return card;
  }
}

/** The first holds a wallet and is to be copied to the others; a minute has passed since. */
export async function cardsToCopy(names: readonly string[], { kernel = false } = {}) {
  const maker = Maker.fromSecret(fromHex(DEMO_MAKER_PRIVATE));
  const key = { maker: maker.publicKey };
  const code = AccessCode.from("483920");
  const cards: CountedCard[] = [];
  for (const name of names) cards.push(await CountedCard.make(name, kernel));
  for (const { session } of cards)
    await session.certify(maker.certify(await session.personalise()).bytes);
  const { session } = cards[0]!;
  await session.openChannel(key);
  await session.activate(code, { cost: COST });
  for (const { board } of cards) board.advance(61);
  return { cards, key, code };
}
