/**
 * The SoftDevice manager: nrf_sdm.h. Enabling starts RTC0 and the random pool, disabling stops all.
 */

import type { Call, Family } from "./calls.js";
import { NRF } from "./calls.js";
import type { SoftDevicePort } from "./port.js";

export function managerFamily(sd: SoftDevicePort): Family {
  const enable: Call = (clock) => {
    if (sd.enabled) return NRF.INVALID_STATE;
    const LFRC = 0;
    sd.enable(clock ? sd.guest.u8(clock) : LFRC);
    return NRF.SUCCESS;
  };
  return {
    header: "nrf_sdm.h",
    base: 0x10,
    names: [
      "softdevice_enable",
      "softdevice_disable",
      "softdevice_is_enabled",
      "softdevice_vector_table_base_set",
    ],
    calls: {
      softdevice_enable: enable,
      softdevice_disable: () => {
        sd.disable();
        return NRF.SUCCESS;
      },
      softdevice_is_enabled: (out) => {
        sd.guest.put8(out, sd.enabled ? 1 : 0);
        return NRF.SUCCESS;
      },
    },
  };
}
