/**
 * The SoC library: nrf_soc.h. Power, clock, waiting, random bytes, ECB, PPI and the SoC's events.
 */

import { createCipheriv } from "node:crypto";
import type { Call, Family } from "./calls.js";
import { NRF } from "./calls.js";
import { flashCalls } from "./flash.js";
import { POOL } from "./random.js";
import type { SoftDevicePort } from "./port.js";

const NAMES = [
  "ppi_channel_enable_get",
  "ppi_channel_enable_set",
  "ppi_channel_enable_clr",
  "ppi_channel_assign",
  "ppi_group_task_enable",
  "ppi_group_task_disable",
  "ppi_group_assign",
  "ppi_group_get",
  "flash_page_erase",
  "flash_write",
  "flash_protect",
  "mutex_new",
  "mutex_acquire",
  "mutex_release",
  "rand_application_pool_capacity_get",
  "rand_application_bytes_available_get",
  "rand_application_vector_get",
  "power_mode_set",
  "power_system_off",
  "power_reset_reason_get",
  "power_reset_reason_clr",
  "power_pof_enable",
  "power_pof_threshold_set",
  "power_ramon_set",
  "power_ramon_clr",
  "power_ramon_get",
  "power_gpregret_set",
  "power_gpregret_clr",
  "power_gpregret_get",
  "power_dcdc_mode_set",
  "app_evt_wait",
  "clock_hfclk_request",
  "clock_hfclk_release",
  "clock_hfclk_is_running",
  "radio_notification_cfg_set",
  "ecb_block_encrypt",
  "ecb_blocks_encrypt",
  "radio_session_open",
  "radio_session_close",
  "radio_request",
  "evt_get",
  "temp_get",
];

/** PPI channels and groups that are the program's. */
const PPI = 0x4001f000;
const CHANNELS = 0x1ffff;
const GROUPS = 4;
const POWER = 0x40000000;

function powerCalls(sd: SoftDevicePort): Record<string, Call> {
  const { retained } = sd.soc.power;
  const register = (id: number) => (id < 2 ? (id as 0 | 1) : undefined);
  const change = (id: number, to: (old: number) => number): number => {
    const at = register(id);
    if (at === undefined) return NRF.INVALID_PARAM;
    retained.registers[at] = to(retained.registers[at]) & 255;
    return NRF.SUCCESS;
  };
  return {
    power_mode_set: (mode) => (mode > 1 ? 0x2004 : NRF.SUCCESS),
    power_system_off: () => {
      sd.bus.write(POWER + 0x500, 1, 4);
      return NRF.SUCCESS;
    },
    power_reset_reason_get: (out) => {
      sd.guest.put32(out, retained.reasons);
      return NRF.SUCCESS;
    },
    power_reset_reason_clr: (mask) => {
      retained.reasons &= ~mask;
      return NRF.SUCCESS;
    },
    power_dcdc_mode_set: (mode) => {
      if (mode > 1) return NRF.INVALID_PARAM;
      sd.bus.write(POWER + 0x578, mode, 4);
      return NRF.SUCCESS;
    },
    power_gpregret_set: (id, mask) => change(id, (old) => old | mask),
    power_gpregret_clr: (id, mask) => change(id, (old) => old & ~mask),
    power_gpregret_get: (id, out) => {
      const at = register(id);
      if (at === undefined) return NRF.INVALID_PARAM;
      sd.guest.put32(out, retained.registers[at]);
      return NRF.SUCCESS;
    },
  };
}

function ppiCalls(sd: SoftDevicePort): Record<string, Call> {
  const set = (offset: number, value: number) => {
    sd.bus.write(PPI + offset, value, 4);
    return NRF.SUCCESS;
  };
  const known = (group: number, act: () => number) =>
    group < GROUPS ? act() : NRF.PPI_INVALID_GROUP;
  return {
    ppi_channel_enable_get: (out) => {
      sd.guest.put32(out, sd.bus.read(PPI + 0x500, 4) & CHANNELS);
      return NRF.SUCCESS;
    },
    ppi_channel_enable_set: (mask) => set(0x504, mask & CHANNELS),
    ppi_channel_enable_clr: (mask) => set(0x508, mask & CHANNELS),
    ppi_channel_assign: (channel, event, task) => {
      if (!(CHANNELS & (1 << channel)) || channel > 31) return NRF.PPI_INVALID_CHANNEL;
      set(0x510 + 8 * channel, event);
      return set(0x514 + 8 * channel, task);
    },
    ppi_group_task_enable: (group) => known(group, () => set(8 * group, 1)),
    ppi_group_task_disable: (group) => known(group, () => set(8 * group + 4, 1)),
    ppi_group_assign: (group, mask) => known(group, () => set(0x800 + 4 * group, mask & CHANNELS)),
    ppi_group_get: (group, out) =>
      known(group, () => {
        sd.guest.put32(out, sd.bus.read(PPI + 0x800 + 4 * group, 4));
        return NRF.SUCCESS;
      }),
  };
}

function randomCalls(sd: SoftDevicePort): Record<string, Call> {
  return {
    rand_application_pool_capacity_get: (out) => {
      sd.guest.put8(out, POOL);
      return NRF.SUCCESS;
    },
    rand_application_bytes_available_get: (out) => {
      sd.guest.put8(out, sd.random.available);
      return NRF.SUCCESS;
    },
    rand_application_vector_get: (out, length) => {
      const bytes = sd.random.take(length & 255);
      if (!bytes) return NRF.RAND_NOT_ENOUGH_VALUES;
      sd.guest.put(out, bytes);
      return NRF.SUCCESS;
    },
  };
}

function mutexCalls(sd: SoftDevicePort): Record<string, Call> {
  const set = (at: number, value: number) => {
    sd.guest.put8(at, value);
    return NRF.SUCCESS;
  };
  const TAKEN = 0x2000;
  return {
    mutex_new: (at) => set(at, 0),
    mutex_acquire: (at) => (sd.guest.u8(at) ? TAKEN : set(at, 1)),
    mutex_release: (at) => set(at, 0),
  };
}

export function socFamily(sd: SoftDevicePort): Family {
  const encrypt = (at: number): number => {
    const key = sd.guest.bytes(at, 16);
    const cipher = createCipheriv("aes-128-ecb", key, null).setAutoPadding(false);
    sd.guest.put(at + 32, cipher.update(sd.guest.bytes(at + 16, 16)));
    return NRF.SUCCESS;
  };
  return {
    header: "nrf_soc.h",
    base: 0x20,
    names: NAMES,
    calls: {
      ...ppiCalls(sd),
      ...flashCalls(sd),
      ...mutexCalls(sd),
      ...randomCalls(sd),
      ...powerCalls(sd),
      app_evt_wait: () => {
        sd.cpu.waitForEvent();
        return NRF.SUCCESS;
      },
      clock_hfclk_request: () => {
        sd.requestCrystal();
        return NRF.SUCCESS;
      },
      clock_hfclk_release: () => {
        sd.releaseCrystal();
        return NRF.SUCCESS;
      },
      clock_hfclk_is_running: (out) => {
        sd.guest.put32(out, sd.soc.clock.crystal ? 1 : 0);
        return NRF.SUCCESS;
      },
      radio_notification_cfg_set: (type, distance) => {
        if (type > 3 || distance > 6) return NRF.INVALID_PARAM;
        sd.notification = type;
        return NRF.SUCCESS;
      },
      ecb_block_encrypt: (at) => encrypt(at),
      evt_get: (out) => {
        const event = sd.nextSocEvent();
        if (event === undefined) return NRF.NOT_FOUND;
        sd.guest.put32(out, event);
        return NRF.SUCCESS;
      },
      temp_get: (out) => {
        sd.guest.put32(out, Math.round(4 * sd.world.celsius));
        return NRF.SUCCESS;
      },
    },
  };
}
