/**
 * A reader's coil at a virtual board: its field stays where it is while the board's lives change.
 */

import type { NfcAnswer, NfcCoil, NfcEvent } from "../../air/coil.js";
import type { Life } from "../life.js";

/** `enter` runs work as input of the board; `onPower` tells of its power. */
export function coilAt(
  life: () => Life | undefined,
  enter: (work: () => void) => void,
  onPower: (listener: (on: boolean) => void) => void,
): NfcCoil {
  let on = false;
  onPower((power) => power && life()?.nfc.setField(on));
  return {
    get on() {
      return on;
    },
    get uid() {
      return on ? life()?.nfc.uid : undefined;
    },
    field(value: boolean) {
      on = value;
      enter(() => life()?.nfc.setField(value));
    },
    loses(event: NfcEvent) {
      const nfc = life()?.nfc;
      if (nfc) nfc.lost = event;
    },
    frame(bytes: Uint8Array): NfcAnswer {
      let answer: NfcAnswer = { kind: "nothing" };
      enter(() => (answer = life()?.nfc.receive(bytes) ?? answer));
      return answer;
    },
    last(bytes: Uint8Array) {
      on = false;
      enter(() => life()?.nfc.receiveLast(bytes));
    },
  };
}
