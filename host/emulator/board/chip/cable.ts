/** The serial cable between a host and a chip's UART: bytes one after the other, at a rate. */

import type { Chip } from "../../chip/chip.js";
import type { Soc } from "../../chip/soc/soc.js";
import { HZ } from "../../chip/soc/base/time.js";

interface Piece {
  readonly bytes: Uint8Array;
  at: number;
  /** Of the host's own; undefined: at the card's. */
  readonly baud: number | undefined;
}

/** What the card sent, at one rate. */
export interface Said {
  readonly bytes: Uint8Array;
  readonly baud: number;
}

export class Cable {
  /** Cycles of the scheduler at which the newest byte was whole on RX, and on TX. */
  readonly traffic = { in: 0, out: 0 };
  #toCard: Piece[] = [];
  #sending = false;
  #fromCard: number[] = [];
  /** The rate of `#fromCard`. */
  #spoken = 0;
  readonly #said: Said[] = [];

  /** `moved` is told of each byte, inside a run. */
  constructor(
    private readonly chip: Chip,
    private readonly moved: () => void,
  ) {}

  get busy(): boolean {
    return this.#toCard.length > 0;
  }

  /** The power came or went: what was on its way is lost. What the card had sent is not. */
  clear(): void {
    this.#toCard = [];
    this.#sending = false;
  }

  /** A reset has put another UART in its place. */
  attach({ uart }: Soc): void {
    uart.onSend = (byte) => {
      this.traffic.out = this.chip.scheduler.now;
      if (uart.baud !== this.#spoken) this.#close();
      this.#spoken = uart.baud;
      this.#fromCard.push(byte);
      this.moved();
    };
    this.#sending = false;
    this.#pump();
  }

  send(bytes: Uint8Array, baud?: number): void {
    if (bytes.length) this.#toCard.push({ bytes, at: 0, baud });
    this.#pump();
  }

  /** What the card sent since the last time, by rates. */
  take(): Said[] {
    this.#close();
    return this.#said.splice(0);
  }
  #close(): void {
    if (!this.#fromCard.length) return;
    const bytes = Uint8Array.from(this.#fromCard.splice(0));
    this.#said.push({ bytes, baud: this.#spoken });
  }

  /** Sets the next byte on its way. */
  #pump(): void {
    const { soc, scheduler } = this.chip;
    const head = this.#toCard[0];
    if (!soc || !head || this.#sending) return;
    this.#sending = true;
    scheduler.after((10 * HZ) / (head.baud ?? soc.uart.baud), () => {
      this.#sending = false;
      const now = this.chip.soc;
      if (!now || this.#toCard[0] !== head) return;
      this.traffic.in = scheduler.now;
      now.uart.receive(head.bytes[head.at++]!, head.baud);
      if (head.at === head.bytes.length) this.#toCard.shift();
      this.moved();
      this.#pump();
    });
  }
}
