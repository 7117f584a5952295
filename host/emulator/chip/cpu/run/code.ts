/**
 * Translated code by address. Flash's lies in an array; when bytes of flash change, what depended
 * on them is put aside and comes back only if it finds its own bytes again (a power-up or a write
 * to a neighbour changes nothing). RAM's is compared each time it is entered, so code may be
 * copied, patched and overwritten without anybody saying so.
 */

import type { Bus } from "../../bus.js";
import { RAM_BASE } from "../../bus.js";
import { regionSource } from "../translate/emit.js";
import { FetchFault, readRegion } from "../translate/region.js";
import type { ReadOptions, Region } from "../translate/region.js";
import { compile } from "./compile.js";
import type { Translated } from "./compile.js";
import type { Scope } from "./port.js";

/** What was made of bytes, and those bytes. */
interface Known {
  readonly run: Translated;
  readonly address: number;
  readonly bytes: Uint8Array;
  /** Words elsewhere that the code has in it. */
  readonly constants: readonly (readonly [address: number, value: number])[];
}

const PAGE = 10;

export class Code {
  /** By address / 2. */
  flash: (Translated | undefined)[] = [];
  /** Where regions must not run past, see ReadOptions. */
  readonly #stops = new Set<number>();
  #strict = false;
  /** Regions translated so far. */
  translated = 0;
  readonly #bus: Bus;
  readonly #scope: Scope;
  readonly #inFlash = new Map<number, Known>();
  readonly #inRam = new Map<number, Known>();
  /** Starts inside an IT block, and single steps: by key. */
  readonly #odd = new Map<string, Translated>();
  /** Which regions depend on a page of flash: their indices in `flash`. */
  readonly #pages = new Map<number, Set<number>>();

  constructor(bus: Bus, scope: Scope) {
    this.#bus = bus;
    this.#scope = scope;
    this.forget();
    bus.listen((start, end) => this.#changed(start, end));
  }

  /** CCR.UNALIGN_TRP. */
  setStrict(strict: boolean): void {
    if (strict === this.#strict) return;
    this.#strict = strict;
    this.forget();
  }

  /** Regions end in front of a stop. */
  setStop(address: number, on: boolean): void {
    if (on) this.#stops.add(address);
    else this.#stops.delete(address);
    this.forget();
  }

  stopsAt(address: number): boolean {
    return this.#stops.has(address);
  }

  /** Drops everything translated. */
  forget(): void {
    this.flash = new Array<Translated | undefined>(this.#bus.flash.length >>> 1).fill(undefined);
    for (const each of [this.#inFlash, this.#inRam, this.#odd, this.#pages]) each.clear();
  }

  #changed(start: number, end: number): void {
    for (let page = start >>> PAGE; page <= (end - 1) >>> PAGE; page++) {
      for (const index of this.#pages.get(page) ?? []) this.flash[index] = undefined;
    }
    this.#odd.clear();
  }

  /** The region at an address that is outside `flash`'s array or not in it now. */
  find(pc: number): Translated {
    const inRam = pc >= RAM_BASE;
    const place = inRam ? this.#inRam : this.#inFlash;
    let known = place.get(pc);
    if (!known || !this.#holds(known)) {
      const region = this.#read(pc, 0, {});
      if (region.bad) return this.#translate(region);
      known = this.#keep(region);
      place.set(pc, known);
      if (!inRam) this.#depend(known);
    }
    if (!inRam) this.flash[pc >>> 1] = known.run;
    return known.run;
  }

  /** Not entered from the array: inside an IT block, or of a given length. */
  single(pc: number, it: number, length: number | undefined): Translated {
    const key = `${pc} ${it} ${length}`;
    const known = pc >= RAM_BASE ? undefined : this.#odd.get(key);
    if (known) return known;
    const run = this.#translate(this.#read(pc, it, length === undefined ? {} : { length }));
    this.#odd.set(key, run);
    return run;
  }

  #read(pc: number, it: number, options: ReadOptions): Region {
    return readRegion((at) => this.#fetch(at), pc, it, { ...options, stops: this.#stops });
  }

  #fetch(address: number): number {
    const { flash, ram } = this.#bus;
    const inRam = address - RAM_BASE;
    if (address >= 0 && address + 2 <= flash.length) {
      return (flash[address] as number) | ((flash[address + 1] as number) << 8);
    }
    if (inRam < 0 || inRam + 2 > ram.length) throw new FetchFault();
    return (ram[inRam] as number) | ((ram[inRam + 1] as number) << 8);
  }

  #translate(region: Region, constants: [number, number][] = []): Translated {
    this.translated++;
    const constant = (i: { from: number; width: number }): number | undefined => {
      const fixed = i.width === 4 && region.start < RAM_BASE;
      const value = fixed ? this.#constant(i.from) : undefined;
      if (value !== undefined) constants.push([i.from, value]);
      return value;
    };
    const options = { ram: this.#bus.ram.length, strict: this.#strict, constant };
    return compile(regionSource(region, options), this.#scope);
  }

  #keep(region: Region): Known {
    const constants: [number, number][] = [];
    const run = this.#translate(region, constants);
    const bytes = this.#bus.bytes(region.start, region.end - region.start).slice();
    return { run, address: region.start, bytes, constants };
  }

  /** The flash's word at an address, if it is one. */
  #constant(at: number): number | undefined {
    if (at < 0 || at + 4 > this.#bus.flash.length) return undefined;
    return this.#fetch(at) | (this.#fetch(at + 2) << 16);
  }

  #holds({ address, bytes, constants }: Known): boolean {
    const now = this.#bus.bytes(address, bytes.length);
    for (let i = 0; i < bytes.length; i++) if (bytes[i] !== now[i]) return false;
    return constants.every(([at, value]) => this.#constant(at) === value);
  }

  #depend({ address, bytes, constants }: Known): void {
    const add = (at: number): void => {
      const page = at >>> PAGE;
      const there = this.#pages.get(page);
      if (there) there.add(address >>> 1);
      else this.#pages.set(page, new Set([address >>> 1]));
    };
    const end = address + bytes.length;
    for (let at = address; at < end; at += 1 << PAGE) add(at);
    add(end - 1);
    for (const [at] of constants) {
      add(at);
      add(at + 3);
    }
  }
}
