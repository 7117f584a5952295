/** The NFC members of `NRF` (Espruino 2v29, libs/bluetooth/jswrap_bluetooth.c). */

import { toBytes } from "../bytes.js";
import type { Callback, Life } from "../life.js";

export function nfcMembers(life: Life): Record<string, Callback> {
  const { nfc, realm } = life;
  return {
    nfcStart: (uid: unknown) => {
      const id = uid === undefined ? new Uint8Array(7) : toBytes(uid).slice();
      if (id.length !== 7) throw realm.newError("nfcSetUid: NFC error code 9");
      nfc.start(id);
      return realm.newBuffer(header(id));
    },
    nfcStop: () => {
      nfc.uid = undefined;
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
