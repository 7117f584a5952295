/**
 * The system control space at 0xE000E000 as registers (DDI 0403E, B3.2): SysTick, the NVIC's
 * banks, the system control block, floating point's control. Only what a Cortex-M4 without a
 * protection unit has.
 */

import type { Peripheral, Size } from "../../bus.js";
import { UnknownRegister } from "../../bus.js";
import type { Scb } from "../exceptions/exceptions.js";
import { Exception } from "../exceptions/faults.js";
import type { Nvic } from "../exceptions/nvic.js";
import { FLOAT_READY } from "../state.js";
import type { SysTick } from "./systick.js";

/** r0p1, as in an nRF52832. */
const CPUID = 0x410fc241;
const KEY = 0x05fa;

export interface ScsParts {
  readonly R: Int32Array;
  readonly nvic: Nvic;
  readonly systick: SysTick;
  readonly scb: Scb;
  /** The exception that executes. */
  readonly ipsr: () => number;
  readonly onReset: () => void;
  /** CCR was written. */
  readonly onControl: () => void;
  /** SCR: SLEEPONEXIT (2), SLEEPDEEP (4), SEVONPEND (16). */
  scr: number;
}

/** The banks of one bit an interrupt: base, and what a word of ones there does. */
const BANKS = [0x100, 0x180, 0x200, 0x280, 0x300] as const;

export class Scs implements Peripheral {
  readonly name = "SCS";
  readonly #p: ScsParts;

  constructor(parts: ScsParts) {
    this.#p = parts;
  }

  read(offset: number, size: Size): number {
    if (offset >= 0x400 && offset < 0x500)
      return this.#bytes(Exception.first + offset - 0x400, size);
    if (offset >= 0xd18 && offset < 0xd24) return this.#bytes(4 + offset - 0xd18, size);
    const word = this.#word(offset & ~3);
    return size === 4 ? word : (word >>> ((offset & 3) * 8)) & (size === 1 ? 0xff : 0xffff);
  }

  write(offset: number, value: number, size: Size): void {
    if (offset >= 0x400 && offset < 0x500) return this.#setBytes(16 + offset - 0x400, value, size);
    if (offset >= 0xd18 && offset < 0xd24) return this.#setBytes(4 + offset - 0xd18, value, size);
    if (size === 4) return this.#setWord(offset, value);
    if ((offset & ~3) !== 0xd28) throw new UnknownRegister(this.name, offset, true, value);
    this.#p.scb.cfsr &= ~(value << ((offset & 3) * 8));
  }

  /** Priorities, a byte an exception. */
  #bytes(first: number, size: Size): number {
    let value = 0;
    for (let i = 0; i < size; i++) value |= (this.#p.nvic.priorities[first + i] ?? 0) << (8 * i);
    return value >>> 0;
  }

  #setBytes(first: number, value: number, size: Size): void {
    for (let i = 0; i < size; i++) {
      const exception = first + i;
      if (exception >= this.#p.nvic.count || exception === 7) continue;
      this.#p.nvic.setPriorityOf(exception, (value >>> (8 * i)) & 0xff);
    }
  }

  /** 32 interrupts' bits of one of the NVIC's lists. */
  #bits(list: Uint8Array, first: number): number {
    let word = 0;
    for (let i = 0; i < 32; i++) word |= (list[Exception.first + first + i] ?? 0) << i;
    return word >>> 0;
  }

  #word(offset: number): number {
    const { nvic, systick, scb } = this.#p;
    if (offset === 0xd04) return this.#icsr();
    const bank = BANKS.find((base) => offset >= base && offset < base + 0x40);
    if (bank !== undefined) {
      const list = bank < 0x200 ? nvic.enabled : bank < 0x300 ? nvic.pending : nvic.active;
      return this.#bits(list, (offset - bank) * 8);
    }
    if (offset >= 0x10 && offset <= 0x1c) return systick.read(offset);
    switch (offset) {
      case 0x4: // ICTR
        return (nvic.count - Exception.first - 1) >>> 5;
      case 0x8: // ACTLR
      case 0xd3c: // AFSR
      case 0xd90: // MPU_TYPE
      case 0xd94: // MPU_CTRL
      case 0xdf0: // DHCSR: no debugger
      case 0xdfc: // DEMCR
        return 0;
      case 0xd00:
        return CPUID;
      case 0xd08:
        return scb.vtor >>> 0;
      case 0xd0c:
        return ((0xfa05 << 16) | (nvic.group << 8)) >>> 0;
      case 0xd10:
        return this.#p.scr;
      case 0xd14:
        return scb.ccr;
      case 0xd24:
        return this.#shcsr();
      case 0xd28:
        return scb.cfsr >>> 0;
      case 0xd2c:
        return scb.hfsr >>> 0;
      case 0xd30: // DFSR
      case 0xd34: // MMFAR
        return 0;
      case 0xd38:
        return scb.bfar >>> 0;
      case 0xd88:
        return scb.cpacr;
      case 0xf34:
        return scb.fpccr >>> 0;
      case 0xf38:
        return scb.fpcar >>> 0;
      case 0xf3c:
        return scb.fpdscr >>> 0;
      case 0xf40: // MVFR0: single precision
        return 0x10110021;
      case 0xf44: // MVFR1
        return 0x11000011;
      default:
        throw new UnknownRegister(this.name, offset, false);
    }
  }

  /** Programs ask in their loops whether they are in an interrupt: no loop of ours here. */
  #icsr(): number {
    const { nvic } = this.#p;
    const { pending } = nvic;
    const best = nvic.best();
    const interrupt = best >= Exception.first || pending.indexOf(1, Exception.first) > 0;
    const base = nvic.nesting <= 1 ? 1 << 11 : 0;
    const [nmi = 0, pendSv = 0, sysTick = 0] = [pending[2], pending[14], pending[15]];
    const system = (nmi << 31) | (pendSv << 28) | (sysTick << 26);
    return (system | (interrupt ? 1 << 22 : 0) | (best << 12) | base | this.#p.ipsr()) >>> 0;
  }

  #shcsr(): number {
    const { nvic, scb } = this.#p;
    const { active, pending } = nvic;
    const bit = (list: Uint8Array, n: number, at: number): number => (list[n] ? 1 << at : 0);
    const first = bit(active, 4, 0) | bit(active, 5, 1) | bit(active, 6, 3) | bit(active, 11, 7);
    const second = bit(active, 14, 10) | bit(active, 15, 11) | bit(pending, 6, 12);
    const third = bit(pending, 4, 13) | bit(pending, 5, 14) | bit(pending, 11, 15);
    return first | second | third | (scb.handlers << 16);
  }

  #setBank(bank: number, first: number, value: number): void {
    const { nvic } = this.#p;
    for (let i = 0; i < 32; i++) {
      const irq = first + i;
      if (!((value >>> i) & 1) || irq + Exception.first >= nvic.count) continue;
      if (bank < 0x200) nvic.enable(irq, bank === 0x100);
      else if (bank === 0x200) nvic.setPending(irq);
      else if (bank === 0x280) nvic.clearPending(irq);
    }
  }

  #setWord(offset: number, value: number): void {
    const { nvic, systick, scb, R } = this.#p;
    const bank = BANKS.find((base) => offset >= base && offset < base + 0x40);
    if (bank !== undefined) return this.#setBank(bank, (offset - bank) * 8, value);
    if (offset >= 0x10 && offset <= 0x18) return systick.write(offset, value);
    switch (offset) {
      case 0xd04:
        return this.#setIcsr(value);
      case 0xd08:
        scb.vtor = value & ~0x7f;
        return;
      case 0xd0c:
        return this.#setAircr(value);
      case 0xd10:
        this.#p.scr = value & 0x16;
        return;
      case 0xd14:
        scb.ccr = value & 0x31b;
        this.#p.onControl();
        return;
      case 0xd24:
        scb.handlers = (value >>> 16) & 7;
        return;
      case 0xd28:
        scb.cfsr &= ~value;
        return;
      case 0xd2c:
        scb.hfsr &= ~value;
        return;
      case 0xd38:
        scb.bfar = value;
        return;
      case 0xd88:
        scb.cpacr = value & 0x00f00000;
        R[FLOAT_READY] = 0;
        return;
      case 0xf00: // STIR
        if ((value & 0x1ff) + Exception.first < nvic.count) nvic.setPending(value & 0x1ff);
        return;
      case 0xf34:
        scb.fpccr = value | 0;
        R[FLOAT_READY] = 0;
        return;
      case 0xf38:
        scb.fpcar = value & ~7;
        return;
      case 0xf3c:
        scb.fpdscr = value & 0x07c00000;
        return;
      case 0x8: // ACTLR, DFSR, MMFAR, AFSR, DEMCR: kept nowhere
      case 0xd30:
      case 0xd34:
      case 0xd3c:
      case 0xdfc:
        return;
      default:
        throw new UnknownRegister(this.name, offset, true, value);
    }
  }

  #setIcsr(value: number): void {
    const { nvic } = this.#p;
    if (value >>> 31) nvic.pend(Exception.nmi);
    if (value & (1 << 28)) nvic.pend(Exception.pendSv);
    else if (value & (1 << 27)) nvic.pend(Exception.pendSv, false);
    if (value & (1 << 26)) nvic.pend(Exception.sysTick);
    else if (value & (1 << 25)) nvic.pend(Exception.sysTick, false);
  }

  #setAircr(value: number): void {
    if (value >>> 16 !== KEY) return;
    this.#p.nvic.group = (value >>> 8) & 7;
    if (value & 4) this.#p.onReset();
  }
}
