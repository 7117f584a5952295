/**
 * An nRF52832 with its SoftDevice: processor, memory, peripherals, from power-on to power-off, at a
 * clock that only moves when it is run.
 *
 * Flash outlives everything, RAM and retained registers outlive resets. Whatever ends a run before
 * its time (a cut, a trap) is thrown from `run` and leaves the chip without power.
 */

import { PowerCut } from "../faults.js";
import type { RandomSource } from "../entropy.js";
import { NorFlash } from "../flash/nor.js";
import { Bus } from "./bus.js";
import type { Stop } from "./cpu/core.js";
import { Cpu } from "./cpu/cpu.js";
import { APPLICATION, type Firmware } from "./firmware.js";
import { FlashUnit } from "./flash-unit.js";
import { Scheduler } from "./scheduler.js";
import { missing } from "./soc/base/trap.js";
import { fresh, REASON, type Retained } from "./soc/clocks/power.js";
import { identity, uicr, type Identity } from "./soc/memory/ficr.js";
import { Soc, type World } from "./soc/soc.js";
import { SoftDevice } from "./softdevice/softdevice.js";
import { watch } from "./softdevice/watch.js";
import { Sockets } from "./sockets.js";

export const FLASH_SIZE = 0x80000;
export const RAM_SIZE = 0x10000;
/** The time model: cycles an instruction with the cache on (nobody has measured it on a chip). */
export const CYCLES = 1.3;
export const UNTOUCHED = 0xa5;
const INTERRUPTS = 38;
const PRIORITY_BITS = 3;

export interface ChipOptions {
  /** All 512 KB of it, from address 0: `chipFlash()`. */
  readonly flash: NorFlash;
  /** What makes this chip another than the next: its IDs, its UID. */
  readonly seed?: number | string;
  readonly random: RandomSource;
  readonly cyclesPerInstruction?: number;
  readonly world?: World;
}

/** Flash for a chip, in memory or in a file. */
export function chipFlash(path?: string): NorFlash {
  const shape = { address: 0, size: FLASH_SIZE, page: 4096, chip: "nRF52832" } as const;
  return new NorFlash(path === undefined ? shape : { ...shape, path });
}

/** The SoftDevice's information structure (nrf_sdm.h): programs read its version there. */
const SD_INFO = 0x3000;
const S132_INFO = [0x14, 0x51b1e5db, APPLICATION, 0x91, 132, 3_001_000];

/**
 * Puts a firmware into flash as a programmer would, and the SoftDevice's words if it lacks them.
 */
export function programFirmware(flash: NorFlash, { segments }: Firmware): void {
  for (const { address, bytes } of segments) flash.program(address, bytes);
  if (
    new DataView(flash.bytes.buffer, flash.bytes.byteOffset).getUint32(SD_INFO, true) !== 0xffffffff
  )
    return;
  const words = new Uint8Array(4 * S132_INFO.length);
  const view = new DataView(words.buffer);
  S132_INFO.forEach((word, i) => view.setUint32(4 * i, word, true));
  flash.program(SD_INFO, words);
}

const ROOM: World = { supply: 3, celsius: 21, input: () => 0 };

export class Chip {
  readonly flash: NorFlash;
  readonly scheduler = new Scheduler();
  readonly bus: Bus;
  readonly cpu: Cpu;
  readonly identity: Identity;
  /** Set while it has power. */
  soc: Soc | undefined;
  softdevice: SoftDevice | undefined;
  /** What reset it since power-on, newest last: words of REASON. */
  readonly resets: string[] = [];
  /** Told of each reset and of power-on, when the new peripherals are there. */
  onReset: (soc: Soc, softdevice: SoftDevice) => void = () => undefined;

  readonly #options: ChipOptions;
  readonly #sockets: Sockets;
  readonly #uicr = uicr();
  readonly #unit: FlashUnit;
  #retained: Retained = fresh();
  #poweredAt = 0;
  #wanted: keyof typeof REASON | undefined;
  /** The SoftDevice itself is at work: it may write what a program may not. */
  #answering = false;

  constructor(options: ChipOptions) {
    this.#options = options;
    this.flash = options.flash;
    this.identity = identity(options.seed ?? 1);
    this.bus = new Bus({ flash: this.flash.bytes, ram: RAM_SIZE });
    this.#sockets = new Sockets(this.bus, (address) => {
      if (this.softdevice?.enabled && !this.#answering) watch(address);
    });
    this.cpu = new Cpu({
      bus: this.bus,
      scheduler: this.scheduler,
      interrupts: INTERRUPTS,
      priorityBits: PRIORITY_BITS,
      cyclesPerInstruction: options.cyclesPerInstruction ?? CYCLES,
      onSvc: (number) => this.#svc(number),
      onReset: () => this.#reset("SREQ"),
    });
    this.#unit = new FlashUnit(this.flash, this.bus, this.cpu);
  }

  get on(): boolean {
    return this.soc !== undefined;
  }
  /** What the flash did, and how long the processor stood still for it. */
  get flashUnit(): FlashUnit {
    return this.#unit;
  }

  /** Cycles since power-on. The scheduler's own time goes on over all of a chip's lives. */
  get age(): number {
    return this.scheduler.now - this.#poweredAt;
  }

  powerOn(): void {
    if (this.on) return;
    this.scheduler.restart(this.scheduler.now);
    this.#poweredAt = this.scheduler.now;
    this.#retained = fresh();
    this.resets.length = 0;
    // What RAM holds at power-on is nobody's promise; what a program never touched shows.
    this.bus.ram.fill(UNTOUCHED);
    this.flash.shake();
    this.bus.flashChanged(0, FLASH_SIZE);
    this.#start();
  }

  powerOff(): void {
    this.soc = undefined;
    this.softdevice?.ble.link.end();
    this.softdevice = undefined;
    this.scheduler.restart(this.scheduler.now);
    this.#unit.cutAt = undefined;
  }

  /** Runs up to this cycle of the scheduler, or until somebody stops the processor; why it ended. */
  run(until: number): Stop {
    try {
      while (this.on && this.scheduler.now < until) {
        const why = this.cpu.run(until);
        if (this.#wanted) this.#restart(this.#wanted);
        else if (why === "stopped" || why === "breakpoint") return why;
      }
      return "time";
    } catch (error) {
      this.powerOff();
      throw error;
    }
  }

  /** The reset pin was pulled. Not to be called inside a run. */
  resetPin(): void {
    if (this.on) this.#restart("RESETPIN");
  }

  /**
   * The power goes at this cycle of the scheduler, also in the middle of an erase or of a write.
   */
  cutAt(cycle: number): void {
    this.#unit.cutAt = cycle;
    this.scheduler.at(cycle, () => {
      if (this.#unit.cutAt === cycle) throw new PowerCut(this.flash.operations, "between");
    });
  }

  #svc(number: number): boolean {
    if (this.flash.weakWords) this.flash.shake();
    this.#answering = true;
    try {
      this.softdevice!.svc(number);
    } finally {
      this.#answering = false;
    }
    return true;
  }

  #start(): void {
    const { bus, scheduler, cpu } = this;
    const options = this.#options;
    const world = options.world ?? ROOM;
    this.#sockets.empty();
    this.soc = new Soc({
      ram: bus.ram.length,
      memory: bus,
      attach: (base, size, peripheral) => this.#sockets.put(base, size, peripheral),
      scheduler,
      nvic: () => cpu.nvic,
      identity: this.identity,
      retained: this.#retained,
      uicr: this.#uicr,
      flash: this.#unit,
      world,
      random: options.random,
      off: () => missing("System OFF"),
      bite: () => this.#reset("DOG"),
    });
    bus.onFlashStore = (address, value, size) => this.soc!.nvmc.store(address, value, size);
    const [low, high] = this.identity.address;
    const address = Uint8Array.from([0, 8, 16, 24, 32, 40], (bit) =>
      bit < 32 ? low >>> bit : (high >>> (bit - 32)) | (bit === 40 ? 0xc0 : 0),
    );
    this.softdevice = new SoftDevice({
      bus,
      cpu,
      soc: this.soc,
      world,
      random: options.random,
      flash: this.#unit,
      address,
    });
    cpu.reset(APPLICATION);
    this.onReset(this.soc, this.softdevice);
  }

  #reset(reason: keyof typeof REASON): void {
    this.#wanted = reason;
    this.cpu.stop();
  }
  #restart(reason: keyof typeof REASON): void {
    this.#wanted = undefined;
    this.softdevice?.disable();
    this.scheduler.restart(this.scheduler.now);
    this.#retained.reasons |= REASON[reason];
    this.resets.push(reason);
    this.#start();
  }
}
