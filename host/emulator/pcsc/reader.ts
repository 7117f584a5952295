/**
 * Keeps a board in a slot of the system's virtual PC/SC reader (vpcd): out when its power
 * goes, in again when it comes, and back when the reader was away. Node only.
 */

import type { Board } from "../board/board.js";
import { LinkError } from "../../sdk/links/link.js";
import { openTcp } from "../../sdk/links/line/tcp.js";
import { parseLinkUri } from "../../sdk/links/registry.js";
import { BoardCard } from "./board-card.js";
import { insertCard } from "./vpicc.js";
import type { Inserted } from "./vpicc.js";

/** Where Debian's vsmartcard-vpcd listens for its first card; the second is one port further. */
export const READER_DEFAULT = "127.0.0.1:35963";
const RETRY_MS = 1000;

export interface SlotOptions {
  /** Told of what happens after the first insertion, in words. */
  readonly tell?: (text: string) => void;
  readonly retryMs?: number;
}

export class ReaderSlot {
  private readonly card: BoardCard;
  private readonly stop = new AbortController();
  private readonly unsubscribe: () => void;
  private inserted: Inserted | undefined;
  private wake: () => void = () => undefined;
  private loop: Promise<void> = Promise.resolve();

  private constructor(
    private readonly board: Board,
    private readonly place: string,
    private readonly options: SlotOptions,
  ) {
    this.card = new BoardCard(board);
    this.unsubscribe = board.onPower((on) => (on ? this.wake() : this.inserted?.remove()));
  }

  /** Inserts the board, which is on. Throws LinkError when there is no reader to take it. */
  static async open(
    board: Board,
    place = READER_DEFAULT,
    options: SlotOptions = {},
  ): Promise<ReaderSlot> {
    const slot = new ReaderSlot(board, place, options);
    try {
      await slot.insert();
    } catch (error) {
      await slot.close();
      throw error;
    }
    slot.loop = slot.keep();
    return slot;
  }

  /** Takes the card out for good. The board stays as it is. */
  async close(): Promise<void> {
    this.stop.abort();
    this.unsubscribe();
    this.inserted?.remove();
    this.wake();
    await this.loop;
    await this.card.close();
  }

  private async insert(): Promise<void> {
    const link = parseLinkUri(`tcp:${this.place}`);
    if (link.scheme !== "tcp") throw new TypeError("unreachable: a tcp URI");
    try {
      const duplex = await openTcp(link.host, link.port, this.stop.signal);
      this.inserted = await insertCard(duplex, this.card);
    } catch (error) {
      throw new LinkError("link/virtual-reader", { place: this.place }, { cause: error });
    }
    if (this.stop.signal.aborted || !this.board.on) this.inserted.remove();
  }

  private async keep(): Promise<void> {
    const tell = this.options.tell ?? (() => undefined);
    while (!this.stop.signal.aborted) {
      const error = await this.inserted?.ended;
      this.inserted = undefined;
      if (this.stop.signal.aborted) return;
      tell(`out of the reader${error ? `: ${error.message}` : ""}`);
      while (!this.inserted && !this.stop.signal.aborted) {
        await this.pause();
        if (!this.board.on || this.stop.signal.aborted) continue;
        const taken = await this.insert().then(
          () => true,
          () => false,
        );
        if (taken) tell("in the reader again");
      }
    }
  }

  /** A while, or until the power comes. */
  private pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.options.retryMs ?? RETRY_MS);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
