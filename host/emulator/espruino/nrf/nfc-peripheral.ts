/**
 * The NFC part of `NRF`, and the coil that a test or a reader holds to the board.
 *
 * Source: Espruino 2v29, libs/bluetooth/jswrap_bluetooth.c (nfcStart, nfcSend, nfcStop),
 * targets/nrf5x/bluetooth.c (BLEP_NFC_*), hal_nfc_t2t.c: a frame reaches JavaScript without its CRC
 * and cut to 61 bytes; one that begins with 50 (HLTA) is eaten; the next is heard only after
 * `nfcSend`; sending without a field is an error that can be caught. Boards with a default address
 * (NFC_DEFAULT_URL: Puck.js, Pixl.js, Thingy:52) show a message of Espruino's own from power-on:
 * while it is there, a READ is answered from it and no frame reaches JavaScript. `nfcStart` leaves
 * it there; `nfcURL()` takes it away.
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
const READ = 0x30;
const READ_SIZE = 16;
/**
 * Each frame's event takes a flat string, and where the free list is scrambled the interpreter
 * collects garbage for one that it does not find in one piece: so many frames after it last did.
 */
export const FRAMES_TO_GARBAGE = 224;

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
  /** Frames since garbage was collected, and how many came too late for that. */
  sinceCollected = 0;
  garbageLate = 0;
  /** Espruino's own tag (hiddenRoot.NfcData): it answers READ from this. */
  message: Uint8Array | undefined;

  constructor(private readonly board: NfcBoard) {}

  setField(on: boolean): void {
    if (this.field === on) return;
    this.field = on;
    this.listening = on;
    this.pending = false;
    if (this.uid) this.fire(on ? "NFCon" : "NFCoff");
  }

  /** The field is gone when JavaScript gets to the frame. */
  receiveLast(frame: Uint8Array): void {
    this.field = false;
    this.fire("NFCrx", this.board.realm.newBuffer(frame.subarray(0, RX_MOST)));
    this.fire("NFCoff");
  }

  /** The driver says FIELD_ON at each SELECTED (hal_nfc_t2t.c), not when the field is detected. */
  reselect(): void {
    if (!this.uid || !this.field) return;
    this.listening = true;
    this.pending = false;
    this.fire("NFCon");
  }

  receive(frame: Uint8Array): NfcAnswer {
    if (!this.uid || !this.field || !this.listening || frame.length === 0) return NOTHING;
    if (frame[0] === HLTA) return NOTHING;
    if (this.message) return fromMessage(this.message, frame);
    this.listening = false;
    this.pending = true;
    this.answer = undefined;
    if (++this.sinceCollected >= FRAMES_TO_GARBAGE) {
      this.garbageLate++;
      this.sinceCollected = 0;
    }
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

  /** Espruino's own message, shown on boards that have one. */
  show(uid: Uint8Array, message: Uint8Array): void {
    this.message = message;
    this.start(uid);
  }

  /** `nfcURL()`: the message goes, and the tag with it. */
  hide(): void {
    this.message = undefined;
    this.stop();
  }

  stop(): void {
    this.uid = undefined;
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

/** What the firmware answers by itself; anything but a READ it leaves without an answer. */
function fromMessage(message: Uint8Array, [command, page = 0]: Uint8Array): NfcAnswer {
  if (command !== READ) return NOTHING;
  const bytes = new Uint8Array(READ_SIZE);
  bytes.set(message.subarray(4 * page, 4 * page + READ_SIZE));
  return { kind: "answer", bytes };
}

function made(payload: unknown): NfcAnswer {
  if (typeof payload === "number") return { kind: "ack", value: payload & 15 };
  const bytes = toBytes(payload).slice();
  if (bytes.length > TX_MOST) throw new BoardTrap(`nfcSend of ${bytes.length} bytes`);
  return { kind: "answer", bytes };
}
