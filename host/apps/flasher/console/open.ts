/**
 * Opens the bytes of a link, for flashing: before there is a card there are no lines.
 *
 * Limits: a PC/SC reader has no console at its other end.
 */
import type { BleOptions } from "../../../sdk/links/ble/ble.js";
import { openSerial } from "../../../sdk/links/line/serial.js";
import { openTcp } from "../../../sdk/links/line/tcp.js";
import { parseLinkUri } from "../../../sdk/links/registry.js";
import { openBleConsole } from "./ble.js";
import { FlashError } from "../failures.js";
import type { OpenPort } from "./port.js";

export type { OpenPort } from "./port.js";

/** `console` is the rate of the board's console, `image` that of a running image. */
export function portOf(
  uri: string,
  rates: { console: number; image: number },
  ble: BleOptions = {},
): OpenPort {
  const link = parseLinkUri(uri);
  if (link.scheme === "serial") {
    const { path, baud } = link;
    const fixed = /@\d+$/.test(uri.trim());
    const tried = fixed ? [baud] : [...new Set([rates.image, rates.console])];
    return {
      name: `serial:${path}`,
      rates: tried,
      open: (rate) => openSerial(path, rate ?? baud),
    };
  }
  if (link.scheme === "tcp")
    return { name: uri, rates: [undefined], open: () => openTcp(link.host, link.port) };
  if (link.scheme === "ble")
    return {
      ...{ name: uri.trim(), rates: [undefined], moves: true },
      open: () => openBleConsole(link.device, { ...ble, name: uri.trim() }),
    };
  throw new FlashError("flash/no-console", { scheme: link.scheme });
}
