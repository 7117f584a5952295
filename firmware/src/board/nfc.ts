/**
 * The board as an NFC tag. Espruino hands every frame to JavaScript (without its CRC, at most 61
 * bytes of it) and hears the next one only after `nfcSend`: bytes are a frame, a number is a 4-bit
 * answer, nothing listens again. Exactly one of them after each frame.
 *
 * Source: Espruino 2v29, libs/bluetooth/jswrap_bluetooth.c (nfcURL, nfcStart, nfcSend),
 * targets/nrf5x/bluetooth.c (BLEP_NFC_*). Executed on the emulated chip.
 */
import type { Flag, Offset } from "../types.js";
import { bytes } from "./board.js";

/**
 * Espruino's own function: a wrapper would cost each frame 0.3 ms of its 4.83. So are the two
 * below: it finds its own names last, behind all of the card's, and that is 0.1 ms each.
 */
export let nfcSend: (frame?: Uint8Array | number) => void;
/** Uint8Array */
export let Frame: typeof Uint8Array;
/** setTimeout: its milliseconds, not `later`'s seconds. */
export let soon: (then: () => void, milliseconds: number) => number;

export function hasNfc(): Flag {
  return typeof NRF !== "undefined" && NRF.nfcStart ? 1 : 0;
}
/**
 * Shows the tag with the 7-byte id at `uid` and puts its first 10 bytes (id and check bytes) at
 * `header`. For boards that have NFC. Some (Puck.js, Pixl.js, Thingy:52) show an address of their
 * own from power-on, with the chip's; while it is there Espruino answers READ from it and no frame
 * is heard here. `nfcURL()` is what takes it away; `nfcStart` does not.
 */
export function nfcStart(
  uid: Offset,
  header: Offset,
  received: (frame: ArrayBuffer) => void,
  fieldOn: () => void,
  fieldOff: () => void,
): void {
  nfcSend = NRF.nfcSend;
  Frame = Uint8Array;
  soon = setTimeout;
  NRF.nfcURL();
  bytes.set(new Uint8Array(NRF.nfcStart!(bytes.subarray(uid, uid + 7))), header);
  NRF.on("NFCrx", received);
  NRF.on("NFCon", fieldOn);
  NRF.on("NFCoff", fieldOff);
}
