/**
 * The SoftDevice S132 v3 by its calls: not its code, which is Nordic's and not here, but what a
 * program sees of it. Each family of calls has its file, as Nordic has a header for it.
 *
 * It answers at the SVC instruction, before any exception, in a fixed time. Limits: it takes no RAM
 * and no stack; the interrupts it keeps for itself never come; its timing plan is the link's.
 */

import type { RandomSource } from "../../entropy.js";
import type { Bus } from "../bus.js";
import type { Core } from "../cpu/core.js";
import type { FlashPort } from "../soc/memory/nvmc.js";
import { US } from "../soc/base/time.js";
import type { Soc, World } from "../soc/soc.js";
import type { Family } from "./calls.js";
import { Calls, NRF } from "./calls.js";
import { Ble } from "./ble/ble.js";
import { FlashQueue } from "./flash-queue.js";
import { Guest } from "./guest.js";
import type { SoftDevicePort } from "./port.js";
import { managerFamily } from "./manager.js";
import { RandomPool } from "./random.js";
import { socFamily } from "./soc.js";

/** SWI2: an event waits. SWI1: the radio's notification. */
const EVENTS_IRQ = 22;
const RADIO_IRQ = 21;
const LOW_PRIORITY = 6;
/** What a call takes: entry, checks, dispatch and return (an estimate). */
const CALL = 2 * US;
const CRYSTAL_STARTED = 0;
/** NRF_EVT_FLASH_OPERATION_SUCCESS. */
const FLASH_DONE = 2;

export interface SoftDeviceOptions {
  readonly bus: Bus;
  readonly cpu: Core;
  readonly soc: Soc;
  readonly world: World;
  readonly random: RandomSource;
  readonly flash: FlashPort;
  /** The factory's address, in the order of the air's bytes. */
  readonly address: Uint8Array;
}

export class SoftDevice implements SoftDevicePort {
  readonly bus: Bus;
  readonly cpu: Core;
  readonly soc: Soc;
  readonly world: World;
  readonly guest: Guest;
  readonly random: RandomPool;
  readonly flash: FlashPort;
  readonly flashQueue: FlashQueue;
  readonly ble: Ble;
  enabled = false;
  /** Which radio events SWI1 is to tell: NRF_RADIO_NOTIFICATION_TYPES. */
  notification = 0;
  readonly #calls: Calls;
  readonly #events: number[] = [];
  #crystalWanted = false;

  constructor(options: SoftDeviceOptions) {
    const { bus, cpu, soc, world, random, flash } = options;
    this.bus = bus;
    this.cpu = cpu;
    this.soc = soc;
    this.world = world;
    this.flash = flash;
    this.guest = new Guest(bus);
    this.flashQueue = new FlashQueue(cpu.scheduler, () => this.socEvent(FLASH_DONE));
    this.random = new RandomPool(cpu.scheduler, random);
    this.ble = new Ble(this, options.address);
    const families: Family[] = [managerFamily(this), socFamily(this), ...this.ble.families];
    this.#calls = new Calls(families);
  }

  /** Answers a supervisor call: the result goes to r0. */
  svc(number: number): void {
    const { r } = this.cpu;
    const word = (i: number) => r[i]! >>> 0;
    const needs = number >= 0x2b && !this.enabled;
    const args = [word(0), word(1), word(2), word(3)] as const;
    // Random bytes, waiting and the rest exist only while it is enabled.
    r[0] = needs ? NRF.SOFTDEVICE_NOT_ENABLED : this.#calls.answer(number, args);
    this.cpu.stall(CALL);
  }

  enable(lfSource: number): void {
    this.enabled = true;
    this.flashQueue.enable(true);
    this.soc.clock.startLow(lfSource);
    this.soc.rtc0.set(0);
    this.soc.rtc0.start();
    this.random.start();
    // Programs enable the interrupt without setting its priority.
    this.cpu.nvic.setPriority(EVENTS_IRQ, LOW_PRIORITY);
  }
  disable(): void {
    if (!this.enabled) return;
    this.enabled = false;
    this.flashQueue.enable(false);
    this.soc.rtc0.stop();
    this.soc.rtc0.set(0);
    this.#events.length = 0;
    this.ble.disable();
    this.cpu.nvic.clearPending(EVENTS_IRQ);
  }

  socEvent(event: number): void {
    // One bit for each kind, in the real one: what waits already is not told twice.
    if (!this.#events.includes(event)) this.#events.push(event);
    this.signal();
  }
  nextSocEvent(): number | undefined {
    return this.#events.shift();
  }
  /** Something can be fetched by evt_get or ble_evt_get. */
  signal(): void {
    this.cpu.nvic.setPending(EVENTS_IRQ);
  }
  /** The radio was on, or will be. */
  notify(): void {
    if (this.notification) this.cpu.nvic.setPending(RADIO_IRQ);
  }

  requestCrystal(): void {
    if (this.#crystalWanted) return this.#crystalRuns();
    this.#crystalWanted = true;
    this.bus.write(0x40000000, 1, 4);
    this.cpu.scheduler.after(CRYSTAL_START, () => this.#crystalRuns());
  }
  releaseCrystal(): void {
    this.#crystalWanted = false;
    this.bus.write(0x40000004, 1, 4);
  }
  #crystalRuns(): void {
    if (this.#crystalWanted && this.enabled) this.socEvent(CRYSTAL_STARTED);
  }
}

/** A little later than the oscillator itself: the SoftDevice waits for its event. */
const CRYSTAL_START = 400 * US;
