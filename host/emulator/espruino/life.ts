/**
 * One life of a virtual board, from power-on to power-off: its realm, memory, time and what the
 * bundle registered. Once dead (cut, trap, restart) every call into it throws what killed it, so
 * that a bundle's own catch clauses can't carry on without power.
 */

import { BoardTrap, PowerCut, Reboot } from "../faults.js";
import { CtrlC } from "./ctrl-c.js";
import { Clock, type ClockKind } from "./clock.js";
import { NfcPeripheral } from "./nrf/nfc-peripheral.js";
import { Memory, MemoryTrap, type KernelRunner } from "../arm/memory.js";
import type { NorFlash } from "../flash/nor.js";
import type { Air } from "../air/air.js";
import type { RandomSource } from "../entropy.js";
import { Mishaps } from "./mishaps.js";
import { Realm } from "./realm.js";
import { ThumbTrap } from "../arm/trap.js";
import { StorageError, StorageLog } from "./storage/storage-log.js";

export type Callback = (...args: unknown[]) => unknown;

/** Makes what answers `E.nativeCall`: code at `address` of `memory`. */
export type KernelFactory = (memory: Memory, address: number, code: Uint8Array) => KernelRunner;

export interface LifeOptions {
  readonly flash: NorFlash;
  readonly random: RandomSource;
  readonly kernel: KernelFactory;
  readonly clock: ClockKind;
  /** Flash is seen in the address space (boards), or not (the Linux interpreter). */
  readonly mapped: boolean;
  readonly button: boolean;
  /** How many LEDs it has, 0..3. */
  readonly lights: number;
  /** The board has NFC too. */
  readonly nfc: boolean;
  readonly keepRam: boolean;
  /** Boards with Bluetooth only. */
  readonly air: Air | undefined;
  /** Runs bundle code and catches what it throws. */
  readonly invoke: (run: () => void) => void;
  readonly wake: () => void;
  readonly emit: (bytes: Uint8Array) => void;
  readonly print: (line: string) => void;
  /** One of its LEDs went on or off. */
  readonly lit: () => void;
  readonly isPressed: () => boolean;
  /** Somebody sends Ctrl-C without end while it boots. */
  readonly ctrlC: boolean;
}

/** Where buffers seem to lie: above the RAM that the kernel's machine may use for itself. */
const HEAP = 0x20010000;
const MOST_ADDRESSES = 4096;

/** Flash arrays of fewer bytes are not flat on the interpreter, and have no usable address. */
const FLAT = 20;

export class Life {
  readonly realm: Realm;
  readonly memory = new Memory();
  readonly clock: Clock;
  readonly log: StorageLog;
  readonly listeners = new Map<string, Callback[]>();
  readonly leds: Record<string, boolean> = {};
  readonly nfc = new NfcPeripheral(this);
  /** What `E.setConsole` says; the interpreter's own prompt is on a device of its own. */
  console: string | null = "Terminal";
  readonly ctrlC: CtrlC;
  readonly mishaps = new Mishaps();
  /** Connecting something does not bring the prompt back. */
  consoleForced = false;
  /** False while the radio is being restarted. */
  softDevice = true;
  dead: Error | undefined;

  readonly #addresses = new WeakMap<ArrayBufferLike, number>();
  /** Addresses of strings that are views of mapped flash, by content. */
  readonly #native = new Map<string, number>();
  #top = HEAP;

  constructor(readonly options: LifeOptions) {
    this.realm = new Realm((fault) => this.die(fault), options.keepRam);
    this.ctrlC = new CtrlC(options.ctrlC);
    this.clock = new Clock(options.clock, options.wake);
    this.log = new StorageLog(options.flash);
    const { flash } = options;
    if (options.mapped) {
      this.memory.add({
        name: "flash",
        address: flash.address,
        bytes: flash.bytes,
        writable: false,
        executable: true,
      });
    }
  }

  die(cause: Error): never {
    this.dead ??= cause;
    this.clock.clearAll();
    throw this.dead;
  }

  /** Makes a function of the emulation out of `body`: dead boards don't run it. */
  api<A extends unknown[], R>(body: (...args: A) => R): (...args: A) => R {
    return (...args: A): R => {
      if (this.dead) throw this.dead;
      this.mishaps.allocate();
      try {
        return body(...args);
      } catch (error) {
        throw this.#outcome(error);
      }
    };
  }

  /** What the bundle gets to see of an error in the emulation. */
  #outcome(error: unknown): unknown {
    if (error === this.mishaps.interrupted) return error;
    if (error instanceof StorageError) return this.realm.newError(error.message);
    if (error instanceof MemoryTrap || error instanceof ThumbTrap)
      return this.die(new BoardTrap(`native code: ${error.message}`));
    const ends = error instanceof PowerCut || error instanceof BoardTrap || error instanceof Reboot;
    // An error of the realm is the bundle's to catch; any other is a defect of the emulation.
    return ends || error instanceof Error ? this.die(error) : error;
  }

  on(event: string, callback: unknown): void {
    if (typeof callback !== "function") throw new BoardTrap(`on ${event}: not a function`);
    const list = this.listeners.get(event) ?? [];
    list.push(callback as Callback);
    this.listeners.set(event, list);
  }

  off(event: string, callback?: unknown): void {
    const list = this.listeners.get(event) ?? [];
    const kept = callback === undefined ? [] : list.filter((entry) => entry !== callback);
    this.listeners.set(event, kept);
  }

  /** `owner`.emit(event): the interpreter calls listeners with the emitting object as `this`. */
  fire(event: string, owner: unknown, ...args: unknown[]): boolean {
    const list = [...(this.listeners.get(event) ?? [])];
    for (const callback of list) this.options.invoke(() => callback.apply(owner, args));
    return list.length > 0;
  }

  /** Told of once, however many of them change. */
  changeLeds(change: () => void): void {
    const outer = this.#before;
    const before = (this.#before ??= JSON.stringify(this.leds));
    try {
      change();
    } finally {
      this.#before = outer;
    }
    if (outer === undefined && before !== JSON.stringify(this.leds)) this.options.lit();
  }
  /** What the LEDs were before the change that is under way. */
  #before: string | undefined;

  /** Remembers that this string is what mapped flash holds at `address`. */
  nativeString(text: string, address: number): string {
    if (this.options.mapped && text.length >= FLAT) this.#native.set(text, address);
    return text;
  }

  /** `E.getAddressOf(value, true)`. */
  addressOf(value: unknown): number {
    if (typeof value === "string") return this.#native.get(value) ?? 0;
    const view = ArrayBuffer.isView(value);
    if (!view && !(value && typeof value === "object" && "byteLength" in value)) return 0;
    const buffer = view ? value.buffer : (value as ArrayBuffer);
    const offset = view ? value.byteOffset : 0;
    // Small arrays: 12 bytes fit in one variable, at an odd address; above, spread over several.
    if (buffer.byteLength < FLAT) return buffer.byteLength <= 12 ? HEAP - 30 : 0;
    return this.#flat(buffer) + offset;
  }

  #flat(buffer: ArrayBufferLike): number {
    const known = this.#addresses.get(buffer);
    if (known !== undefined) return known;
    if (this.memory.regions.length > MOST_ADDRESSES) {
      throw new BoardTrap(`addresses of ${MOST_ADDRESSES} arrays taken: use one arena`);
    }
    const address = this.#top;
    this.#top += ((buffer.byteLength + 3) & ~3) + 64;
    this.#addresses.set(buffer, address);
    this.addRegion(address, new Uint8Array(buffer), true, false);
    return address;
  }

  /** A flat string of code, for the interpreter's `nativeCall(offset, signature, data)`. */
  addCode(bytes: Uint8Array): number {
    const address = this.#top;
    this.#top += ((bytes.length + 3) & ~3) + 64;
    this.addRegion(address, bytes, false, true);
    return address;
  }

  addRegion(address: number, bytes: Uint8Array, writable: boolean, executable: boolean): void {
    const name = `ram ${address.toString(16)}`;
    this.memory.add({ name, address, bytes, writable, executable });
  }
}
