/**
 * What carries APDUs to a card, whatever the wire: the interfaces of every link. Browser-safe.
 *
 * A `Duplex` moves bytes (serial, TCP, Bluetooth, a pair in memory); a `Transport` moves whole
 * APDUs. Byte links get from one to the other by docs/protocol.md 9 (line/transport.ts).
 */

import type { LinkError } from "../failures/failure.js";
import type { CommandName } from "../wire/generated.js";
import type { LinkClock } from "./time/link-clock.js";

export { LinkError } from "../failures/failure.js";
export type { LinkFailure } from "../failures/failure.js";

export interface TransmitOptions {
  /** Gives up at once; the card may still execute the command. */
  signal?: AbortSignal;
  /** The longest wait for this answer, in place of the link's own. */
  timeoutMs?: number;
}

export interface Transport {
  /** For people: the URI, or what the link is called. */
  readonly name: string;
  /** True when extended APDUs go through (ISO 7816-4 5.2); otherwise chain and page. */
  readonly extended: boolean;
  /** True where SELECT must come first (a reader, where another application may be active). */
  readonly needsSelect?: boolean;
  /** True where cards are held to one reader in turn: who goes may not come back. */
  readonly inTurn?: boolean;
  /** One command APDU, one answer (data and status word). Calls queue up. Throws LinkError. */
  transmit(apdu: Uint8Array, options?: TransmitOptions): Promise<Uint8Array>;
  /** Calls back once, at the latest when the link is found lost; returns how to stop listening. */
  onDisconnect(listener: (reason: LinkError) => void): () => void;
  close(): Promise<void>;
  /** Recordings have one (sdk/recording). */
  readonly witness?: Witness;
}

/** A command and its answer as the channel's two ends see them; the status word ends the answer. */
export interface Unsealed {
  readonly command: Uint8Array;
  readonly answer: Uint8Array;
}
/**
 * Asked before a sealed command is sent: who wants to see what is inside? Undefined: nobody, and
 * nothing is shown. Otherwise it is told once, when the command is over: with nothing where no
 * answer came that could be opened. What it is shown is wiped afterwards.
 */
export type Witness = (name: CommandName) => ((unsealed?: Unsealed) => void) | undefined;

/** The same link with another way to transmit, for who counts, times or meddles. */
export const withTransmit = (link: Transport, transmit: Transport["transmit"]): Transport => ({
  ...{ name: link.name, extended: link.extended, transmit },
  ...{ needsSelect: link.needsSelect, inTurn: link.inTurn },
  ...(link.witness ? { witness: link.witness } : {}),
  onDisconnect: (listener) => link.onDisconnect(listener),
  close: () => link.close(),
});

export interface Duplex {
  /** Set where each write and each piece of data is one whole frame, and no line. */
  readonly frames?: "whole" | undefined;
  /** The wait before a line is sent again, where this link wants another than most. */
  readonly resendMs?: number;
  /** What waits for its answers run on, where that is not the machine's clock. */
  readonly clock?: LinkClock;
  write(bytes: Uint8Array): void | Promise<void>;
  onData(listener: (bytes: Uint8Array) => void): void;
  /** Called once. */
  onClose(listener: (error?: Error) => void): void;
  close(): void | Promise<void>;
}

/** Sees everything on a link: counters, recordings, the eavesdropper's view. */
export interface LinkObserver {
  /** Raw bytes, framing included, as they pass. */
  wire?(direction: "out" | "in", bytes: Uint8Array): void;
  /** One APDU and its answer. */
  apdu?(command: Uint8Array, answer: Uint8Array): void;
}
