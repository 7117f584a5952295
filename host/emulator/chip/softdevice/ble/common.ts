/** Calls of every Bluetooth role: ble.h. Enabling, events, UUIDs, options. */

import type { BlePort } from "../port.js";
import { missing } from "../../soc/base/trap.js";
import type { Call, Family } from "../calls.js";
import { NRF } from "../calls.js";

/** What the S132 v3 asks for with one peripheral and one central connection (an estimate). */
const RAM_BASE = 0x20002000;
const LEAST_MTU = 23;
/** Options that change nothing here: bandwidth, its extension, a passkey, packet lengths. */
const HARMLESS = [0x01, 0x03, 0x22, 0x26, 0x28];

export function commonFamily(ble: BlePort): Family {
  const { guest } = ble.sd;
  const enable: Call = (at, base) => {
    if (ble.enabled) return NRF.INVALID_STATE;
    const asked = guest.u32(base);
    // The program says where its RAM starts; the linker's script left enough room.
    if (asked === 0) {
      guest.put32(base, RAM_BASE);
      return NRF.NO_MEM;
    }
    // common: uuids, bandwidths; gap: counts, name; gatt: mtu; gatts: service changed, size.
    ble.uuids.room = guest.u16(at) || 10;
    ble.mtu = Math.max(LEAST_MTU, guest.u16(at + 16));
    ble.attributes.begin((guest.u8(at + 20) & 1) !== 0);
    ble.enabled = true;
    ble.link.begin();
    return NRF.SUCCESS;
  };
  const fetch: Call = (to, length) => {
    const event = ble.next;
    if (!event) return NRF.NOT_FOUND;
    const room = guest.u16(length);
    guest.put16(length, event.length);
    if (to === 0) return NRF.SUCCESS;
    if (room < event.length) return NRF.DATA_SIZE;
    guest.put(to, event);
    ble.drop();
    return NRF.SUCCESS;
  };
  return {
    header: "ble.h",
    base: 0x60,
    names: [
      "ble_enable",
      "ble_evt_get",
      "ble_tx_packet_count_get",
      "ble_uuid_vs_add",
      "ble_uuid_decode",
      "ble_uuid_encode",
      "ble_version_get",
      "ble_user_mem_reply",
      "ble_opt_set",
      "ble_opt_get",
    ],
    calls: {
      ble_enable: enable,
      ble_evt_get: fetch,
      ble_tx_packet_count_get: (connection, out) => {
        if (!ble.link.is(connection)) return NRF.BLE_INVALID_CONN_HANDLE;
        guest.put8(out, ble.link.packets);
        return NRF.SUCCESS;
      },
      ble_uuid_vs_add: (base, out) => {
        const type = ble.uuids.add(guest.bytes(base, 16));
        if (type === undefined) return NRF.NO_MEM;
        guest.put8(out, type);
        return NRF.SUCCESS;
      },
      ble_uuid_decode: (length, from, to) => {
        if (length !== 2 && length !== 16) return NRF.INVALID_LENGTH;
        const uuid = ble.uuids.decode(guest.bytes(from, length));
        if (!uuid) return NRF.NOT_FOUND;
        ble.uuids.put(to, uuid);
        return NRF.SUCCESS;
      },
      ble_uuid_encode: (from, length, to) => {
        const uuid = ble.uuids.read(from);
        if (!ble.uuids.known(uuid)) return NRF.INVALID_PARAM;
        const bytes = ble.uuids.encode(uuid);
        guest.put8(length, bytes.length);
        if (to) guest.put(to, bytes);
        return NRF.SUCCESS;
      },
      ble_opt_set: (option) => {
        if (!HARMLESS.includes(option)) missing(`sd_ble_opt_set of option ${option}`);
        return NRF.SUCCESS;
      },
    },
  };
}
