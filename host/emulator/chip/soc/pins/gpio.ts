/**
 * GPIO P0 (nRF52832 Product Specification v1.4, chapter GPIO): 32 pins with directions, pulls and
 * SENSE, and what the world drives onto them.
 *
 * A pin whose input buffer is disconnected, or that nobody drives or pulls, reads as 0. Limits:
 * drive strengths are kept and mean nothing; a pin driven from both sides shows its own output.
 */

import { Block, type Host } from "../base/block.js";

const PINS = 32;
/** Fields of PIN_CNF. */
const OUTPUT = 1;
const DISCONNECTED = 2;
const PULL_UP = 3;
const SENSE_HIGH = 2;
const SENSE_LOW = 3;
const RESET = 2;

export class Gpio {
  readonly block: Block;
  readonly #config = new Uint32Array(PINS).fill(RESET);
  /** What the world drives: 0, 1, or nothing. */
  readonly #driven: (0 | 1 | undefined)[] = Array.from({ length: PINS });
  readonly #listeners: ((pin: number, level: 0 | 1) => void)[] = [];
  #out = 0;
  #levels = 0;
  #latch = 0;
  #detected = false;
  /** Told when the DETECT signal rises. */
  onDetect: () => void = () => undefined;

  constructor(host: Host) {
    const block = (this.block = new Block(host, "P0", 0x50000000));
    const out = (value: number) => {
      this.#out = value >>> 0;
      this.#settle();
    };
    block.live(0x504, "OUT", () => this.#out, out);
    block.live(
      0x508,
      "OUTSET",
      () => this.#out,
      (value) => out(this.#out | value),
    );
    block.live(
      0x50c,
      "OUTCLR",
      () => this.#out,
      (value) => out(this.#out & ~value),
    );
    block.live(0x510, "IN", () => this.#inputs());
    const dir = (value: number) => {
      for (let pin = 0; pin < PINS; pin++) {
        this.#config[pin] = (this.#config[pin]! & ~OUTPUT) | ((value >>> pin) & 1);
      }
      this.#settle();
    };
    block.live(0x514, "DIR", () => this.#directions(), dir);
    block.live(
      0x518,
      "DIRSET",
      () => this.#directions(),
      (v) => dir(this.#directions() | v),
    );
    block.live(
      0x51c,
      "DIRCLR",
      () => this.#directions(),
      (v) => dir(this.#directions() & ~v),
    );
    block.live(
      0x520,
      "LATCH",
      () => this.#latch,
      (value) => {
        this.#latch &= ~value;
        this.#sense();
      },
    );
    block.cell(0x524, "DETECTMODE", 0, 1);
    for (let pin = 0; pin < PINS; pin++) {
      block.live(
        0x700 + 4 * pin,
        `PIN_CNF[${pin}]`,
        () => this.#config[pin]!,
        (value) => {
          this.#config[pin] = value & 0x3070f;
          this.#settle();
        },
      );
    }
  }

  /** The world drives a pin, or lets go of it. */
  drive(pin: number, level: 0 | 1 | undefined): void {
    this.#driven[pin] = level;
    this.#settle();
  }
  /** What GPIOTE's tasks do to a pin. */
  put(pin: number, level: 0 | 1): void {
    this.#out = level ? this.#out | (1 << pin) : this.#out & ~(1 << pin);
    this.#settle();
  }
  level(pin: number): 0 | 1 {
    return ((this.#levels >>> pin) & 1) as 0 | 1;
  }
  isOutput(pin: number): boolean {
    return (this.#config[pin]! & OUTPUT) !== 0;
  }
  /** Told of each change of a pin's level. */
  onLevel(listener: (pin: number, level: 0 | 1) => void): void {
    this.#listeners.push(listener);
  }

  #directions(): number {
    return this.#config.reduce((all, config, pin) => all | ((config & OUTPUT) << pin), 0);
  }
  #inputs(): number {
    let levels = this.#levels;
    for (let pin = 0; pin < PINS; pin++) {
      if (this.#config[pin]! & DISCONNECTED) levels &= ~(1 << pin);
    }
    return levels;
  }
  #one(pin: number): number {
    const config = this.#config[pin]!;
    if (config & OUTPUT) return (this.#out >>> pin) & 1;
    return this.#driven[pin] ?? (((config >> 2) & 3) === PULL_UP ? 1 : 0);
  }
  #settle(): void {
    const before = this.#levels;
    let now = 0;
    for (let pin = 0; pin < PINS; pin++) now |= this.#one(pin) << pin;
    this.#levels = now;
    const changed = before ^ now;
    for (let pin = 0; changed && pin < PINS; pin++) {
      if (!((changed >>> pin) & 1)) continue;
      for (const listener of this.#listeners) listener(pin, this.level(pin));
    }
    this.#sense();
  }
  #sense(): void {
    let detected = false;
    for (let pin = 0; pin < PINS; pin++) {
      const sense = (this.#config[pin]! >> 16) & 3;
      const wanted = sense === SENSE_HIGH ? 1 : sense === SENSE_LOW ? 0 : undefined;
      if (wanted === undefined || this.level(pin) !== wanted) continue;
      this.#latch |= 1 << pin;
      detected = true;
    }
    const rises = detected && !this.#detected;
    this.#detected = detected;
    if (rises) this.onDetect();
  }
}
