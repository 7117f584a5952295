/**
 * Flash by the SoftDevice's calls (nrf_soc.h): the processor stands still for the operation, then
 * an event tells its end. Without the SoftDevice enabled there is no event.
 *
 * Limits: an operation starts at once; a real one waits for a gap in the radio's plan.
 */

import type { Call } from "./calls.js";
import { NRF } from "./calls.js";
import type { SoftDevicePort } from "./port.js";

const PAGE = 4096;
const PAGES = 128;
/** Most words of one call. */
const WORDS = 1024;
/** The SoftDevice's own end, and with it the first page that a program may change. */
export const APPLICATION = 0x1f000;
const SUCCESS_EVENT = 2;

export function flashCalls(sd: SoftDevicePort): Record<string, Call> {
  const done = () => {
    if (sd.enabled) sd.socEvent(SUCCESS_EVENT);
    return NRF.SUCCESS;
  };
  return {
    flash_page_erase: (page) => {
      if (page >= PAGES) return NRF.INVALID_ADDR;
      if (page * PAGE < APPLICATION) return NRF.FORBIDDEN;
      sd.flash.erase(page * PAGE);
      return done();
    },
    flash_write: (to, from, words) => {
      if ((to | from) & 3 || to + 4 * words > PAGE * PAGES) return NRF.INVALID_ADDR;
      if (words === 0 || words > WORDS) return NRF.INVALID_LENGTH;
      if (to < APPLICATION) return NRF.FORBIDDEN;
      sd.flash.write(to, sd.guest.bytes(from, 4 * words));
      return done();
    },
  };
}
