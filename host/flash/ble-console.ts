/**
 * The interpreter's prompt over Bluetooth LE: Espruino's UART service (Nordic's, libs/bluetooth;
 * 20 bytes a packet). The board sends XOFF and XON among its bytes when its input runs full and
 * empty again (src/jsdevices.c): writing waits in between. Never run on the air.
 */
import { openBleService, type BleOptions, type BleService, type Flow } from "../links/ble.js";
import type { Duplex } from "../links/link.js";

const XON = 17;
const XOFF = 19;
/** A board that stays full that long has stopped reading. */
const PATIENCE_MS = 10_000;

const UART: BleService = {
  service: "6e400001-b5a3-f393-e0a9-e50e24dcca9e",
  toBoard: "6e400002-b5a3-f393-e0a9-e50e24dcca9e",
  fromBoard: "6e400003-b5a3-f393-e0a9-e50e24dcca9e",
  advertised: false,
  absent: "there is no Espruino prompt on it; a card takes it away (docs/boards.md)",
  flow: () => xonXoff(),
};

export function openBleConsole(device: string, options: BleOptions = {}): Promise<Duplex> {
  return openBleService(device, UART, options);
}

export function xonXoff(patienceMs = PATIENCE_MS): Flow {
  let open = true;
  let waiting: (() => void)[] = [];
  const go = () => {
    open = true;
    const woken = waiting;
    waiting = [];
    for (const wake of woken) wake();
  };
  return {
    take(bytes) {
      for (const byte of bytes) {
        if (byte === XOFF) open = false;
        if (byte === XON) go();
      }
      return bytes.filter((byte) => byte !== XON && byte !== XOFF);
    },
    ready() {
      if (open) return Promise.resolve();
      return new Promise((resolve, reject) => {
        const late = () => reject(new Error("the board takes no more bytes"));
        const timer = setTimeout(late, patienceMs);
        waiting.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    },
    end: go,
  };
}
