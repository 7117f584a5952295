/**
 * One board's cable, with one plug: whoever is in it has the board's bytes, others are told that it
 * is taken.
 *
 * When a client is gone a sync frame is said in its place (docs/protocol.md 9), so that nothing of a
 * channel with the access code is left for the next: a wire has no other way to tell a board.
 */

import { concat } from "../../sdk/crypto/bytes.js";
import { encodeFrame } from "../../sdk/links/line/line.js";
import type { Duplex } from "../../sdk/links/link.js";
import type { Board, Rate } from "../board/board.js";

const LF = 10;
const NOTHING = new Uint8Array();
/** Said to who comes second. */
export const BUSY = "busy: another client is connected to this board\n";

export class Plug {
  #taken = false;

  constructor(private readonly board: Board) {}

  get taken(): boolean {
    return this.#taken;
  }

  /**
   * Bytes both ways until either end is gone; `rate`: at which the client sends and hears, if it
   * has one. The plug must be free.
   */
  async carry(client: Duplex, rate?: Rate): Promise<void> {
    if (this.#taken) throw new Error(BUSY.trim());
    this.#taken = true;
    try {
      await carry(this.board, client, rate);
    } finally {
      this.#taken = false;
    }
  }
}

/** What the client sends meanwhile waits for the link. */
async function carry(board: Board, client: Duplex, rate?: Rate): Promise<void> {
  const gone = new Promise<void>((resolve) => client.onClose(() => resolve()));
  const duplex = await board.duplex(rate);
  const end = () => void client.close();
  duplex.onData((bytes) => void client.write(bytes));
  duplex.onClose(end);
  const write = async (bytes: Uint8Array) => duplex.write(bytes);
  let spoke = false;
  client.onData((bytes) => {
    spoke = true;
    void write(bytes).catch(end);
  });
  await gone;
  // behind a line that the client left unfinished
  const sync = concat(Uint8Array.of(LF), encodeFrame({ seq: 0, apdu: NOTHING }));
  if (spoke) await write(sync).catch(() => undefined);
  await duplex.close();
}
