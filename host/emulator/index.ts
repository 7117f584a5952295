/**
 * `kincard/chip`: the whole board, executed (docs/chip.md). A `Chip` is an nRF52832 on a board, with
 * Espruino's real firmware, your own file, in its flash; a serial cable, button, LEDs, air and a
 * reader's coil are around it. Node only.
 *
 *     const chip = new Chip({ board: boardById("puckjs"), firmware: readFirmware("espruino.hex") });
 *     for (const { address, bytes } of readIntelHex(fullHex)) chip.program(bytes, address);
 *     chip.powerOn();
 *     const link = await LineTransport.connect(chip.duplex(), { name: "a chip" });
 *
 * Its clock is its own ("virtual") unless `clock: "real"` is asked for, and a run is the same each
 * time for the same input. What fails in it goes to `onFailure` and `failures`. It protects nothing.
 */

export { ChipBoard as Chip } from "./board/chip.js";
export type { ChipBoardOptions as ChipOptions, ChipStatus } from "./board/chip.js";
export { tagAt } from "./board/chip/tag.js";
export { listenGdb } from "./board/chip/gdb.js";
export { listenCard, listenControl } from "./board/listen.js";
export type { Listening } from "./board/listen.js";
export { WARNING } from "./board/virtual-options.js";
export { chipFlash } from "./chip/chip.js";
export { FirmwareError, parseFirmware, readFirmware } from "./chip/firmware.js";
export type { Firmware } from "./chip/firmware.js";
export { listenAir } from "./reach/air.js";
export { listenCoil } from "./reach/coil.js";
export { listenSerial } from "./reach/serial.js";
export { BOARDS, boardById } from "../../hw/boards/index.js";
export { readIntelHex } from "../../hw/images/read-intel-hex.js";
