/** The NFC members of `NRF` (Espruino 2v29, libs/bluetooth/jswrap_bluetooth.c). */

import { BoardTrap } from "../../faults.js";
import { latin1, toBytes } from "../bytes.js";
import type { Callback, Life } from "../life.js";

/** Espruino's own message begins so, behind id and check bytes (libs/bluetooth/bluetooth.h). */
const HEADER = [0xff, 0xff, 0xe1, 0x11, 0x7c, 0x0f, 0x03];
const URL_RECORD = [0xc1, 0x01, 0, 0];
/** NFC_DEFAULT_URL of Puck.js, https:// as identifier code 4, with the chip's own address. */
const DEFAULT_URL = "puck-js.com/go?a=";
const HTTPS = 4;
/** The id that the chip shows unless it is told another. */
const CHIP_ID = Uint8Array.of(0x5f, 1, 2, 3, 4, 5, 6);

/** As jswrap_ble_init shows it on boards with a default address, before any JavaScript. */
export function showDefault({ nfc }: Life, address: string): void {
  const url = latin1(DEFAULT_URL + address);
  const length = url.length + 1;
  const record = [...URL_RECORD, length >> 8, length & 255, 0x55, HTTPS, ...url];
  const head = [...header(CHIP_ID).subarray(0, 9), ...HEADER, record.length];
  nfc.show(CHIP_ID, Uint8Array.from([...head, ...record, 0xfe]));
}

export function nfcMembers(life: Life): Record<string, Callback> {
  const { nfc, realm } = life;
  return {
    nfcStart: (uid: unknown) => {
      const id = uid === undefined ? new Uint8Array(7) : toBytes(uid).slice();
      if (id.length !== 7) throw realm.newError("nfcSetUid: NFC error code 9");
      nfc.start(id);
      return realm.newBuffer(header(id));
    },
    nfcStop: () => nfc.stop(),
    nfcURL: (url: unknown) => {
      if (url !== undefined) throw new BoardTrap("nfcURL of an address: not emulated");
      nfc.hide();
    },
    nfcSend: (payload: unknown) => nfc.send(payload),
  };
}

/** Id with its two check bytes (cascade tag 88 in the first), and the internal byte. */
function header(id: Uint8Array): Uint8Array {
  const xor = (bytes: Uint8Array, start: number) => bytes.reduce((sum, byte) => sum ^ byte, start);
  const [first, last] = [id.subarray(0, 3), id.subarray(3)];
  return Uint8Array.of(...first, xor(first, 0x88), ...last, xor(last, 0), 0xff);
}
