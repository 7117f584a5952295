/**
 * The interpreter's prompt over Bluetooth LE, 20 bytes a packet, held up while the board's input is
 * full. Never run on the air.
 */
import { openBleService, type BleOptions, type BleService } from "../../../sdk/links/ble/ble.js";
import { FlowControl, UART } from "../../../sdk/links/ble/uart.js";
import type { Duplex } from "../../../sdk/links/link.js";

const PROMPT: BleService = {
  service: UART.SERVICE,
  toBoard: UART.TO_BOARD,
  fromBoard: UART.FROM_BOARD,
  advertised: false,
  absent: "link/no-prompt",
  flow: () => new FlowControl(),
};

export function openBleConsole(device: string, options: BleOptions = {}): Promise<Duplex> {
  return openBleService(device, PROMPT, options);
}
