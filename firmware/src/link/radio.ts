/**
 * The link over Bluetooth LE (docs/protocol.md 9.1): lines as on a wire, cut into what one write or
 * one indication carries.
 *
 * Espruino tells a program nothing of the connection's MTU when the other side sets it
 * (targets/nrf5x/bluetooth.c, BLE_GATTS_EVT_EXCHANGE_MTU_REQUEST). But it refuses long writes, so
 * the longest write that came proves what fits: answers are cut to that, 20 bytes at least.
 */
import { later, type Port, type Receiver } from "../board/board.js";
import {
  advertise,
  hasRadio,
  indicate,
  offerService,
  startRadio,
  written,
} from "../board/radio.js";
import type { Flag } from "../types.js";
import { GattBytes } from "../wire/generated.js";
import { name, renewName } from "./name.js";
import { release } from "./owner.js";

const enum Every {
  /** Seconds between two tries of sending: a confirmation takes a connection interval or two. */
  TRY = 0.01,
  /** Seconds that a name lasts while nobody connects. */
  NAME = 900,
}

/** The answer on its way out, and how much of it is. */
let line = "";
let at = 0;
let size = GattBytes.LEAST;
let trying: Flag = 0;

const RADIO: Port = { write: send, take };

function take(came: object): string {
  const text = written(came);
  if (text.length > size) size = text.length;
  return text;
}

/**
 * An answer for a host that repeats itself is on its way already. Any other takes the place of one
 * that nobody waits for any more; the LF ends what is out of that.
 */
function send(text: string): void {
  if (at < line.length) {
    if (line.endsWith(text)) return;
    line = "\n" + text;
  } else line = text;
  at = 0;
  if (!trying) sendPart();
}
function sendPart(): void {
  trying = 0;
  if (at < line.length) {
    if (indicate(line.substr(at, size))) at += size;
    trying = 1;
    later(sendPart, Every.TRY);
  }
}

/** A connection began or ended: nothing of the last one counts any more, the name included. */
function over(): void {
  line = "";
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
