/**
 * The link over Bluetooth LE (docs/protocol.md 9.1): frames as they are, cut into packets that each
 * begin with how many are to come.
 *
 * Espruino tells a program nothing of the connection's MTU when the other side sets it
 * (targets/nrf5x/bluetooth.c, BLE_GATTS_EVT_EXCHANGE_MTU_REQUEST). But it refuses long writes, so
 * the longest write that came proves what fits: answers are cut to that, 20 bytes at least. Nor
 * does it tell when a packet is out: the host says when it has so many as the queue holds.
 */
import { later, type Port, type Receiver } from "../board/board.js";
import { advertise, hasRadio, notify, offerService, startRadio, written } from "../board/radio.js";
import type { Flag } from "../types.js";
import { eraseSpare, erased } from "../vault/vault.js";
import { GattBytes, Limit, Packet } from "../wire/generated.js";
import { name, renewName } from "./name.js";
import { release } from "./owner.js";

const enum Every {
  /** Seconds that a name lasts while nobody connects. */
  NAME = 900,
  /** Seconds after an answer in which it goes out, before flash is erased. */
  ERASE = 0.05,
}
const enum Due {
  /** Only the first packet of a frame. */
  FIRST = -1,
}

/** What came of a frame, and the head of its next packet. */
let frame = "";
let due: number = Due.FIRST;
/** The answer on its way out, and how much of it is. */
let answer = "";
let at = 0;
let size = GattBytes.LEAST;

const RADIO: Port = { write: send, take };

/** The frame that this packet completes, or "". */
function take(came: object): string {
  const packet = written(came);
  const head = packet.charCodeAt(0);
  if (packet.length > size) size = packet.length;
  if (head === Packet.GO_ON) {
    sendWindow();
    return "";
  }
  if (head >= Packet.FIRST) {
    frame = "";
    due = head - Packet.FIRST;
  } else if (head !== due) due = Due.FIRST;
  if (due < 0) return "";
  frame += packet.substr(1);
  if (frame.length > Limit.FRAME) due = 0;
  return due-- ? "" : frame;
}

/** Sends an answer from its begin: a host that repeats itself has lost some of it. */
function send(raw: string): void {
  answer = raw;
  at = 0;
  sendWindow();
}
function sendWindow(): void {
  let left = Math.ceil((answer.length - at) / (size - 1));
  let window: number = Packet.WINDOW;
  while (left && window--) {
    left--;
    notify(String.fromCharCode(at ? left : left + Packet.FIRST) + answer.substr(at, size - 1));
    at += size - 1;
  }
  if (!left && !erased) later(eraseSpare, Every.ERASE);
}

/** A connection began or ended: nothing of the last one counts any more, the name included. */
function over(): void {
  frame = answer = "";
  due = Due.FIRST;
  at = 0;
  size = GattBytes.LEAST;
  release(RADIO);
  renewName();
  advertise(name);
}
function rename(): void {
  renewName();
  advertise(name);
  later(rename, Every.NAME);
}

/** On the air, if the board can. `console`: with the interpreter's prompt beside the card. */
export function radioStart(received: Receiver, console: Flag): void {
  if (!hasRadio()) return;
  startRadio(over);
  rename();
  offerService(received.bind(RADIO), console);
}
/** The prompt has come back: on the air too. */
export function radioConsole(received: Receiver): void {
  if (hasRadio()) offerService(received.bind(RADIO), 1);
}
