/**
 * A virtual board: the built bundle in an emulated Espruino, over emulated flash, with a switch for
 * its power. Everything it knows of the card is in the bundle's bytes.
 *
 * Input is handled to its end before `send` returns, in order; whatever the bundle sends meanwhile
 * reaches the listeners at once. Errors that escape the bundle are thrown from the call that caused
 * them, or go to `onFailure` when somebody listens there.
 * Limits: an emulation, with no protection of what its flash holds.
 */

import { asError, BoardTrap, PowerCut, Reboot } from "../faults.js";
import { Listeners } from "../listeners.js";
import { loadBundle, sha256, type Bundle } from "../espruino/bundle.js";
import { toBytes, toBinaryString } from "../espruino/bytes.js";
import { OutOfMemory, type MishapKind } from "../espruino/mishaps.js";
import { coilAt } from "../espruino/nrf/nfc-coil.js";
import { installEspruino } from "../espruino/globals.js";
import type { SteerableBoard } from "./board.js";
import { KERNEL_FILE } from "./fresh.js";
import type { BoardOptions, Lit, VirtualStatus } from "./virtual-options.js";
import { defaultKernel } from "../kernel/default.js";
import type { NfcCoil } from "../air/coil.js";
import { NorFlash, type CutMode, type CutOptions } from "../flash/nor.js";
import { duplexPair } from "../../sdk/links/line/pair.js";
import type { Duplex } from "../../sdk/links/link.js";
import { Air } from "../air/air.js";
import { systemRandom, type RandomSource } from "../entropy.js";
import { Life } from "../espruino/life.js";
import { StorageLog } from "../espruino/storage/storage-log.js";

const MEMORY = "E.errorFlag";

export class VirtualBoard implements SteerableBoard {
  readonly flash: NorFlash;
  readonly bundle: Bundle;
  readonly hasButton: boolean;
  /** Errors that escaped the bundle, and what stopped the board; newest last. */
  readonly failures: Error[] = [];
  /** Lines of `print` and `console.log`, newest last. */
  readonly printed: string[] = [];
  /** What ended the last life before its time: a cut, a trap, a restart. */
  lastEnd: Error | undefined;
  powerOns = 0;
  /** Somebody on a link sends Ctrl-C without end, from power-on until the program runs. */
  ctrlC = false;
  /** The air around it; undefined for a board without Bluetooth. */
  readonly air: Air | undefined;

  readonly #options: BoardOptions;
  /** An NFC reader's coil at this board. */
  readonly nfc: NfcCoil;

  readonly #random: RandomSource;
  readonly #data = new Listeners<Uint8Array>();
  readonly #failed = new Listeners<Error>();
  readonly #powered = new Listeners<boolean>();
  readonly #lit = new Listeners<Lit>();
  readonly #queue: (() => void)[] = [];
  /** What the main loop has to tell the program when it comes round: event, owner, argument. */
  readonly #troubles: [event: string, owner: string, value: unknown][] = [];
  /** What lay in the memory when the program restarted the board: a reset does not clear it. */
  leftInRam: Uint8Array[] = [];
  #life: Life | undefined;
  #running = false;
  #pressed = false;
  #reported = 0;

  constructor(options: BoardOptions) {
    this.#options = options;
    this.flash =
      typeof options.flash === "string" ? new NorFlash({ path: options.flash }) : options.flash;
    const { bundle } = options;
    this.bundle = typeof bundle === "object" ? bundle : loadBundle(bundle);
    this.#random = options.random ?? systemRandom();
    this.hasButton = options.button ?? true;
    const { bluetooth = options.mapped === false ? false : {} } = options;
    if (bluetooth) this.air = new Air(bluetooth, (work) => this.#enter(work));
    this.nfc = coilAt(
      () => this.#life,
      (work) => this.#enter(work, 0),
      (listener) => this.onPower(listener),
    );
  }

  get on(): boolean {
    return this.#life !== undefined;
  }

  /** Where the interpreter's prompt is; null once the bundle closed it. Undefined when off. */
  get console(): string | null | undefined {
    return this.#life?.console;
  }

  get leds(): Readonly<Record<string, boolean>> {
    return this.#life?.leds ?? {};
  }

  /** Each change of its LEDs, as it happens. Returns a function that ends it. */
  onLit(listener: (lit: Lit) => void): () => void {
    return this.#lit.add(listener);
  }

  /** Seconds since power-on. */
  get time(): number {
    return this.#life?.clock.now ?? 0;
  }

  /** What the prompt would find under this name. */
  global(name: string): unknown {
    return this.#life?.realm.globals[name];
  }

  /** Timers that wait. */
  get timers(): number {
    return this.#life?.clock.pending ?? 0;
  }

  powerOn(): void {
    if (this.#life) return;
    const life = new Life(this.#lifeOptions());
    this.#life = life;
    this.powerOns++;
    this.#powered.tell(true);
    this.#enter(() => {
      this.#invoke(() => {
        // As the interpreter does at boot: a log it can't follow is erased whole.
        if (!life.log.isValid()) {
          this.printed.push("Storage is corrupt.");
          life.api(() => life.log.eraseAll())();
        }
        installEspruino(life);
        this.#boot(life);
      });
      if (!life.dead) life.fire("E.init", life.realm.globals.E);
    });
  }

  /** Runs the bundle, as far as a Ctrl-C lets it. */
  #boot(life: Life): void {
    const { realm, ctrlC } = life;
    const { words, rest } = this.bundle.parts;
    ctrlC.comes(life.console);
    realm.run(words);
    ctrlC.comes(life.console);
    if (life.console !== null && ctrlC.longWork(life.console)) {
      this.printed.push("Execution Interrupted");
      return;
    }
    realm.run(rest);
    ctrlC.loop();
    // What it left to the main loop's first round belongs to the boot.
    life.clock.settle(0.001);
  }

  powerOff(): void {
    const life = this.#life;
    if (!life) return;
    life.dead ??= new PowerCut(this.flash.operations, "after");
    this.#end(life);
    this.lastEnd = undefined;
  }

  cut(n: number, mode: CutMode = "inside", options: CutOptions = {}): void {
    this.flash.cutAfter(n, mode, options);
  }

  /** The program's n-th call from now on, to Flash or to anything, goes wrong (mishaps.ts). */
  fail(kind: MishapKind, n: number): void {
    this.#life?.mishaps.arm(kind, n);
  }
  /** Calls of this kind since power-on. */
  calls(kind: MishapKind): number {
    return this.#life?.mishaps.calls[kind] ?? 0;
  }

  press(): void {
    this.#button(true);
  }

  release(): void {
    this.#button(false);
  }

  /** Bytes for Serial1. Text is taken as 8-bit characters. False when the board is off. */
  send(data: Uint8Array | string): boolean {
    const life = this.#life;
    if (!life) return false;
    const text = typeof data === "string" ? data : toBinaryString(toBytes(data));
    const chunk = this.#options.chunk ?? 64;
    this.#enter(() => {
      const port = life.realm.globals.Serial1;
      for (let at = 0; at < text.length && !life.dead; at += chunk) {
        const before = this.#troubles.length;
        life.fire("Serial1.data", port, text.slice(at, at + chunk));
        const stopped = this.#troubles.slice(before).some(([event]) => event === MEMORY);
        if (stopped) life.off("Serial1.data");
      }
    });
    return true;
  }

  /** What the board sends, as it comes. Returns a function that ends it. */
  onData(listener: (value: Uint8Array) => void): () => void {
    return this.#data.add(listener);
  }

  /** Takes over failures that would else be thrown. Returns a function that ends it. */
  onFailure(listener: (value: Error) => void): () => void {
    return this.#failed.add(listener);
  }

  onPower(listener: (value: boolean) => void): () => void {
    return this.#powered.add(listener);
  }

  /** Lets time pass; what falls due on the way, or within `settle` seconds after it, is run. */
  advance(seconds: number, settle?: number): void {
    this.#enter(() => this.#life?.clock.advance(seconds), settle);
  }

  /** A link without a socket. */
  duplex(): Duplex {
    const [ours, theirs] = duplexPair();
    ours.onData((bytes) => void this.send(bytes));
    let open = true;
    const stop = this.onData((bytes) => open && ours.write(bytes));
    ours.onClose(() => {
      open = false;
      stop();
    });
    return theirs;
  }

  /**
   * The bytes in the board's memory: the arrays whose address was taken (the arena), the kernel's
   * stack, and with `keepRam` every other buffer since power-on, garbage included.
   */
  ram(): Uint8Array[] {
    const life = this.#life;
    if (!life) return [];
    const regions = life.memory.regions.filter((region) => region.writable);
    return [...life.realm.memory(), ...regions.map(({ bytes }) => bytes)];
  }

  status(): VirtualStatus {
    // Of the kernel in the flash, the one that runs.
    const kernel = new StorageLog(this.flash).read(KERNEL_FILE);
    return {
      power: this.on ? "on" : "off",
      time: this.time,
      operations: this.flash.operations,
      button: this.hasButton,
      light: this.leds.LED1 === true,
      leds: this.leds,
      lastEnd: this.lastEnd?.message ?? null,
      failure: this.failures.at(-1)?.message ?? null,
      bundle: this.bundle.sha256,
      kernel: kernel ? sha256(kernel.bytes) : null,
    };
  }

  dump(): Uint8Array {
    return this.flash.bytes.slice();
  }

  #lifeOptions() {
    const { clock = "virtual", mapped = true, keepRam = false, kernel } = this.#options;
    const { nfc = true, lights = 3 } = this.#options;
    return {
      flash: this.flash,
      random: this.#random,
      kernel: kernel ?? defaultKernel,
      clock,
      mapped,
      keepRam,
      button: this.hasButton,
      lights,
      air: this.air,
      nfc,
      invoke: (run: () => void) => this.#invoke(run),
      wake: () => this.#enter(() => this.#life?.clock.runDue()),
      emit: (bytes: Uint8Array) => this.#data.tell(bytes),
      print: (line: string) => void this.printed.push(line),
      lit: () => this.#lit.tell({ leds: this.leds, seconds: this.time }),
      isPressed: () => this.#pressed,
      ctrlC: this.ctrlC,
    };
  }

  #button(down: boolean): void {
    if (!this.hasButton) throw new Error("this board has no button");
    if (this.#pressed === down) return;
    this.#pressed = down;
    this.#enter(() => this.#life?.fire("pin.BTN1", undefined, down));
  }

  /**
   * Runs `work` and all that follows from it, timers due within `settle` seconds included; one
   * piece of work at a time.
   */
  #enter(work: () => void, settle = this.#options.settle ?? 0.05): void {
    this.#queue.push(work);
    if (this.#running) return;
    this.#running = true;
    try {
      for (let next = this.#queue.shift(); next; next = this.#queue.shift()) {
        const { clock = "virtual" } = this.#options;
        // what came late to its timers came later than these were due
        if (clock === "real") this.#life?.clock.runDue();
        next();
        this.#loop();
        if (clock === "virtual") this.#life?.clock.settle(settle);
        this.#loop();
      }
    } finally {
      this.#running = false;
    }
    this.#surface();
  }

  /** Runs code of the bundle. What it throws is noted; a dead life ends. */
  #invoke(run: () => void): void {
    const life = this.#life;
    if (!life || life.dead) return;
    try {
      run();
    } catch (error) {
      if (life.dead) {
        // Said below.
      } else if (error instanceof OutOfMemory) {
        life.mishaps.interrupted = undefined;
        this.printed.push("OUT OF MEMORY");
        this.#troubles.push([MEMORY, "E", life.realm.newArray(["MEMORY"])]);
      } else {
        this.failures.push(asError(error));
        this.#troubles.push(["process.uncaughtException", "process", error]);
      }
    }
    if (life.dead) this.#end(life);
  }

  /** The main loop comes round, and tells of what went wrong in this one. */
  #loop(): void {
    for (const [event, owner, value] of this.#troubles.splice(0)) {
      const life = this.#life;
      if (life) life.fire(event, life.realm.globals[owner], value);
    }
  }

  #end(life: Life): void {
    if (this.#life !== life) return;
    const cause = life.dead as Error;
    life.clock.clearAll();
    life.realm.close();
    if (cause instanceof Reboot) this.leftInRam = this.ram().map((bytes) => bytes.slice());
    this.#troubles.length = 0;
    const seconds = life.clock.now;
    this.#life = undefined;
    if (Object.values(life.leds).includes(true)) this.#lit.tell({ leds: {}, seconds });
    this.air?.switched(undefined);
    this.flash.cancelCut();
    this.lastEnd = cause;
    if (cause instanceof Reboot) {
      this.#queue.push(() => this.powerOn());
      return;
    }
    if (!(cause instanceof PowerCut)) this.failures.push(cause);
    this.#powered.tell(false);
  }

  #surface(): void {
    while (this.#reported < this.failures.length) {
      const failure = this.failures[this.#reported++] as Error;
      if (this.#failed.size === 0) throw failure;
      this.#failed.tell(failure);
    }
  }
}

export { BoardTrap, PowerCut };
export { WARNING } from "./virtual-options.js";
export type { BoardOptions } from "./virtual-options.js";
