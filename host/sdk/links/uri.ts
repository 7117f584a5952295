/**
 * Link URIs: which card, over which wire. Browser-safe.
 *
 *   tcp:HOST:PORT        a virtual board, or a serial port behind a TCP bridge; [v6]:PORT too
 *   serial:PATH[@baud]   a board on a serial port: serial:/dev/ttyACM0, serial:COM3@9600
 *   ble:NAME             a board over Bluetooth, by its name, its name's digits or its address
 *   pcsc:READER          a card on a PC/SC reader; any part of the reader's name
 */

export type LinkUri =
  | { readonly scheme: "tcp"; readonly host: string; readonly port: number }
  | { readonly scheme: "serial"; readonly path: string; readonly baud: number }
  | { readonly scheme: "ble"; readonly device: string }
  | { readonly scheme: "pcsc"; readonly reader: string };
export type LinkScheme = LinkUri["scheme"];

/** What USB boards ignore and Espruino's UARTs are set to by the Kincard image. */
export const BAUD_DEFAULT = 115200;
const BAUD_MOST = 4_000_000;

export class LinkUriError extends Error {
  override readonly name = "LinkUriError";
  constructor(uri: string, why: string) {
    super(`"${uri}" is not a link: ${why}`);
  }
}

export function parseLinkUri(uri: string): LinkUri {
  const match = /^([a-z]+):(.*)$/s.exec(uri.trim());
  const [, scheme, rest = ""] = match ?? [];
  switch (scheme) {
    case "tcp":
      return parseTcp(uri, rest);
    case "serial":
      return parseSerial(uri, rest);
    case "ble":
      if (!rest) throw new LinkUriError(uri, "a device name must follow ble:");
      return { scheme, device: rest };
    case "pcsc":
      if (!rest) throw new LinkUriError(uri, "a reader name must follow pcsc:");
      return { scheme, reader: rest };
    default:
      throw new LinkUriError(
        uri,
        "it must start with tcp:HOST:PORT, serial:PATH[@baud], ble:NAME or pcsc:READER",
      );
  }
}

function parseTcp(uri: string, rest: string): LinkUri {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:/[\]]+)):(\d{1,5})$/.exec(rest);
  if (!match) throw new LinkUriError(uri, "tcp: needs a host and a port, as in tcp:localhost:9001");
  const port = Number(match[3]);
  if (port < 1 || port > 65535) throw new LinkUriError(uri, "the port is not in 1..65535");
  return { scheme: "tcp", host: (match[1] ?? match[2]) as string, port };
}

function parseSerial(uri: string, rest: string): LinkUri {
  const match = /^(.*)@([^/\\]*)$/s.exec(rest);
  const path = match?.[1] ?? rest;
  if (!path) throw new LinkUriError(uri, "serial: needs a port, as in serial:/dev/ttyACM0");
  if (match && !/^\d{1,7}$/.test(match[2] as string)) {
    throw new LinkUriError(uri, "what follows @ is not a baud rate");
  }
  const baud = match ? Number(match[2]) : BAUD_DEFAULT;
  if (baud < 1 || baud > BAUD_MOST) throw new LinkUriError(uri, "no port has that baud rate");
  return { scheme: "serial", path, baud };
}
