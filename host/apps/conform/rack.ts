/**
 * A rack: places with cards in them, whatever they are made of (virtual boards, the real
 * interpreter, boards), and what can be done to each from outside. The suite (suite.ts) sees
 * nothing else of them.
 *
 * Limits: a place that can't cut the power or hold the button has no such lever, and the checks
 * that need it are skipped by name.
 */
import { LineTransport } from "../../sdk/links/line/transport.js";
import type { LineOptions } from "../../sdk/links/line/transport.js";
import type { Duplex, Transport } from "../../sdk/links/link.js";
import "../../sdk/links/node.js";
import { openLink, parseLinkUri, type OpenOptions } from "../../sdk/links/registry.js";
import { openSerial } from "../../sdk/links/line/serial.js";
import { openTcp } from "../../sdk/links/line/tcp.js";
import { pause } from "../../sdk/links/time/waits.js";

/** What can be done to a card besides talking to it. */
export interface Levers {
  /** Pulls the plug, and puts it in again. */
  readonly power?: { off(): Promise<void>; on(): Promise<void> };
  readonly button?: (held: boolean) => void | Promise<void>;
  /** Lets seconds pass, as a rule without waiting for them. */
  readonly time?: (seconds: number) => void | Promise<void>;
}
/** Lets seconds pass: by the lever, or by waiting. */
export async function pass({ time }: Levers, seconds: number): Promise<void> {
  if (time) await time(seconds);
  else await pause(seconds * 1000);
}

export interface Place {
  /** For people: the link's URI. */
  readonly name: string;
  readonly open: (options?: OpenOptions) => Promise<Transport>;
  /** The bytes below the frames; absent where a link has none (a PC/SC reader). */
  readonly wire?: () => Promise<Duplex>;
  readonly levers: Levers;
  /** Kmaker of a card that is no DEMO card. */
  readonly maker?: Uint8Array;
}

export interface Rack {
  readonly name: string;
  readonly places: readonly Place[];
  close(): Promise<void>;
}

/** A place reached by a link URI: a board on a port is nothing more than that. */
export function placeAt(
  uri: string,
  levers: Levers = {},
  maker?: Uint8Array,
  signal?: AbortSignal,
): Place {
  const link = parseLinkUri(uri);
  const name = uri.trim();
  const open = (options?: OpenOptions) => openLink(name, { signal, ...options });
  const base = { name, open, levers, maker };
  if (link.scheme === "tcp") return { ...base, wire: () => openTcp(link.host, link.port) };
  if (link.scheme === "serial") return { ...base, wire: () => openSerial(link.path, link.baud) };
  return base;
}

/** Frames over a wire that the caller holds, to meddle with it. */
export function framed(place: Place, duplex: Duplex, options: LineOptions = {}) {
  return LineTransport.connect(duplex, { name: place.name, ...options });
}
