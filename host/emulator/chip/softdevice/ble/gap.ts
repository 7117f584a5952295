/**
 * The Generic Access Profile: ble_gap.h. Address, name, advertising, the connection and its
 * security, in the peripheral's role.
 */

import type { BlePort } from "../port.js";
import type { Call, Family } from "../calls.js";
import { NRF } from "../calls.js";

const NAMES = [
  "ble_gap_addr_set",
  "ble_gap_addr_get",
  "ble_gap_whitelist_set",
  "ble_gap_device_identities_set",
  "ble_gap_privacy_set",
  "ble_gap_privacy_get",
  "ble_gap_adv_data_set",
  "ble_gap_adv_start",
  "ble_gap_adv_stop",
  "ble_gap_conn_param_update",
  "ble_gap_disconnect",
  "ble_gap_tx_power_set",
  "ble_gap_appearance_set",
  "ble_gap_appearance_get",
  "ble_gap_ppcp_set",
  "ble_gap_ppcp_get",
  "ble_gap_device_name_set",
  "ble_gap_device_name_get",
  "ble_gap_authenticate",
  "ble_gap_sec_params_reply",
  "ble_gap_auth_key_reply",
  "ble_gap_lesc_dhkey_reply",
  "ble_gap_keypress_notify",
  "ble_gap_lesc_oob_data_get",
  "ble_gap_lesc_oob_data_set",
  "ble_gap_encrypt",
  "ble_gap_sec_info_reply",
  "ble_gap_conn_sec_get",
  "ble_gap_rssi_start",
  "ble_gap_rssi_stop",
  "ble_gap_scan_start",
  "ble_gap_scan_stop",
  "ble_gap_connect",
  "ble_gap_connect_cancel",
  "ble_gap_rssi_get",
];

/** BLE_ERROR_GAP_INVALID_BLE_ADDR. */
const INVALID_ADDRESS = 0x3202;
const RANDOM_STATIC = 1;
const PACKET = 31;
const NAME = 248;
const PARAMETERS = 8;
const done = (): number => NRF.SUCCESS;

export function gapFamily(ble: BlePort): Family {
  const { guest } = ble.sd;
  const { link } = ble;
  const connected =
    (act: Call): Call =>
    (...args) =>
      link.is(args[0]) ? act(...args) : NRF.BLE_INVALID_CONN_HANDLE;
  const setAddress: Call = (at) => {
    if (link.advertising || link.connected) return NRF.INVALID_STATE;
    const type = guest.u8(at) >> 1;
    const bytes = guest.bytes(at + 1, 6);
    if (type > RANDOM_STATIC || (type === RANDOM_STATIC && bytes[5]! < 0xc0))
      return INVALID_ADDRESS;
    ble.address = { type, bytes };
    return NRF.SUCCESS;
  };
  const setData: Call = (data, length, response, responseLength) => {
    if (length > PACKET || responseLength > PACKET) return NRF.INVALID_LENGTH;
    link.setPackets(
      data ? guest.bytes(data, length) : undefined,
      response ? guest.bytes(response, responseLength) : undefined,
    );
    return NRF.SUCCESS;
  };
  const setName: Call = (_write, from, length) => {
    if (length > NAME) return NRF.DATA_SIZE;
    ble.name = guest.bytes(from, length);
    return NRF.SUCCESS;
  };
  const getName: Call = (to, length) => {
    const room = guest.u16(length);
    if (to && room < ble.name.length) return NRF.DATA_SIZE;
    if (to) guest.put(to, ble.name);
    guest.put16(length, ble.name.length);
    return NRF.SUCCESS;
  };
  return {
    header: "ble_gap.h",
    base: 0x6c,
    names: NAMES,
    calls: {
      ble_gap_addr_set: setAddress,
      ble_gap_addr_get: (to) => {
        guest.put8(to, ble.address.type << 1);
        guest.put(to + 1, ble.address.bytes);
        return NRF.SUCCESS;
      },
      ble_gap_whitelist_set: done,
      ble_gap_device_identities_set: done,
      ble_gap_adv_data_set: setData,
      ble_gap_adv_start: (at) => {
        if (link.advertising) return NRF.INVALID_STATE;
        return link.advertise(guest.u8(at), guest.u16(at + 10));
      },
      ble_gap_adv_stop: () => (link.hush() ? NRF.SUCCESS : NRF.INVALID_STATE),
      ble_gap_conn_param_update: connected((_, at) => link.ask(at ? at : undefined)),
      ble_gap_disconnect: connected((_, reason) => link.hangUp(reason)),
      ble_gap_tx_power_set: done,
      ble_gap_appearance_set: (value) => {
        ble.appearance = value & 0xffff;
        return NRF.SUCCESS;
      },
      ble_gap_appearance_get: (to) => {
        guest.put16(to, ble.appearance);
        return NRF.SUCCESS;
      },
      ble_gap_ppcp_set: (at) => {
        ble.preferred = guest.bytes(at, PARAMETERS);
        return NRF.SUCCESS;
      },
      ble_gap_ppcp_get: (to) => {
        guest.put(to, ble.preferred);
        return NRF.SUCCESS;
      },
      ble_gap_device_name_set: setName,
      ble_gap_device_name_get: getName,
      ble_gap_sec_params_reply: connected((_, status, at, keys) =>
        link.pairing.reply(status, at, keys),
      ),
      ble_gap_conn_sec_get: connected((_, to) => {
        guest.put(to, link.pairing.security);
        return NRF.SUCCESS;
      }),
      ble_gap_rssi_start: connected(done),
      ble_gap_rssi_stop: connected(done),
    },
  };
}
