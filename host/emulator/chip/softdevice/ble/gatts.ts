/** The GATT server: ble_gatts.h. The table, values, notifications and indications. */

import type { BlePort } from "../port.js";
import type { Call, Family } from "../calls.js";
import { NRF } from "../calls.js";

const NAMES = [
  "ble_gatts_service_add",
  "ble_gatts_include_add",
  "ble_gatts_characteristic_add",
  "ble_gatts_descriptor_add",
  "ble_gatts_value_set",
  "ble_gatts_value_get",
  "ble_gatts_hvx",
  "ble_gatts_service_changed",
  "ble_gatts_rw_authorize_reply",
  "ble_gatts_sys_attr_set",
  "ble_gatts_sys_attr_get",
  "ble_gatts_initial_user_handle_get",
  "ble_gatts_attr_get",
  "ble_gatts_exchange_mtu_reply",
];
/** BLE_ERROR_GATTS_SYS_ATTR_MISSING. */
const SYS_ATTR_MISSING = 0x3401;
const PRIMARY = 1;
const NOTIFY = 1;
const INDICATE = 2;

export function gattsFamily(ble: BlePort): Family {
  const { guest } = ble.sd;
  const { attributes, link, uuids } = ble;

  const valueSet: Call = (_connection, handle, at) => {
    const attribute = attributes.find(handle);
    if (!attribute) return NRF.NOT_FOUND;
    const length = guest.u16(at);
    const offset = guest.u16(at + 2);
    if (offset + length > attribute.most) return NRF.DATA_SIZE;
    const from = guest.u32(at + 4);
    if (from) attributes.set(attribute, offset, guest.bytes(from, length));
    else attribute.length = offset + length;
    return NRF.SUCCESS;
  };
  const valueGet: Call = (connection, handle, at) => {
    const attribute = attributes.find(handle);
    if (!attribute) return NRF.NOT_FOUND;
    const cccd = link.is(connection) ? link.cccd(handle) : undefined;
    const value = cccd ?? attributes.valueOf(attribute);
    const room = guest.u16(at);
    const offset = guest.u16(at + 2);
    if (offset > value.length) return NRF.INVALID_PARAM;
    const to = guest.u32(at + 4);
    if (to) guest.put(to, value.subarray(offset, offset + room));
    guest.put16(at, value.length - offset);
    return NRF.SUCCESS;
  };
  const hvx: Call = (connection, at) => {
    if (!link.is(connection)) return NRF.BLE_INVALID_CONN_HANDLE;
    const attribute = attributes.find(guest.u16(at));
    if (!attribute) return NRF.NOT_FOUND;
    const type = guest.u8(at + 2);
    const length = guest.u32(at + 8);
    const data = guest.u32(at + 12);
    if (!attribute.properties || (type !== NOTIFY && type !== INDICATE)) return NRF.INVALID_PARAM;
    const can = type === NOTIFY ? attribute.properties.notify : attribute.properties.indicate;
    if (!can) return NRF.INVALID_PARAM;
    const asked = length ? guest.u16(length) : attribute.length;
    const offset = guest.u16(at + 4);
    if (offset + asked > attribute.most) return NRF.DATA_SIZE;
    // The value is set even where nothing can be sent.
    if (data) attributes.set(attribute, offset, guest.bytes(data, asked));
    if (!link.systemAttributes) return SYS_ATTR_MISSING;
    if (!(link.subscription(attribute.cccd ?? 0) & type)) return NRF.INVALID_STATE;
    const value = attributes.valueOf(attribute).slice(offset, offset + asked);
    const sent = value.slice(0, link.mtu - 3);
    const result =
      type === INDICATE ? link.indicate(attribute, sent) : link.notify(attribute, sent);
    if (result === NRF.SUCCESS && length) guest.put16(length, sent.length);
    return result;
  };
  const characteristicAdd: Call = (_service, md, value, handles) => {
    if (!uuids.known(uuids.read(guest.u32(value)))) return NRF.INVALID_PARAM;
    const made = attributes.characteristic(md, value);
    if (handles) {
      guest.put16(handles, made.value);
      guest.put16(handles + 2, made.text);
      guest.put16(handles + 4, made.cccd);
      guest.put16(handles + 6, 0);
    }
    return NRF.SUCCESS;
  };
  return {
    header: "ble_gatts.h",
    base: 0xa0,
    names: NAMES,
    calls: {
      ble_gatts_service_add: (type, at, out) => {
        const uuid = uuids.read(at);
        if (type !== PRIMARY || !uuids.known(uuid)) return NRF.INVALID_PARAM;
        guest.put16(out, attributes.service(uuid));
        return NRF.SUCCESS;
      },
      ble_gatts_characteristic_add: characteristicAdd,
      ble_gatts_descriptor_add: (_handle, at, out) => {
        guest.put16(out, attributes.descriptor(at));
        return NRF.SUCCESS;
      },
      ble_gatts_value_set: valueSet,
      ble_gatts_value_get: valueGet,
      ble_gatts_hvx: hvx,
      ble_gatts_service_changed: () => NRF.NOT_SUPPORTED,
      ble_gatts_sys_attr_set: (connection, at, length) => {
        if (!link.is(connection)) return NRF.BLE_INVALID_CONN_HANDLE;
        link.setSystemAttributes(at ? guest.bytes(at, length) : undefined);
        return NRF.SUCCESS;
      },
      ble_gatts_sys_attr_get: (connection, to, length) => {
        if (!link.knew(connection)) return NRF.BLE_INVALID_CONN_HANDLE;
        const bytes = link.getSystemAttributes();
        if (bytes.length === 0) return NRF.NOT_FOUND;
        const room = guest.u16(length);
        guest.put16(length, bytes.length);
        if (to === 0) return NRF.SUCCESS;
        if (room < bytes.length) return NRF.DATA_SIZE;
        guest.put(to, bytes);
        return NRF.SUCCESS;
      },
      ble_gatts_initial_user_handle_get: (out) => {
        guest.put16(out, attributes.firstUser);
        return NRF.SUCCESS;
      },
      ble_gatts_attr_get: (handle, out, md) => {
        const attribute = attributes.find(handle);
        if (!attribute) return NRF.NOT_FOUND;
        if (out) uuids.put(out, attribute.uuid);
        if (md) {
          const { read, write, variable, user } = attribute;
          guest.put8(md, read.mode | (read.level << 4));
          guest.put8(md + 1, write.mode | (write.level << 4));
          guest.put8(md + 2, (variable ? 1 : 0) | ((user === undefined ? 1 : 2) << 1));
        }
        return NRF.SUCCESS;
      },
      ble_gatts_exchange_mtu_reply: (connection, mtu) => {
        if (!link.is(connection)) return NRF.BLE_INVALID_CONN_HANDLE;
        return link.replyMtu(mtu);
      },
    },
  };
}
