/**
 * A board with an emulated chip on it: the fourth kind. The firmware is executed as it is, with
 * whatever lies in its Storage; a serial cable, the button, LEDs, the air and a reader's coil are
 * its world.
 *
 * Input is queued and runs by itself, in time of its own (chip/drive.ts); failures of the chip are
 * noted and told. Limits: as of an emulation: it protects nothing, and docs/chip.md says what it
 * can't show.
 */

import { createHash } from "node:crypto";
import { chipPin, type Board } from "../../../hw/boards/board.js";
import { Air } from "../air/air.js";
import { Chip, chipFlash, programFirmware } from "../chip/chip.js";
import type { Lit } from "./virtual-options.js";
import type { Firmware } from "../chip/firmware.js";
import { heard } from "../chip/soc/serial/uart.js";
import { HZ, US } from "../chip/soc/base/time.js";
import type { Soc, World } from "../chip/soc/soc.js";
import type { SoftDevice } from "../chip/softdevice/softdevice.js";
import { systemRandom, type RandomSource } from "../entropy.js";
import { PowerCut } from "../faults.js";
import { NorFlash, type CutMode, type CutOptions } from "../flash/nor.js";
import type { Duplex } from "../../sdk/links/link.js";
import { makeDuplex } from "../../sdk/links/line/feed.js";
import type { BoardStatus, Rate, SteerableBoard } from "./board.js";
import { Cable } from "./chip/cable.js";
import { ChipCoil } from "./chip/coil.js";
import { Drive, type ChipClock } from "./chip/drive.js";

export interface ChipBoardOptions {
  readonly board: Board;
  /** Programmed before the first power-on; left out: what the flash holds. */
  readonly firmware?: Firmware;
  /** 512 KB from address 0, or a file that keeps it. */
  readonly flash?: NorFlash | string;
  readonly random?: RandomSource;
  readonly seed?: number | string;
  readonly clock?: ChipClock;
  /** Seconds that a virtual clock goes on after the last work (default 0.05). */
  readonly settle?: number;
  readonly cyclesPerInstruction?: number;
  readonly world?: World;
  /** A serial cable is plugged in, so that RX is high at power-up (default: yes). */
  readonly cable?: boolean;
}

export interface ChipStatus extends BoardStatus {
  /** Seconds since power-on. */
  readonly time: number;
  /** Flash operations since the emulation started. */
  readonly operations: number;
  /** Which of its LEDs are lit, by their pins. */
  readonly leds: Readonly<Record<string, boolean>>;
  readonly lastEnd: string | null;
  readonly failure: string | null;
  /** What reset it since power-on. */
  readonly resets: readonly string[];
  /** SHA-256 of all flash below Storage. */
  readonly firmware: string;
}

type Listener<T> = (value: T) => void;
type DataListener = (bytes: Uint8Array, baud: number) => void;

export class ChipBoard implements SteerableBoard {
  readonly flash: NorFlash;
  readonly chip: Chip;
  readonly board: Board;
  readonly hasButton: boolean;
  readonly failures: Error[] = [];
  /** What ended the last run before its time. */
  lastEnd: Error | undefined;
  powerOns = 0;
  readonly air: Air;
  readonly nfc: ChipCoil;
  readonly drive: Drive;
  readonly cable: Cable;

  readonly #data = new Set<DataListener>();
  readonly #failed = new Set<Listener<Error>>();
  readonly #powered = new Set<Listener<boolean>>();
  readonly #lit = new Set<Listener<Lit>>();
  #pressed = false;
  readonly #plugged: boolean;

  constructor(options: ChipBoardOptions) {
    const { flash, board } = options;
    this.board = board;
    this.flash = flash instanceof NorFlash ? flash : chipFlash(flash);
    if (options.firmware) programFirmware(this.flash, options.firmware);
    this.hasButton = board.buttons.length > 0;
    this.#plugged = options.cable ?? true;
    const { seed, cyclesPerInstruction, world } = options;
    this.chip = new Chip({
      flash: this.flash,
      random: options.random ?? systemRandom(),
      ...(seed === undefined ? {} : { seed }),
      ...(cyclesPerInstruction === undefined ? {} : { cyclesPerInstruction }),
      ...(world === undefined ? {} : { world }),
    });
    this.cable = new Cable(this.chip, () => this.drive.touch());
    this.drive = new Drive(this.chip, {
      clock: options.clock ?? "virtual",
      settle: options.settle ?? 0.05,
      busy: () => this.cable.busy,
      flush: () => this.#flush(),
      failed: (error) => this.#died(error),
    });
    this.air = new Air({}, (work) => {
      work();
      if (this.on) this.drive.wake();
    });
    this.nfc = new ChipCoil(this.chip, this.drive);
    this.chip.onReset = (soc, softdevice) => this.#wire(soc, softdevice);
  }

  get on(): boolean {
    return this.chip.on;
  }
  /** Seconds since power-on. */
  get time(): number {
    return this.chip.on ? this.chip.age / HZ : 0;
  }
  /** Which of the board's LEDs are lit; not those on another chip. */
  get leds(): Readonly<Record<string, boolean>> {
    const gpio = this.chip.soc?.gpio;
    if (!gpio) return {};
    const lit = (pin: number, level: 0 | 1) => gpio.isOutput(pin) && gpio.level(pin) === level;
    const known = this.board.leds.flatMap((name) => {
      const pin = chipPin(this.board, name);
      return pin === undefined ? [] : [[name, lit(pin, this.#active(name))] as const];
    });
    return Object.fromEntries(known);
  }
  /** Each change of its LEDs' pins, as it happens. Returns a function that ends it. */
  onLit(listener: Listener<Lit>): () => void {
    this.#lit.add(listener);
    return () => void this.#lit.delete(listener);
  }
  status(): ChipStatus {
    const { address } = this.board.storage;
    const below = this.flash.bytes.subarray(0, address);
    return {
      power: this.on ? "on" : "off",
      time: this.time,
      operations: this.flash.operations,
      button: this.hasButton,
      leds: this.leds,
      lastEnd: this.lastEnd?.message ?? null,
      failure: this.failures.at(-1)?.message ?? null,
      resets: [...this.chip.resets],
      firmware: createHash("sha256").update(below).digest("hex"),
    };
  }

  /** Puts bytes into Storage as a programmer would; the power must be off. */
  program(bytes: Uint8Array, address = this.board.storage.address): void {
    if (this.on) throw new Error("power the board off first");
    this.flash.program(address, bytes);
  }

  powerOn(): void {
    if (this.on) return;
    this.powerOns++;
    this.lastEnd = undefined;
    this.cable.clear();
    this.chip.powerOn();
    this.#tell(this.#powered, true);
    this.drive.powered(true);
  }
  powerOff(): void {
    if (!this.on) return;
    this.chip.powerOff();
    this.#ended();
    this.lastEnd = undefined;
  }

  /** Cuts the power at the n-th flash operation from now. */
  cut(n: number, mode: CutMode = "inside", options: CutOptions = {}): void {
    this.flash.cutAfter(n, mode, options);
  }
  /** Cuts the power so many microseconds from now, wherever that falls. */
  cutAfterMicroseconds(n: number): void {
    if (!this.on) throw new Error("the board is off");
    this.chip.cutAt(this.chip.scheduler.now + n * US);
  }

  press(): void {
    this.#button(true);
  }
  release(): void {
    this.#button(false);
  }

  /** Bytes for the card's RX, sent at a rate of the host's own, or at the card's. */
  send(data: Uint8Array | string, baud?: number): boolean {
    if (!this.on) return false;
    const bytes = typeof data === "string" ? Buffer.from(data, "latin1") : data.slice();
    this.cable.send(bytes, baud);
    this.drive.wake();
    return true;
  }
  /** Told of what the card sends, and at which rate. */
  onData(listener: DataListener): () => void {
    this.#data.add(listener);
    return () => void this.#data.delete(listener);
  }
  /** Told of each failure of the chip or of its firmware. */
  onFailure(listener: Listener<Error>): () => void {
    this.#failed.add(listener);
    return () => void this.#failed.delete(listener);
  }
  onPower(listener: Listener<boolean>): () => void {
    this.#powered.add(listener);
    return () => void this.#powered.delete(listener);
  }

  /** Lets seconds pass, at once. */
  advance(seconds: number): void {
    this.drive.runTo(this.chip.scheduler.now + seconds * HZ);
    this.drive.wake();
  }

  /** The serial cable as a byte link, with the card's clock. Open, and silent, while it is off. */
  duplex(rate: Rate = () => undefined): Duplex {
    let open = true;
    const [duplex, feed] = makeDuplex({
      write: (bytes) => {
        if (open) this.send(bytes, rate());
      },
      close: () => {
        open = false;
        stop();
        feed.closed();
      },
    });
    const stop = this.onData((bytes, baud) => {
      const to = rate() ?? baud;
      queueMicrotask(() => open && feed.data(bytes.map((byte) => heard(byte, baud, to))));
    });
    return { ...duplex, clock: this.drive.clock };
  }

  /** A copy of Storage's cells. */
  dump(): Uint8Array {
    const { address, pages } = this.board.storage;
    return this.flash.bytes.slice(address, address + pages * this.flash.page);
  }

  #wire(soc: Soc, softdevice: SoftDevice): void {
    softdevice.ble.air = this.air;
    softdevice.ble.drive = (until) => {
      this.drive.runTo(this.chip.scheduler.now + 5 * HZ, until);
    };
    this.nfc.attach(soc.nfct);
    const { serial } = this.board;
    const rx = serial && chipPin(this.board, serial.rx);
    if (rx !== undefined && this.#plugged) soc.gpio.drive(rx, 1);
    this.#setButton(soc);
    this.cable.attach(soc);
    soc.gpio.onLevel((pin) => {
      if (this.board.leds.some((name) => chipPin(this.board, name) === pin))
        for (const told of this.#lit) told({ leds: this.leds, seconds: this.time });
    });
  }

  #button(down: boolean): void {
    if (!this.hasButton) throw new Error("this board has no button");
    this.#pressed = down;
    if (!this.chip.soc) return;
    this.#setButton(this.chip.soc);
    this.drive.wake();
  }
  /** The level at which a LED is lit, a button pressed. */
  #active(name: string): 0 | 1 {
    return this.board.activeLow?.includes(name) ? 0 : 1;
  }
  #setButton(soc: Soc): void {
    const [name] = this.board.buttons;
    const pin = name === undefined ? undefined : chipPin(this.board, name);
    if (pin !== undefined) soc.gpio.drive(pin, this.#pressed ? this.#active(name!) : undefined);
  }

  #flush(): void {
    for (const { bytes, baud } of this.cable.take())
      for (const listener of [...this.#data]) listener(bytes, baud);
  }
  #died(thrown: unknown): void {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    this.#ended();
    this.lastEnd = error;
    if (error instanceof PowerCut) return;
    this.failures.push(error);
    this.#tell(this.#failed, error);
  }
  #ended(): void {
    this.chip.powerOff();
    this.flash.cancelCut();
    this.cable.clear();
    this.#flush();
    this.drive.powered(false);
    this.#tell(this.#powered, false);
  }
  #tell<T>(listeners: Set<Listener<T>>, value: T): void {
    for (const listener of [...listeners]) listener(value);
  }
}
