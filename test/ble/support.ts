/** Virtual cards over the emulated radio, by the host's own GATT link. */

import { cardDuplex } from "../../host/sdk/links/ble/gatt.js";
import { LineTransport, type LineOptions } from "../../host/sdk/links/line/transport.js";
import { LinkError, type Duplex } from "../../host/sdk/links/link.js";
import type { VirtualBoard } from "../../host/emulator/board/virtual.js";
import { REASON, type Central, type Air } from "../../host/emulator/air/air.js";
import { GATT } from "../../host/sdk/wire/generated.js";
import { ConnectedCards } from "../../host/sdk/core.js";
import type { TestCard } from "../host/support.js";

export const airAround = (board: { readonly air: Air | undefined }): Air => {
  if (!board.air) throw new Error("this board has no radio");
  return board.air;
};

export interface HostRadio {
  /** What the host's stack tells the host; undefined: it does not say. */
  readonly mtu?: number;
  /** What the connection carries, where the host is not told. */
  readonly central?: number;
  /** Waits before a packet of this size goes out. */
  readonly hold?: (size: number) => Promise<void>;
  /** Sees each packet before it goes in or out. */
  readonly packet?: (central: Central, way: "out" | "in", size: number) => void;
}

/** A central's connection as a byte link. */
export function duplexOf(central: Central, air: HostRadio = {}): Duplex {
  const [duplex, feed] = cardDuplex({
    write: async (bytes, command) => {
      // A response takes a turn of the radio.
      await new Promise((resolve) => setImmediate(resolve));
      await air.hold?.(bytes.length);
      air.packet?.(central, "out", bytes.length);
      if (command) central.command(GATT.TO_CARD, bytes);
      else central.write(GATT.TO_CARD, bytes);
    },
    mtu: () => air.mtu,
    close: () => central.disconnect(),
  });
  central.onValue((_, value) => {
    air.packet?.(central, "in", value.length);
    if (central.connected) feed.data(value);
  });
  central.onDisconnect((reason) => {
    feed.closed(reason === REASON.REMOTE_USER ? undefined : new Error(`reason ${reason}`));
  });
  central.subscribe(GATT.FROM_CARD);
  return duplex;
}

export async function airTo(
  board: VirtualBoard,
  air: HostRadio = {},
  options: LineOptions = {},
): Promise<LineTransport> {
  let central: Central;
  try {
    central = airAround(board).connect(air.mtu ?? air.central);
  } catch (error) {
    const detail = `${(error as Error).message}: off, or another client is connected`;
    throw new LinkError("link/open", { link: "air", detail }, { cause: error });
  }
  return LineTransport.connect(duplexOf(central, air), { timeoutMs: 8000, ...options });
}

export function overTheAir(cards: readonly TestCard[], air: HostRadio = {}): ConnectedCards {
  return new ConnectedCards(
    cards.map(({ board, name }) => ({ name, open: () => airTo(board, air, { name }) })),
  );
}

/** Whoever spoke with them over the wire is gone. */
export function restart(...cards: readonly TestCard[]): void {
  for (const { board } of cards) {
    board.powerOff();
    board.powerOn();
  }
}

/** Fields of an advertising packet: length, type, data (Core 5.4 Vol 3 Part C 11). */
export function fields(packet: Uint8Array): Map<number, Buffer> {
  const found = new Map<number, Buffer>();
  for (let at = 0; at < packet.length; at += 1 + packet[at]!) {
    found.set(packet[at + 1]!, Buffer.from(packet.subarray(at + 2, at + 1 + packet[at]!)));
  }
  return found;
}
export const NAME = 9;
export const UUIDS = 7;
export const nameOf = (board: VirtualBoard) =>
  fields(airAround(board).advertisement?.data ?? new Uint8Array(0))
    .get(NAME)
    ?.toString("latin1");
