/**
 * What GDB is told of the processor: its registers as the description below numbers them, and its
 * memory. Source: GDB's manual, appendix E ("Remote Protocol") and G ("Target Descriptions").
 */

import { BusFault, RAM_BASE, UnknownRegister } from "../bus.js";
import type { Bus } from "../bus.js";
import type { Size } from "../bus.js";
import type { Cpu } from "../cpu/cpu.js";
import { apsr, packIt, setApsr } from "../cpu/state.js";
import { IT, PC } from "../cpu/state.js";

const THUMB = 1 << 24;
const XPSR = 16;
const FLOATS = 17;
const FPSCR = FLOATS + 32;
/** How many registers there are, all of 32 bits. */
export const REGISTERS = FPSCR + 1;

const register = (name: string, more = ""): string => `<reg name="${name}" bitsize="32"${more}/>`;
const pointers = ' type="data_ptr"';

export const DESCRIPTION = [
  '<?xml version="1.0"?><!DOCTYPE target SYSTEM "gdb-target.dtd"><target version="1.0">',
  "<architecture>arm</architecture>",
  '<feature name="org.gnu.gdb.arm.m-profile">',
  ...Array.from({ length: 13 }, (_, n) => register(`r${n}`)),
  register("sp", pointers),
  register("lr"),
  register("pc", ' type="code_ptr"'),
  register("xpsr", ' regnum="16"'),
  '</feature><feature name="kincard.float">',
  ...Array.from({ length: 32 }, (_, n) => register(`s${n}`, ' type="ieee_single" group="float"')),
  register("fpscr", ' group="float"'),
  "</feature></target>",
].join("");

export class GdbTarget {
  readonly cpu: Cpu;
  readonly #bus: Bus;

  constructor(cpu: Cpu) {
    this.cpu = cpu;
    this.#bus = cpu.bus;
  }

  get pc(): number {
    return (this.cpu.r[PC] as number) >>> 0;
  }

  register(n: number): number {
    const { r, special, float } = this.cpu;
    if (n < XPSR) return (r[n] as number) >>> 0;
    if (n === XPSR) return (apsr(r) | packIt(r[IT] as number) | THUMB | special.ipsr) >>> 0;
    if (n < FPSCR) return (float.bits[n - FLOATS] as number) >>> 0;
    return float.fpscr >>> 0;
  }

  /** The flags of xPSR can be set; its mode can't. */
  setRegister(n: number, value: number): void {
    const { r, float } = this.cpu;
    if (n < XPSR) r[n] = n === PC ? value & ~1 : value;
    else if (n === XPSR) setApsr(r, value);
    else if (n < FPSCR) float.bits[n - FLOATS] = value;
    else float.fpscr = value;
    if (n === PC) r[IT] = 0;
  }

  /** Bytes as a program would read them; undefined where it would fault. */
  read(address: number, length: number): Uint8Array | undefined {
    try {
      return this.#bus.bytes(address, length).slice();
    } catch {
      return this.#registers(address, length);
    }
  }

  /** Peripherals, by words where that fits. */
  #registers(address: number, length: number): Uint8Array | undefined {
    const out = new Uint8Array(length);
    try {
      for (let at = 0; at < length;) {
        const size: Size = (address + at) % 4 || length - at < 4 ? 1 : 4;
        const value = this.#bus.read(address + at, size);
        for (let i = 0; i < size; i++) out[at + i] = value >>> (8 * i);
        at += size;
      }
      return out;
    } catch (error) {
      if (error instanceof BusFault || error instanceof UnknownRegister) return undefined;
      throw error;
    }
  }

  /** Flash too, as a programmer would. False where nothing is. */
  write(address: number, bytes: Uint8Array): boolean {
    if (address + bytes.length <= this.#bus.flash.length) {
      this.#bus.writeFlash(address, bytes);
      return true;
    }
    try {
      if (address >= RAM_BASE && address < RAM_BASE + this.#bus.ram.length) {
        this.#bus.bytes(address, bytes.length).set(bytes);
      } else if (bytes.length === 4 && address % 4 === 0) {
        const [a = 0, b = 0, c = 0, d = 0] = bytes;
        this.#bus.write(address, (a | (b << 8) | (c << 16) | (d << 24)) >>> 0, 4);
      } else {
        bytes.forEach((byte, i) => this.#bus.write(address + i, byte, 1));
      }
      return true;
    } catch {
      return false;
    }
  }
}
