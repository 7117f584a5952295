/** ble_gattc.h and ble_l2cap.h: a card is never a client, and opens no channels. Names only. */

import type { Family } from "../calls.js";

export function gattcFamily(): Family {
  return {
    header: "ble_gattc.h",
    base: 0x94,
    names: [
      "ble_gattc_primary_services_discover",
      "ble_gattc_relationships_discover",
      "ble_gattc_characteristics_discover",
      "ble_gattc_descriptors_discover",
      "ble_gattc_char_value_by_uuid_read",
      "ble_gattc_read",
      "ble_gattc_char_values_read",
      "ble_gattc_write",
      "ble_gattc_hv_confirm",
      "ble_gattc_attr_info_discover",
      "ble_gattc_exchange_mtu_request",
    ],
    calls: {},
  };
}

export function l2capFamily(): Family {
  return {
    header: "ble_l2cap.h",
    base: 0xb0,
    names: ["ble_l2cap_cid_register", "ble_l2cap_cid_unregister", "ble_l2cap_tx"],
    calls: {},
  };
}
