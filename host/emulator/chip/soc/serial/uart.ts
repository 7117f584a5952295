/**
 * UART0 without EasyDMA (nRF52832 Product Specification v1.4, chapter UART): a byte at a time at
 * the baud rate, a receive FIFO of six, errors.
 *
 * Its wires end at the host: `receive` puts a byte on RXD at the time it would be whole, `onSend`
 * tells each byte when its stop bit is over. A sender at another rate makes garbage and framing
 * errors. Limits: no flow control; parity is counted in the time and never wrong.
 */

import type { Handle } from "../../scheduler.js";
import { Block, type Cell, type Event, type Host } from "../base/block.js";
import { HZ } from "../base/time.js";
import { missing } from "../base/trap.js";

const FIFO = 6;
const LEGACY = 4;
const EASY_DMA = 8;
const OVERRUN = 1;
const FRAMING = 4;
const NOT_CONNECTED = 0xffffffff;
/** How far apart two rates may be for a byte to be read right: half a bit in ten. */
const TOLERANCE = 0.05;

export class Uart {
  readonly block: Block;
  /** A byte that left, in the rate that `baud` is now. */
  onSend: (byte: number) => void = () => undefined;
  /** Bytes lost because nobody read them. */
  overruns = 0;

  readonly #host: Host;
  readonly #fifo: number[] = [];
  readonly #events: Record<"ready" | "sent" | "error" | "timeout", Event>;
  readonly #rxd: Cell;
  readonly #txd: Cell;
  readonly #errors: Cell;
  #enabled = false;
  #receiving = false;
  #sending = false;
  #shift: Handle | undefined;
  #rate = 0x04000000;
  #parity = false;

  constructor(host: Host) {
    this.#host = host;
    const block = (this.block = new Block(host, "UART0", 0x40002000, 2));
    block.event(0x100, "EVENTS_CTS");
    block.event(0x104, "EVENTS_NCTS");
    this.#events = {
      ready: block.event(0x108, "EVENTS_RXDRDY"),
      sent: block.event(0x11c, "EVENTS_TXDRDY"),
      error: block.event(0x124, "EVENTS_ERROR"),
      timeout: block.event(0x144, "EVENTS_RXTO"),
    };
    block.task(0x000, "TASKS_STARTRX", () => (this.#receiving = this.#enabled));
    block.task(0x004, "TASKS_STOPRX", () => {
      if (!this.#receiving) return;
      this.#receiving = false;
      host.scheduler.after(this.#byteTime, () => this.#events.timeout.fire());
    });
    block.task(0x008, "TASKS_STARTTX", () => (this.#sending = this.#enabled));
    block.task(0x00c, "TASKS_STOPTX", () => (this.#sending = false));
    block.task(0x01c, "TASKS_SUSPEND", () => (this.#sending = this.#receiving = false));
    block.cell(0x200, "SHORTS", 0, 0x18);
    block.interrupts();
    this.#errors = block.cell(0x480, "ERRORSRC");
    const errors = this.#errors;
    errors.write = (value) => void (errors.value &= ~value);
    block.live(
      0x500,
      "ENABLE",
      () => (this.#enabled ? LEGACY : 0),
      (value) => this.#enable(value),
    );
    block.cell(0x508, "PSELRTS", NOT_CONNECTED);
    this.#txd = block.cell(0x50c, "PSELTXD", NOT_CONNECTED);
    block.cell(0x510, "PSELCTS", NOT_CONNECTED);
    this.#rxd = block.cell(0x514, "PSELRXD", NOT_CONNECTED);
    block.live(0x518, "RXD", () => this.#take());
    block.live(
      0x51c,
      "TXD",
      () => 0,
      (value) => this.#send(value & 255),
    );
    block.live(
      0x524,
      "BAUDRATE",
      () => this.#rate,
      (value) => void (this.#rate = value),
    );
    const config = (value: number) => {
      if (value & 1) missing("UART0's flow control");
      this.#parity = (value & 0xe) === 0xe;
    };
    block.live(0x56c, "CONFIG", () => (this.#parity ? 0xe : 0), config);
  }

  /** Bits a second. */
  get baud(): number {
    return (this.#rate * 16_000_000) / 2 ** 32;
  }
  /** Whether a byte on RXD would be heard. */
  get listens(): boolean {
    return this.#receiving && this.#rxd.value !== NOT_CONNECTED;
  }
  /** Which pin it hears; undefined when disconnected. */
  get rxPin(): number | undefined {
    return this.#rxd.value === NOT_CONNECTED ? undefined : this.#rxd.value & 31;
  }

  /** A whole byte has come over RXD, sent at `baud`. */
  receive(byte: number, baud = this.baud): void {
    if (!this.listens) return;
    if (!fits(baud, this.baud)) this.#fail(FRAMING);
    if (this.#fifo.length === FIFO) {
      this.overruns++;
      return this.#fail(OVERRUN);
    }
    this.#fifo.push(heard(byte, baud, this.baud));
    if (this.#fifo.length === 1) this.#events.ready.fire();
  }

  get #byteTime(): number {
    return ((this.#parity ? 11 : 10) * HZ) / this.baud;
  }
  #enable(value: number): void {
    if (value === EASY_DMA) missing("UARTE0");
    this.#enabled = value === LEGACY;
    if (this.#enabled) return;
    this.#sending = this.#receiving = false;
    this.#fifo.length = 0;
    this.#host.scheduler.cancel(this.#shift);
    this.#shift = undefined;
  }
  #take(): number {
    const byte = this.#fifo.shift() ?? 0;
    if (this.#fifo.length) this.#events.ready.fire();
    return byte;
  }
  #send(byte: number): void {
    if (!this.#sending) return;
    if (this.#shift) missing("UART0.TXD written before TXDRDY");
    this.#shift = this.#host.scheduler.after(this.#byteTime, () => {
      this.#shift = undefined;
      if (this.#txd.value !== NOT_CONNECTED) this.onSend(byte);
      this.#events.sent.fire();
    });
  }
  #fail(source: number): void {
    this.#errors.value |= source;
    this.#events.error.fire();
  }
}

const fits = (from: number, to: number): boolean => Math.abs(from / to - 1) < TOLERANCE;

/** A byte as it is read at another rate than it was sent. */
export const heard = (byte: number, from: number, to: number): number =>
  fits(from, to) ? byte : garbled(byte, from, to);

/** What a receiver at `to` bits a second makes of a byte sent at `from`: it samples other bits. */
function garbled(byte: number, from: number, to: number): number {
  // Start bit, eight data bits, then the line is high again.
  const line = (bit: number) => (bit < 1 ? 0 : bit < 9 ? (byte >> (bit - 1)) & 1 : 1);
  let read = 0;
  for (let bit = 0; bit < 8; bit++) read |= line(Math.floor(((bit + 1.5) * from) / to)) << bit;
  return read;
}
