/**
 * A board's air for other processes, by questions and answers (lines.ts): all may listen, one may
 * connect. The other end is radio.ts.
 *
 *   hear                      what the board advertises: address, data, scanResponse; or null
 *   connect mtu               -> mtu
 *   discover                  -> services with their characteristics
 *   write uuid bytes          bytes in hex; answered when the board has answered
 *   subscribe uuid
 *   disconnect
 *   event "value" uuid bytes, event "disconnected" reason
 */

import { fromHex, toHex } from "../../sdk/crypto/bytes.js";
import type { Air, Central } from "../air/air.js";
import type { Listening } from "../board/listen.js";
import { listenLines, type Message, type Served } from "./lines.js";

export function listenAir(air: Air, uri: string): Promise<Listening> {
  return listenLines(uri, (tell) => atAir(air, tell));
}

function atAir(air: Air, tell: (event: Message) => void): Served {
  let central: Central | undefined;
  const there = (): Central => {
    if (!central?.connected) throw new Error("not connected");
    return central;
  };
  const connect = (mtu: unknown) => {
    if (central?.connected) throw new Error("already connected");
    const made = air.connect(typeof mtu === "number" ? mtu : undefined);
    central = made;
    made.onValue((uuid, value) => tell({ event: "value", uuid, bytes: toHex(value) }));
    made.onDisconnect((reason) => tell({ event: "disconnected", reason }));
    return { mtu: made.mtu };
  };
  const verbs = {
    hear: () => {
      const { address, data, scanResponse } = air.advertisement ?? {};
      if (address === undefined) return null;
      return { address, data: toHex(data!), scanResponse: toHex(scanResponse!) };
    },
    connect: ({ mtu }: Message) => connect(mtu),
    discover: () => there().services,
    write: async ({ uuid, bytes }: Message) => {
      there().write(String(uuid), fromHex(String(bytes)));
      await there().answered();
    },
    subscribe: async ({ uuid }: Message) => {
      there().subscribe(String(uuid));
      await there().answered();
    },
    disconnect: () => central?.disconnect(),
  };
  // A radio that is gone answers no more: the board sees its supervision end.
  return { verbs, end: () => central?.vanish() };
}
