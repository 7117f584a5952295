/**
 * The SoftDevice's watch over its peripherals: while it is enabled a program that writes into one
 * of them is told so by its fault handler, which starts the chip anew. Reading is free.
 *
 * Sources: S132 SoftDevice Specification, chapters "Memory isolation and runtime protection" and
 * "Hardware peripherals" (blocked and restricted ones); nrf_sdm.h, NRF_FAULT_ID_APP_MEMACC: the
 * memory watch unit's region has a part for each peripheral, all of its registers are inside.
 * Limits: PPI's channels and SWI numbers that it keeps are not watched. The run ends with the
 * register's place, where a real board would start anew without an end.
 */
import { hex } from "../../faults.js";
import { ChipTrap } from "../soc/base/trap.js";

const WATCHED: Readonly<Record<number, string>> = {
  0x40000000: "CLOCK, POWER and BPROT",
  0x40001000: "RADIO",
  0x40008000: "TIMER0",
  0x4000b000: "RTC0",
  0x4000c000: "TEMP",
  0x4000d000: "RNG",
  0x4000e000: "ECB",
  0x4000f000: "CCM and AAR",
  0x4001e000: "NVMC",
};

/** A write by the program while the SoftDevice is enabled. */
export function watch(address: number): void {
  const name = WATCHED[(address & ~0xfff) >>> 0];
  if (name === undefined) return;
  const fault = "the SoftDevice's fault APP_MEMACC";
  throw new ChipTrap(`${fault}: the program wrote ${hex(address)}, a register of ${name}`);
}
