/**
 * In place of the page's WebSockets (host/tools/build/page/demo.ts): a byte link to a virtual card
 * that is in the page itself.
 */

import { LinkError } from "../../../sdk/links/link.js";
import type { Duplex } from "../../../sdk/links/link.js";
import type { VirtualLink } from "../ui/links/web-socket.js";
import { cards, type DemoCard } from "./cards.js";

/** A board's serial port has one client: a new one is the end of the one before. */
const open = new Map<DemoCard, Duplex>();

export async function openWebSocket(url: string): Promise<VirtualLink> {
  const card = cards.get(/board\/\d+$/.exec(url)?.[0] ?? "");
  if (!card) throw new LinkError("link/nothing-listens", { link: url });
  const { board } = card;
  await open.get(card)?.close();
  const duplex = board.duplex();
  open.set(card, duplex);
  return { ...ways(duplex), press: (down) => (down ? board.press() : board.release()) };
}

/** Its methods are its class's, which a copy would lose. */
const ways = (duplex: Duplex): Duplex => ({
  write: (bytes) => duplex.write(bytes),
  onData: (listener) => duplex.onData(listener),
  onClose: (listener) => duplex.onClose(listener),
  close: () => duplex.close(),
});
