/**
 * Every kind of link: how its URI is written, and who opens it. `LINKS` is the one list; which
 * kinds can be opened depends on the platform (node.ts registers Node's). Browser-safe.
 *
 *   tcp:HOST:PORT        a virtual board, or a serial port behind a TCP bridge; [v6]:PORT too
 *   serial:PATH[@BAUD]   a board on a serial port: serial:/dev/ttyACM0, serial:COM3@9600
 *   ble:NAME             a board over Bluetooth, by its name, its name's digits or its address
 *   pcsc:READER          a card on a PC/SC reader; any part of the reader's name
 */

import type { UriFault } from "../failures/facts.js";
import { Failure, LinkError } from "../failures/failure.js";
import { deadline } from "./clock.js";
import type { LineOptions } from "./line/transport.js";
import type { Transport } from "./link.js";
import { pause } from "./time/waits.js";

/** What USB boards ignore and Espruino's UARTs are set to by the Kincard image. */
export const BAUD_DEFAULT = 115200;
const BAUD_MOST = 4_000_000;

interface LinkKind<Place extends object> {
  /** How it is written, for people. */
  readonly form: string;
  /** What follows the scheme; a fault where it makes no sense. */
  readonly parse: (rest: string) => Place | UriFault;
  /** Whether this place is on the same machine. */
  readonly isLocal?: (place: Place) => boolean;
}
const kind = <Place extends object>(made: LinkKind<Place>) => made;

export const LINKS = {
  tcp: kind({ form: "tcp:HOST:PORT", parse: parseTcp, isLocal: ({ host }) => isLoopback(host) }),
  serial: kind({ form: "serial:PATH[@BAUD]", parse: parseSerial }),
  ble: kind({ form: "ble:NAME", parse: (rest) => (rest ? { device: rest } : "shape") }),
  pcsc: kind({ form: "pcsc:READER", parse: (rest) => (rest ? { reader: rest } : "shape") }),
};
export type LinkScheme = keyof typeof LINKS;
/** Where a link of this kind leads. */
export type LinkPlace<Scheme extends LinkScheme> = Exclude<
  ReturnType<(typeof LINKS)[Scheme]["parse"]>,
  string
>;
export type LinkUri = {
  readonly [Scheme in LinkScheme]: { readonly scheme: Scheme } & LinkPlace<Scheme>;
}[LinkScheme];

/** All the ways to write a link. */
export const LINK_FORMS: readonly string[] = Object.values(LINKS).map(({ form }) => form);

const isScheme = (text: string | undefined): text is LinkScheme =>
  text !== undefined && Object.hasOwn(LINKS, text);

/** Throws a Failure (input/link) when it is not a link. */
export function parseLinkUri(uri: string): LinkUri {
  const [, scheme, rest = ""] = /^([a-z]+):(.*)$/s.exec(uri.trim()) ?? [];
  if (!isScheme(scheme))
    throw new Failure("input/link", { uri, fault: "shape", forms: LINK_FORMS });
  const { form, parse } = LINKS[scheme];
  const place = parse(rest);
  if (typeof place !== "string") return { scheme, ...place } as LinkUri;
  throw new Failure("input/link", { uri, fault: place, forms: [form] });
}

/** Whether a link's other end is on this machine. Throws as parseLinkUri. */
export function isLocalLink(uri: string): boolean {
  const { scheme, ...place } = parseLinkUri(uri);
  const { isLocal } = LINKS[scheme] as LinkKind<object>;
  return isLocal?.(place) ?? false;
}

const isLoopback = (host: string) => /^(localhost|127\.[\d.]+|::1)$/.test(host);

function parseTcp(rest: string): { readonly host: string; readonly port: number } | UriFault {
  const match = /^(?:\[([0-9a-fA-F:.]+(?:%[\w.-]+)?)\]|([^\s:/[\]]+)):(\d{1,5})$/.exec(rest);
  if (!match) return "shape";
  const port = Number(match[3]);
  if (port < 1 || port > 65535) return "port";
  return { host: (match[1] ?? match[2]) as string, port };
}

function parseSerial(rest: string): { readonly path: string; readonly baud: number } | UriFault {
  const match = /^(.*)@([^/\\]*)$/s.exec(rest);
  const path = match?.[1] ?? rest;
  if (!path) return "shape";
  if (match && !/^\d{1,7}$/.test(match[2] as string)) return "baud";
  const baud = match ? Number(match[2]) : BAUD_DEFAULT;
  return baud < 1 || baud > BAUD_MOST ? "baud-range" : { path, baud };
}

export interface OpenOptions extends Omit<LineOptions, "name"> {
  /**
   * It was open a moment ago, and may be on its way back: an unplugged cable, a restarted board.
   */
  again?: boolean;
}
type Opener<Scheme extends LinkScheme> = (
  place: LinkPlace<Scheme>,
  options: LineOptions & { name: string },
) => Promise<Transport>;

const openers = new Map<LinkScheme, Opener<LinkScheme>>();

export function registerLink<S extends LinkScheme>(scheme: S, opener: Opener<S>): void {
  openers.set(scheme, opener as unknown as Opener<LinkScheme>);
}

/** A cable is plugged in again within so long, or the user is asked. */
const AGAIN_MS = 20_000;
const POLL_MS = 250;

/** Throws a Failure (input/link) for a malformed URI and LinkError when nothing answers. */
export async function openLink(uri: string, options: OpenOptions = {}): Promise<Transport> {
  const parsed = parseLinkUri(uri);
  const opener = openers.get(parsed.scheme);
  if (!opener) throw new LinkError("link/scheme", { scheme: parsed.scheme });
  const { again, ...rest } = options;
  const over = deadline(again ? AGAIN_MS : 0);
  for (;;) {
    try {
      return await opener(parsed as never, { ...rest, name: uri.trim() });
    } catch (error) {
      const gone = error instanceof LinkError && error.failure === "open";
      if (!gone || over()) throw error;
    }
    await pause(POLL_MS, options.signal);
    if (options.signal?.aborted) throw new LinkError("link/aborted", { link: uri.trim() });
  }
}
