/**
 * Flash by the SoftDevice's calls (nrf_soc.h): what may be asked for. When it happens:
 * flash-queue.ts. The words to write are read then, not at the call, as the header warns.
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
