/**
 * POWER (nRF52832 Product Specification v1.4, chapter POWER): reset reasons, retained registers,
 * RAM's power. It shares its block with CLOCK (clock.ts).
 *
 * Limits: RAM keeps its bytes whatever its power registers say; no brown-out.
 */

import type { Block } from "../base/block.js";
import { ChipTrap } from "../base/trap.js";

/** RESETREAS. A power-on reset leaves 0. */
export const REASON = {
  RESETPIN: 1,
  DOG: 2,
  SREQ: 4,
  LOCKUP: 8,
  OFF: 0x10000,
} as const;

/** What outlives every reset but the loss of power. */
export interface Retained {
  reasons: number;
  readonly registers: [number, number];
}
export const fresh = (): Retained => ({ reasons: 0, registers: [0, 0] });

/** RAM0..7 on an nRF52832; all sections on after reset. */
const BANKS = 8;

export class Power {
  /** Errata 108's register; the firmware copies RAM's trim into it. */
  constructor(
    block: Block,
    readonly retained: Retained,
    off: () => void,
  ) {
    block.task(0x078, "TASKS_CONSTLAT", () => undefined);
    block.task(0x07c, "TASKS_LOWPWR", () => undefined);
    block.event(0x108, "EVENTS_POFWARN");
    block.event(0x114, "EVENTS_SLEEPENTER");
    block.event(0x118, "EVENTS_SLEEPEXIT");
    const clear = (value: number) => void (retained.reasons &= ~value);
    block.live(0x400, "RESETREAS", () => retained.reasons, clear);
    block.live(0x428, "RAMSTATUS", () => 0xf);
    const systemOff = (value: number) => value & 1 && off();
    block.live(0x500, "SYSTEMOFF", () => 0, systemOff);
    block.cell(0x510, "POFCON", 0, 0x1f);
    for (const i of [0, 1] as const) {
      const write = (value: number) => void (retained.registers[i] = value & 255);
      block.live(0x51c + 4 * i, i ? "GPREGRET2" : "GPREGRET", () => retained.registers[i], write);
    }
    const ramon = (name: string, offset: number) => block.cell(offset, name, 3, 0x30003);
    ramon("RAMON", 0x524);
    ramon("RAMONB", 0x554);
    block.cell(0x578, "DCDCEN", 0, 1);
    for (let bank = 0; bank < BANKS; bank++) {
      const at = 0x900 + 16 * bank;
      const power = block.cell(at, `RAM[${bank}].POWER`, 0xffff);
      block.live(
        at + 4,
        "POWERSET",
        () => power.value,
        (v) => power.write(power.value | v),
      );
      block.live(
        at + 8,
        "POWERCLR",
        () => power.value,
        (v) => power.write(power.value & ~v),
      );
    }
    block.cell(0xee4, "RAM's trim (errata 108)");
  }
}

export function lockedUp(): never {
  throw new ChipTrap("the processor locked up");
}
