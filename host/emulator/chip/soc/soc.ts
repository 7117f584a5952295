/**
 * The nRF52832 around its processor: every peripheral at its address on the bus, interrupts, PPI.
 *
 * One lasts from reset to reset; a reset makes another. Source: nRF52832 Product Specification
 * v1.4, chapter Memory, Instantiation.
 */

import { RAM_BASE, UnknownRegister, type Bus, type Peripheral } from "../bus.js";
import type { RandomSource } from "../../entropy.js";
import type { Scheduler } from "../scheduler.js";
import type { Interrupts } from "../cpu/core.js";
import { Saadc, type Analog } from "./analog/saadc.js";
import { Rng } from "./analog/rng.js";
import { Temp } from "./analog/temp.js";
import { Block, type Host } from "./base/block.js";
import { ChipTrap } from "./base/trap.js";
import { Clock } from "./clocks/clock.js";
import { Power, type Retained } from "./clocks/power.js";
import { Rtc } from "./clocks/rtc.js";
import { Timer } from "./clocks/timer.js";
import { Watchdog } from "./clocks/watchdog.js";
import { debugIds, ficr, uicr, type Identity } from "./memory/ficr.js";
import type { Words } from "./memory/words.js";
import { Nvmc, type FlashPort } from "./memory/nvmc.js";
import { Nfct } from "./nfc/nfct.js";
import { Gpio } from "./pins/gpio.js";
import { Gpiote } from "./pins/gpiote.js";
import { Ppi } from "./pins/ppi.js";
import { idleBus } from "./serial/idle.js";
import { Uart } from "./serial/uart.js";
import { hex } from "../../faults.js";

type Attach = (base: number, size: number, peripheral: Peripheral) => void;

export interface World extends Analog {
  readonly celsius: number;
}

export interface SocOptions {
  /** Memory, for EasyDMA, and its size in bytes. */
  readonly memory: Pick<Bus, "bytes">;
  readonly ram: number;
  readonly attach: Attach;
  readonly scheduler: Scheduler;
  /** Where interrupts go. */
  readonly nvic: () => Interrupts;
  readonly identity: Identity;
  readonly retained: Retained;
  /** What a program wrote there outlives power; left out: a new chip's. */
  readonly uicr?: Words;
  readonly flash: FlashPort;
  readonly world: World;
  readonly random: RandomSource;
  /** System OFF, and the watchdog's end. */
  readonly off: () => void;
  readonly bite: () => void;
}

const PAGE = 0x1000;
/** Peripherals that nobody wrote yet, by base address, so that a trap can name them. */
const STRANGERS: Readonly<Record<number, string>> = {
  0x40001000: "RADIO",
  0x4000e000: "ECB",
  0x4000f000: "CCM and AAR",
  0x40012000: "QDEC",
  0x40013000: "COMP and LPCOMP",
  0x40014000: "SWI0 and EGU0",
  0x40015000: "SWI1 and EGU1",
  0x40016000: "SWI2 and EGU2",
  0x40017000: "SWI3 and EGU3",
  0x40018000: "SWI4 and EGU4",
  0x40019000: "SWI5 and EGU5",
  0x4001c000: "PWM0",
  0x4001d000: "PDM",
  0x40020000: "MWU",
  0x40021000: "PWM1",
  0x40022000: "PWM2",
  0x40023000: "SPI2",
  0x40025000: "I2S",
  0x40026000: "FPU",
};

class Stranger implements Peripheral {
  constructor(readonly name: string) {}
  read(offset: number): number {
    throw new UnknownRegister(this.name, offset, false);
  }
  write(offset: number, value: number): void {
    throw new UnknownRegister(this.name, offset, true, value);
  }
}

export class Soc {
  readonly clock: Clock;
  readonly power: Power;
  readonly gpio: Gpio;
  readonly uart: Uart;
  readonly nfct: Nfct;
  readonly nvmc: Nvmc;
  /** RTC0 is the SoftDevice's. */
  readonly rtc0: Rtc;
  readonly #ppi: Ppi;
  readonly #blocks = new Map<number, Block>();

  constructor(options: SocOptions) {
    const { attach, scheduler, memory } = options;
    const ppi = (): Ppi => this.#ppi;
    const host: Host = {
      scheduler,
      irq: (line, level) => options.nvic().level(line, level),
      published: (address) => ppi().published(address),
      ram: (address, length) => {
        if (address < RAM_BASE || address + length > RAM_BASE + options.ram) {
          throw new ChipTrap(`EasyDMA of ${length} bytes at ${hex(address)}: not in RAM`);
        }
        return memory.bytes(address, length);
      },
    };
    const put = <T extends { readonly block: Block }>(one: T): T => {
      this.#attach(attach, one.block);
      return one;
    };
    const shared = new Block(host, "POWER and CLOCK", 0x40000000, 0);
    this.clock = new Clock(shared);
    this.power = new Power(shared, options.retained, options.off);
    shared.interrupts();
    this.#attach(attach, shared);
    this.gpio = put(new Gpio(host));
    put(new Gpiote(host, this.gpio));
    this.#ppi = put(new Ppi(host, (task) => this.#trigger(task)));
    this.uart = put(new Uart(host));
    this.rtc0 = put(new Rtc(host, "RTC0", 0x4000b000, 11, 3));
    put(new Rtc(host, "RTC1", 0x40011000, 17, 4));
    put(new Rtc(host, "RTC2", 0x40024000, 36, 4));
    put(new Timer(host, "TIMER0", 0x40008000, 8, 4));
    put(new Timer(host, "TIMER1", 0x40009000, 9, 4));
    put(new Timer(host, "TIMER2", 0x4000a000, 10, 4));
    put(new Timer(host, "TIMER3", 0x4001a000, 26, 6));
    put(new Timer(host, "TIMER4", 0x4001b000, 27, 6));
    put(new Temp(host, () => options.world.celsius));
    put(new Rng(host, options.random));
    put(new Saadc(host, options.world));
    put(new Watchdog(host, options.bite));
    this.nfct = put(new Nfct(host));
    this.nvmc = put(new Nvmc(host, options.flash));
    this.#attach(attach, idleBus(host, "SPI0", 0x40003000, 3));
    this.#attach(attach, idleBus(host, "TWI1", 0x40004000, 4));
    attach(0x10000000, PAGE, ficr(options.identity));
    const configuration = options.uicr ?? uicr();
    configuration.writable = () => this.nvmc.writing;
    attach(0x10001000, PAGE, configuration);
    attach(0xf0000fe0, 0x20, debugIds());
    for (const [base, name] of Object.entries(STRANGERS)) {
      attach(Number(base), PAGE, new Stranger(name));
    }
  }

  #attach(attach: Attach, block: Block): void {
    this.#blocks.set(block.base, block);
    attach(block.base, PAGE, block);
  }
  #trigger(task: number): void {
    const block = this.#blocks.get(task & ~(PAGE - 1));
    if (!block) throw new ChipTrap(`PPI: no task at ${hex(task)}`);
    block.write(task - block.base, 1);
  }
}
