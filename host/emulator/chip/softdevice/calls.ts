/**
 * Supervisor calls of the S132 v3, by number: the names of a family as its header lists them, and
 * what answers those that a firmware has needed so far. A call without an answer ends the run with
 * its name.
 */

import { ChipTrap } from "../soc/base/trap.js";

/** r0 to r3, unsigned. */
export type Arguments = readonly [number, number, number, number];
/** Answers the call: an NRF_ERROR, 0 for success. */
export type Call = (...args: Arguments) => number;

export interface Family {
  /** The header that defines it. */
  readonly header: string;
  readonly base: number;
  /** In the order of their numbers, without the `sd_` in front. */
  readonly names: readonly string[];
  readonly calls: Readonly<Record<string, Call>>;
}

/** nrf_error.h, nrf_error_soc.h, ble_err.h. */
export const NRF = {
  SUCCESS: 0,
  SOFTDEVICE_NOT_ENABLED: 2,
  NO_MEM: 4,
  NOT_FOUND: 5,
  NOT_SUPPORTED: 6,
  INVALID_PARAM: 7,
  INVALID_STATE: 8,
  INVALID_LENGTH: 9,
  DATA_SIZE: 12,
  FORBIDDEN: 15,
  INVALID_ADDR: 16,
  BUSY: 17,
  RAND_NOT_ENOUGH_VALUES: 0x2007,
  PPI_INVALID_CHANNEL: 0x2008,
  PPI_INVALID_GROUP: 0x2009,
  BLE_INVALID_CONN_HANDLE: 0x3002,
  BLE_INVALID_ATTR_HANDLE: 0x3003,
  BLE_NO_TX_PACKETS: 0x3004,
} as const;

export class Calls {
  readonly #families: readonly Family[];

  constructor(families: readonly Family[]) {
    this.#families = families;
    for (const { names, calls, header } of families) {
      const stray = Object.keys(calls).find((name) => !names.includes(name));
      if (stray) throw new Error(`${stray} is no call of ${header}`);
    }
  }

  name(number: number): string {
    const family = this.#family(number);
    const name = family?.names[number - family.base];
    return name ? `sd_${name} (SVC ${number}, ${family!.header})` : `SVC ${number}`;
  }

  answer(number: number, args: Arguments): number {
    const family = this.#family(number);
    const name = family?.names[number - family.base];
    const call = name === undefined ? undefined : family?.calls[name];
    if (!call) throw new ChipTrap(`${this.name(number)} is not emulated`);
    return call(...args);
  }

  #family(number: number): Family | undefined {
    return this.#families.find((f) => number >= f.base && number < f.base + f.names.length);
  }
}
