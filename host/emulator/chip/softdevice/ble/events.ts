/**
 * Events of the stack, byte for byte as the program fetches them (ble.h, ble_gap.h, ble_gatts.h):
 * id and length, the connection's handle, then the event's own part.
 */

export const EVENT = {
  TX_COMPLETE: 0x01,
  CONNECTED: 0x10,
  DISCONNECTED: 0x11,
  CONN_PARAM_UPDATE: 0x12,
  SEC_PARAMS_REQUEST: 0x13,
  PASSKEY_DISPLAY: 0x15,
  AUTH_STATUS: 0x19,
  CONN_SEC_UPDATE: 0x1a,
  WRITE: 0x50,
  SYS_ATTR_MISSING: 0x52,
  HVC: 0x53,
  EXCHANGE_MTU_REQUEST: 0x55,
  GATTS_TIMEOUT: 0x56,
} as const;
export type EventId = (typeof EVENT)[keyof typeof EVENT];

/** Where the event's own part lies: GATTS's unions hold no pointer, the others' are on a word. */
const GATTS = 0x50;
const FIRST = 4;

export function event(id: EventId, connection: number, part: ArrayLike<number>): Uint8Array {
  const at = id >= GATTS ? FIRST + 2 : FIRST + 4;
  const bytes = new Uint8Array(at + part.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, id, true);
  view.setUint16(2, bytes.length, true);
  view.setUint16(FIRST, connection, true);
  bytes.set(part, at);
  return bytes;
}

export const le16 = (value: number): [number, number] => [value & 255, (value >> 8) & 255];

export interface ConnectionParameters {
  /** In 1.25 ms. */
  readonly interval: number;
  readonly latency: number;
  /** In 10 ms. */
  readonly timeout: number;
}
export const parameters = ({ interval, latency, timeout }: ConnectionParameters): number[] => [
  ...le16(interval),
  ...le16(interval),
  ...le16(latency),
  ...le16(timeout),
];
