/**
 * The NFC part of `NRF`, and the coil that a test or a reader holds to the board.
 *
 * Source: Espruino 2v29, libs/bluetooth/jswrap_bluetooth.c (nfcStart, nfcSend, nfcStop),
 * targets/nrf5x/bluetooth.c (BLEP_NFC_*), hal_nfc_t2t.c: a frame reaches JavaScript without its CRC
 * and cut to 61 bytes; one that begins with 50 (HLTA) is eaten; the next is heard only after
 * `nfcSend`; sending without a field is an error that can be caught.
 *
 * Limits: anticollision and CRC are the hardware's and not here; nothing takes time, and timers due
 * soon do not run by themselves (`advance`): how long a frame takes is the reader's to say.
 */

import { BoardTrap } from "../../faults.js";
import type { NfcAnswer, NfcEvent } from "../../air/coil.js";
import { toBytes } from "../bytes.js";
import type { Clock } from "../clock.js";
import type { Realm } from "../realm.js";

/** What reaches JavaScript of a frame (IOEVENT_MAX_LEN of an nRF52832 build, less three). */
const RX_MOST = 61;
/** The driver's buffer. */
const TX_MOST = 255;
const HLTA = 0x50;

const NOTHING: NfcAnswer = { kind: "nothing" };

/** The life of a board that the peripheral belongs to. */
export interface NfcBoard {
  readonly realm: Realm;
  readonly clock: Clock;
  readonly options: { invoke(work: () => void): void };
  fire(event: string, ...args: unknown[]): void;
}

/** One life's NFC peripheral. */
export class NfcPeripheral {
  uid: Uint8Array | undefined;
  field = false;
  /** Ready for a frame. */
  listening = false;
  /** The answer to the frame that JavaScript is working on. */
  answer: NfcAnswer | undefined;
  pending = false;
  /** The event that is dropped when it comes next. */
  lost: NfcEvent | undefined;

  constructor(private readonly board: NfcBoard) {}

  setField(on: boolean): void {
    if (this.field === on) return;
    this.field = on;
    this.listening = on;
    this.pending = false;
    if (this.uid) this.fire(on ? "NFCon" : "NFCoff");
  }

  receive(frame: Uint8Array): NfcAnswer {
    if (!this.uid || !this.field || !this.listening || frame.length === 0) return NOTHING;
    if (frame[0] === HLTA) return NOTHING;
    this.listening = false;
    this.pending = true;
    this.answer = undefined;
    this.fire("NFCrx", this.board.realm.newBuffer(frame.subarray(0, RX_MOST)));
    return this.answer ?? NOTHING;
  }

  start(uid: Uint8Array): void {
    this.uid = uid;
    this.listening = this.field;
    // The field that is there already is found by the interrupt that comes next.
    const { clock, options } = this.board;
    if (this.field) clock.set(() => options.invoke(() => this.fire("NFCon")), 1, false);
  }

  send(payload: unknown): void {
    if (!this.uid) return;
    if (!this.field) throw this.board.realm.newError("nfcSend: NFC error code 8");
    if (payload === undefined) this.listening = true;
    else if (!this.pending) throw new BoardTrap("nfcSend although no frame waits for an answer");
    else this.answer = made(payload);
    this.listening = true;
    this.pending = false;
  }

  private fire(event: NfcEvent, ...args: unknown[]): void {
    if (this.lost === event) {
      this.lost = undefined;
      return;
    }
    this.board.fire(`NRF.${event}`, this.board.realm.globals.NRF, ...args);
  }
}

function made(payload: unknown): NfcAnswer {
  if (typeof payload === "number") return { kind: "ack", value: payload & 15 };
  const bytes = toBytes(payload).slice();
  if (bytes.length > TX_MOST) throw new BoardTrap(`nfcSend of ${bytes.length} bytes`);
  return { kind: "answer", bytes };
}
