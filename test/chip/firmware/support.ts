/**
 * Chips that execute the real firmware, KINCARD_FIRMWARE, for the tests of this folder. It is the
 * user's own file and never ours: docs/chip.md says where it is had. Without it the tests are
 * skipped by name.
 */
import { existsSync, readFileSync } from "node:fs";
import { DEMO_MAKER_PRIVATE } from "../../../firmware/build/demo-maker.js";
import type { FirmwareInfo } from "../../../firmware/build/firmware.js";
import { ChipBoard, type ChipBoardOptions } from "../../../host/emulator/board/chip.js";
import { readFirmware, type Firmware } from "../../../host/emulator/chip/firmware.js";
import { seededRandom } from "../../../host/emulator/entropy.js";
import { BUNDLE_PATH, KERNEL_PATH } from "../../../host/emulator/espruino/bundle.js";
import { CardSession } from "../../../host/sdk/card/session.js";
import { AccessCode } from "../../../host/sdk/crypto/code.js";
import { fromHex } from "../../../host/sdk/crypto/bytes.js";
import { LineTransport } from "../../../host/sdk/links/line/transport.js";
import { Maker } from "../../../host/sdk/maker/maker.js";
import { makeImage, type Image as MadeImage } from "../../../host/tools/image/image.js";
import type { Board } from "../../../hw/boards/board.js";
import { prelude } from "../../../hw/images/boot.js";
import { boardById } from "../../../hw/boards/index.js";

export const maker = Maker.fromSecret(fromHex(DEMO_MAKER_PRIVATE));
export const CODE = AccessCode.from("483920");
/** The least that a card takes: the host's time is not what is tested here. */
export const COST = 10;

/**
 * Which board the firmware is for: by its file's name, a Puck.js's unless KINCARD_CHIP says more.
 */
export const board: Board = boardById(process.env.KINCARD_CHIP ?? "puckjs");

/** Why these tests can't run, or nothing. */
export function missing(image = true): string | undefined {
  const file = process.env.KINCARD_FIRMWARE;
  if (!file) return "KINCARD_FIRMWARE names no firmware, see docs/chip.md";
  if (!existsSync(file)) return `KINCARD_FIRMWARE: there is no ${file}`;
  if (!image) return undefined;
  if (existsSync(BUNDLE_PATH) && existsSync(KERNEL_PATH)) return undefined;
  return "there is no build in dist: run `npm run build`";
}
/**
 * Why a test waits for the card's own mend: a word that is not yet in what is executed, or,
 * `early`, not yet among the first words that are.
 */
export function unmended(word: string, early = false): string | undefined {
  const none = missing();
  if (none) return none;
  const { text } = theImage();
  const found = (early ? text.slice(0, EARLY) : text).includes(word);
  return found ? undefined : `the card in dist has no ${word}${early ? " in its boot words" : ""}`;
}
/** The board's own words, and not much more. */
const EARLY = 400;
export const title = (what: string, reason?: string): string =>
  reason ? `${what} (skipped: ${reason})` : what;

let firmware: Firmware | undefined;
interface Image {
  readonly bytes: Uint8Array;
  /** What is executed at boot, before it is tokenised. */
  readonly text: string;
  readonly made: MadeImage;
}
let image: Image | undefined;
export function theFirmware(): Firmware {
  return (firmware ??= readFirmware(process.env.KINCARD_FIRMWARE!));
}
/** Storage as an image's full.hex lays it, from the build in dist. */
export function theImage(): Image {
  if (image) return image;
  // KINCARD_BUNDLE: another build's bundle, as in test/support/boards.ts.
  const bundle = process.env.KINCARD_BUNDLE ?? BUNDLE_PATH;
  const code = readFileSync(bundle, "latin1");
  const json = BUNDLE_PATH.replace(/\.js$/, ".json");
  const info = JSON.parse(readFileSync(json, "utf8")) as FirmwareInfo;
  const kernel = new Uint8Array(readFileSync(KERNEL_PATH));
  const made = makeImage(board, { firmware: { code, info }, kernel });
  image = { bytes: made.layout.bytes, text: prelude(board) + code, made };
  return image;
}
export const storageImage = (): Uint8Array => theImage().bytes;

const open: { close(): Promise<void> }[] = [];
/** Switches off what the tests of a file made. */
export async function closeAll(): Promise<void> {
  for (const one of open.splice(0)) await one.close();
}

export interface ChipTest extends Partial<ChipBoardOptions> {
  /** What lies in Storage: the card's image (default), or nothing. */
  readonly image?: Uint8Array | false;
}

/** A board, powered off. The chip's failures become the test's, unless it listens. */
export function makeChip({ image: put, ...options }: ChipTest = {}): ChipBoard {
  const seed = options.seed ?? 1;
  const made = new ChipBoard({
    board,
    firmware: theFirmware(),
    random: seededRandom(seed),
    ...options,
    seed,
  });
  if (put !== false) made.program(put ?? storageImage());
  open.push({ close: async () => made.powerOff() });
  return made;
}

/** A card on a chip, by serial. */
export class ChipCard {
  session!: CardSession;
  constructor(readonly board: ChipBoard) {}

  static async make(options: ChipTest = {}): Promise<ChipCard> {
    const card = new ChipCard(makeChip(options));
    await card.powerOn();
    return card;
  }
  static async certified(options: ChipTest = {}): Promise<ChipCard> {
    const card = await ChipCard.make(options);
    await card.session.certify(maker.certify(await card.session.personalise()).bytes);
    return card;
  }
  async powerOn(): Promise<void> {
    this.board.powerOn();
    await this.connect();
  }
  async connect(): Promise<void> {
    const duplex = this.board.duplex();
    const options = { name: "a chip", timeoutMs: 4000 };
    this.session = new CardSession(await LineTransport.connect(duplex, options));
  }
  async reboot(): Promise<void> {
    await this.session.close();
    this.board.powerOff();
    await this.powerOn();
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

/** Espruino's prompt on a chip's serial port. */
export class Prompt {
  text = "";
  constructor(readonly board: ChipBoard) {
    board.onData((bytes) => (this.text += Buffer.from(bytes).toString("latin1")));
  }
  /** Types a line and lets seconds pass; what was printed. */
  type(line: string, seconds = 0.3): string {
    this.text = "";
    this.board.send(`${line}\n`);
    // A character at 9600 baud, twice: there and back.
    this.board.advance(seconds + (2 * line.length) / 900);
    return this.text;
  }
}
