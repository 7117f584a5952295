/**
 * SPI0/SPIM0 and TWI1/TWIM1, idle (nRF52832 Product Specification v1.4, chapters SPI, SPIM, TWI,
 * TWIM): their pins and settings can be written and read, nothing is ever sent.
 *
 * Limits: a transfer traps. Boards that have a chip on these wires need the real thing first.
 */

import { Block, type Host } from "../base/block.js";
import { missing } from "../base/trap.js";

const NOT_CONNECTED = 0xffffffff;

/** Registers of both buses by offset; tasks start a transfer. */
const TASKS: Record<string, [number, string][]> = {
  SPI0: [[0x010, "TASKS_START"]],
  TWI1: [
    [0x000, "TASKS_STARTRX"],
    [0x008, "TASKS_STARTTX"],
    [0x020, "TASKS_RESUME"],
  ],
};
const HARMLESS: Record<string, [number, string][]> = {
  SPI0: [[0x014, "TASKS_STOP"]],
  TWI1: [
    [0x014, "TASKS_STOP"],
    [0x01c, "TASKS_SUSPEND"],
  ],
};
const EVENTS: Record<string, [number, string][]> = {
  SPI0: [
    [0x104, "EVENTS_STOPPED"],
    [0x108, "EVENTS_READY"],
    [0x110, "EVENTS_ENDRX"],
    [0x118, "EVENTS_END"],
    [0x120, "EVENTS_ENDTX"],
    [0x14c, "EVENTS_STARTED"],
  ],
  TWI1: [
    [0x104, "EVENTS_STOPPED"],
    [0x108, "EVENTS_RXDREADY"],
    [0x11c, "EVENTS_TXDSENT"],
    [0x124, "EVENTS_ERROR"],
    [0x138, "EVENTS_BB"],
    [0x148, "EVENTS_SUSPENDED"],
  ],
};
const CELLS: Record<string, [number, string, number][]> = {
  SPI0: [
    [0x200, "SHORTS", 0],
    [0x500, "ENABLE", 0],
    [0x508, "PSELSCK", NOT_CONNECTED],
    [0x50c, "PSELMOSI", NOT_CONNECTED],
    [0x510, "PSELMISO", NOT_CONNECTED],
    [0x524, "FREQUENCY", 0x04000000],
    [0x554, "CONFIG", 0],
    [0x5c0, "ORC", 0],
  ],
  TWI1: [
    [0x200, "SHORTS", 0],
    [0x4c4, "ERRORSRC", 0],
    [0x500, "ENABLE", 0],
    [0x508, "PSELSCL", NOT_CONNECTED],
    [0x50c, "PSELSDA", NOT_CONNECTED],
    [0x524, "FREQUENCY", 0x04000000],
    [0x588, "ADDRESS", 0],
  ],
};

export function idleBus(host: Host, name: "SPI0" | "TWI1", base: number, line: number): Block {
  const block = new Block(host, name, base, line);
  for (const [offset, task] of TASKS[name]!) {
    block.task(offset, task, () => missing(`${name}.${task}`));
  }
  for (const [offset, task] of HARMLESS[name]!) block.task(offset, task, () => undefined);
  for (const [offset, event] of EVENTS[name]!) block.event(offset, event);
  for (const [offset, cell, reset] of CELLS[name]!) block.cell(offset, cell, reset);
  block.interrupts();
  return block;
}
