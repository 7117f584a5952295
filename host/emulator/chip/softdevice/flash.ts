/**
 * Flash by the SoftDevice's calls (nrf_soc.h). While it is enabled it takes one operation at a
 * time: the call returns at once, the operation begins a little later, the processor stands still
 * for it, and an event tells its end; who asks for another one before that is told BUSY. The words
 * to write are read when it begins, as the header warns. While the SoftDevice is disabled the call
 * returns when it is done, and there is no event.
 *
 * Limits: a real one waits for a gap in the radio's plan, and gives up (an event tells that) when
 * there is none. What was asked for when it is disabled never happens; nobody has looked at a real
 * one there.
 */

import type { Call } from "./calls.js";
import { NRF } from "./calls.js";
import { US } from "../soc/base/time.js";
import type { SoftDevicePort } from "./port.js";

const PAGE = 4096;
const PAGES = 128;
/** Most words of one call. */
const WORDS = 1024;
/** The SoftDevice's own end, and with it the first page that a program may change. */
export const APPLICATION = 0x1f000;
const SUCCESS_EVENT = 2;
/** From the call to the operation's begin, with nothing of the radio in between (an estimate). */
const START = 100 * US;

/** The operation that was asked for. */
export class FlashQueue {
  /** From the call to the operation's begin, in cycles. */
  start = START;
  #busy = false;
  /** Counts enablings: an operation belongs to one. */
  #life = 0;

  constructor(private readonly sd: SoftDevicePort) {}

  get busy(): boolean {
    return this.#busy;
  }
  ask(operation: () => void): number {
    const { sd } = this;
    if (!sd.enabled) {
      operation();
      return NRF.SUCCESS;
    }
    if (this.#busy) return NRF.BUSY;
    this.#busy = true;
    const life = this.#life;
    sd.cpu.scheduler.after(this.start, () => {
      if (life !== this.#life) return;
      operation();
      this.#busy = false;
      sd.socEvent(SUCCESS_EVENT);
    });
    return NRF.SUCCESS;
  }
  disable(): void {
    this.#life++;
    this.#busy = false;
  }
}

export function flashCalls(sd: SoftDevicePort): Record<string, Call> {
  return {
    flash_page_erase: (page) => {
      if (page >= PAGES) return NRF.INVALID_ADDR;
      if (page * PAGE < APPLICATION) return NRF.FORBIDDEN;
      return sd.flashQueue.ask(() => sd.flash.erase(page * PAGE));
    },
    flash_write: (to, from, words) => {
      if ((to | from) & 3 || to + 4 * words > PAGE * PAGES) return NRF.INVALID_ADDR;
      if (words === 0 || words > WORDS) return NRF.INVALID_LENGTH;
      if (to < APPLICATION) return NRF.FORBIDDEN;
      return sd.flashQueue.ask(() => sd.flash.write(to, sd.guest.bytes(from, 4 * words)));
    },
  };
}
