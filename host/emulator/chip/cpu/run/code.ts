/**
 * Translated code by address. Flash's lies in an array and goes when its bytes change; RAM's is
 * compared with the bytes it was made of each time it is entered, so code may be copied, patched
 * and overwritten without anybody saying so.
 */

import type { Bus } from "../../bus.js";
import { RAM_BASE } from "../../bus.js";
import type { Scope } from "./port.js";
import { regionSource } from "../translate/emit.js";
import { FetchFault, readRegion } from "../translate/region.js";
import type { ReadOptions, Region } from "../translate/region.js";

/** Runs a region: gives the next address (an int32), or throws a fault. */
export type Translated = () => number;

interface InRam {
  readonly run: Translated;
  readonly bytes: Uint8Array;
  readonly offset: number;
}

const PAGE = 10;

export class Code {
  /** By address / 2. */
  flash: (Translated | undefined)[] = [];
  /** Where regions must not run past, see ReadOptions. */
  readonly stops = new Set<number>();
  #strict = false;
  /** Regions translated so far. */
  translated = 0;
  readonly #bus: Bus;
  readonly #build: (source: string) => Translated;
  readonly #ram = new Map<number, InRam>();
  /** Starts inside an IT block, and single steps: by key. */
  readonly #odd = new Map<string, Translated>();
  /** Which regions depend on a page of flash: their indices in `flash`. */
  readonly #pages = new Map<number, Set<number>>();

  constructor(bus: Bus, scope: Scope) {
    this.#bus = bus;
    const names = Object.keys(scope);
    this.#build = (source) => {
      const used = names.filter((name) => source.includes(name));
      // the parentheses make the engine compile the function at once, not at its first call
      const make = new Function(
        "scope",
        `"use strict";const{${used}}=scope;return(()=>{${source}});`,
      );
      return (make as (s: Scope) => Translated)(scope);
    };
    this.forget();
    bus.listen((start, end) => this.#changed(start, end));
  }

  /** CCR.UNALIGN_TRP. */
  setStrict(strict: boolean): void {
    if (strict === this.#strict) return;
    this.#strict = strict;
    this.forget();
  }

  /** Drops everything translated. */
  forget(): void {
    this.flash = new Array<Translated | undefined>(this.#bus.flash.length >>> 1).fill(undefined);
    this.#ram.clear();
    this.#odd.clear();
    this.#pages.clear();
  }

  #changed(start: number, end: number): void {
    for (let page = start >>> PAGE; page <= (end - 1) >>> PAGE; page++) {
      for (const index of this.#pages.get(page) ?? []) this.flash[index] = undefined;
      this.#pages.delete(page);
    }
    this.#odd.clear();
  }

  /** The region at an address that is outside `flash`'s array or not translated yet. */
  find(pc: number): Translated {
    const offset = pc - RAM_BASE;
    if (offset >= 0 && offset < this.#bus.ram.length) return this.#findRam(pc, offset);
    const region = this.#read(pc, 0, {});
    const run = this.#translate(region);
    if (region.bad) return run;
    const index = pc >>> 1;
    this.flash[index] = run;
    this.#depend(region, index);
    return run;
  }

  /** Not entered from the array: inside an IT block, or of a given length. */
  single(pc: number, it: number, length: number | undefined): Translated {
    const inRam = pc >= RAM_BASE;
    const key = `${pc} ${it} ${length}`;
    const known = inRam ? undefined : this.#odd.get(key);
    if (known) return known;
    const run = this.#translate(this.#read(pc, it, length === undefined ? {} : { length }));
    this.#odd.set(key, run);
    return run;
  }

  #findRam(pc: number, offset: number): Translated {
    const known = this.#ram.get(pc);
    if (known && same(known.bytes, this.#bus.ram, offset)) return known.run;
    const region = this.#read(pc, 0, {});
    const run = this.#translate(region);
    const bytes = this.#bus.ram.slice(offset, offset + region.end - pc);
    if (!region.bad) this.#ram.set(pc, { run, bytes, offset });
    return run;
  }

  #read(pc: number, it: number, options: ReadOptions): Region {
    return readRegion((at) => this.#fetch(at), pc, it, { ...options, stops: this.stops });
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

  #translate(region: Region): Translated {
    this.translated++;
    const constant = (i: { from: number; width: number; signed: boolean }): number | undefined =>
      i.width === 4 && region.start < RAM_BASE ? this.#constant(i.from) : undefined;
    return this.#build(
      regionSource(region, { ram: this.#bus.ram.length, strict: this.#strict, constant }),
    );
  }

  #constant(at: number): number | undefined {
    if (at < 0 || at + 4 > this.#bus.flash.length) return undefined;
    return this.#fetch(at) | (this.#fetch(at + 2) << 16);
  }

  #depend(region: Region, index: number): void {
    const add = (address: number): void => {
      const page = address >>> PAGE;
      const there = this.#pages.get(page);
      if (there) there.add(index);
      else this.#pages.set(page, new Set([index]));
    };
    for (let at = region.start; at < region.end; at += 1 << PAGE) add(at);
    add(region.end - 1);
    for (const i of region.code) {
      if (i.op !== "literal" || i.from < 0) continue;
      add(i.from);
      add(i.from + 3);
    }
  }
}

function same(bytes: Uint8Array, ram: Uint8Array, offset: number): boolean {
  for (let i = 0; i < bytes.length; i++) if (bytes[i] !== ram[offset + i]) return false;
  return true;
}
