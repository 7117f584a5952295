/**
 * A board as a card for readers. Here a board has its byte link only, so each APDU goes to the
 * bundle as a line (docs/protocol.md 9) and nothing here knows what it means.
 *
 * What a reader does to the card's power is the link's sync: it ends the channel, as SELECT would.
 * The board itself stays on, as one with a battery does in a reader's field. Services switch idle
 * cards off after seconds; a power cycle each time would start the access code's wait again.
 */

import type { Board } from "../board/board.js";
import { fromHex, uint16 } from "../../sdk/crypto/bytes.js";
import { LineTransport } from "../../sdk/links/line/transport.js";
import { LIMITS, STATUS_WORDS } from "../../sdk/wire/generated.js";
import type { ReadableCard } from "./vpicc.js";

/** T=1 and no historical bytes: what every client took (ISO 7816-3 8.2). */
const ATR = fromHex("3B80800101");
/** The longest APDU in a line that the card reads: docs/protocol.md 9, 716 characters. */
const APDU_MOST = LIMITS.FRAME - 5;
const LENGTH = uint16(STATUS_WORDS.LENGTH.value);

export class BoardCard implements ReadableCard {
  readonly atr = ATR;
  private link: LineTransport | undefined;

  constructor(private readonly board: Board) {}

  async power(): Promise<void> {
    await this.sync();
  }
  async transmit(apdu: Uint8Array): Promise<Uint8Array> {
    if (apdu.length < 4 || apdu.length > APDU_MOST) return LENGTH;
    const link = this.link ?? (await this.sync());
    return link.transmit(apdu);
  }
  async close(): Promise<void> {
    await this.link?.close();
    this.link = undefined;
  }

  private async sync(): Promise<LineTransport> {
    await this.close();
    this.link = await LineTransport.connect(await this.board.duplex(), { name: "the board" });
    return this.link;
  }
}
