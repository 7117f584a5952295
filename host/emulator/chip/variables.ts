/**
 * How many of Espruino's variables are free, read out of the chip's memory while it runs: the array
 * `jsVars`, 13 bytes each, the last two of them flags whose lower six bits are the kind.
 *
 * Where the array lies is the firmware's affair, and the same in every run of it: a blank board is
 * asked at its prompt for the address of a flat string, whose text lies in the variables behind the
 * one that is its head; of the places that fit, the one with the root in front is it.
 *
 * Source: Espruino 2v29, src/jsvar.h (JsVar, JsVarFlags) and jsvar.c jsvGetMemoryUsage, as the
 * builds for an nRF52832 lay it.
 */

import { RAM_BASE } from "./bus.js";
import type { Chip } from "./chip.js";

const SIZE = 13;
const FLAGS = 11;
const KIND = 0x3f;
const UNUSED = 0;
/** The root of everything, locked once: the first variable, and no other has its kind. */
const ROOT = 0x401;
/** A call that takes many variables lasts less than a millisecond. */
const EVERY = 50_000;

/** What a firmware's variables look like in memory. */
export interface VariableLayout {
  readonly base: number;
  readonly total: number;
  /** The kind of a flat string's head; its length is its first word. */
  readonly flat: number;
}

const view = ({ bus: { ram } }: Chip): DataView =>
  new DataView(ram.buffer, ram.byteOffset, ram.length);

/** `address`: of a flat string's text, which the board itself said. */
export function findVariables(chip: Chip, address: number, total: number): VariableLayout {
  const memory = view(chip);
  const head = address - RAM_BASE - SIZE;
  for (let base = head; base >= 0; base -= SIZE) {
    const room = base + SIZE * total <= memory.byteLength;
    if (!room || memory.getUint16(base + FLAGS, true) !== ROOT) continue;
    return { base, total, flat: memory.getUint16(head + FLAGS, true) & KIND };
  }
  throw new RangeError("no array of Espruino's variables lies before this string");
}

export class VariableGauge {
  /** The fewest that were free since it was last set. */
  least = Infinity;
  readonly #view: DataView;

  constructor(
    chip: Chip,
    private readonly layout: VariableLayout,
  ) {
    this.#view = view(chip);
    const look = () => {
      if (!chip.on) return;
      this.least = Math.min(this.least, this.free);
      chip.scheduler.after(EVERY, look);
    };
    look();
  }

  get free(): number {
    const { base, total, flat } = this.layout;
    let used = 0;
    for (let i = 0; i < total; i++) {
      const at = base + SIZE * i;
      const kind = this.#view.getUint16(at + FLAGS, true) & KIND;
      if (kind === UNUSED) continue;
      used++;
      if (kind !== flat) continue;
      const blocks = Math.ceil(this.#view.getUint32(at, true) / SIZE);
      used += blocks;
      i += blocks;
    }
    return total - used;
  }
}
