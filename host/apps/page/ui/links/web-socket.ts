/**
 * A byte link to a virtual board of `kincard web`: binary WebSocket messages carry the bytes of its
 * serial port, cut anywhere (RFC 6455); text is its button, and what its lights do.
 */

import { LinkError } from "../../../../sdk/links/link.js";
import type { Duplex } from "../../../../sdk/links/link.js";
import { makeDuplex } from "../../../../sdk/links/line/feed.js";
import { BUTTON, LIGHTS, TAKEN } from "../../config.js";

const SAID = new RegExp(`^${LIGHTS}([01]{3}) (\\d+)$`);

export interface VirtualLink extends Duplex {
  /** A finger on the drawn card's button. */
  press(down: boolean): void;
}

/** `lit`: which of red, green and blue are, "000" to "111"; `at`: since when by the board's time, ms. */
export type OnLights = (lit: string, at: number) => void;

export function openWebSocket(url: string, onLights?: OnLights): Promise<VirtualLink> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url);
    socket.binaryType = "arraybuffer";
    const [duplex, feed] = makeDuplex({
      write: (bytes) => {
        if (socket.readyState !== WebSocket.OPEN) throw new Error("the connection is closed");
        socket.send(bytes.slice());
      },
      close: () => socket.close(),
    });
    const press = (down: boolean) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(down ? BUTTON.DOWN : BUTTON.UP);
    };
    socket.onopen = () => resolve({ ...duplex, press });
    socket.onmessage = ({ data }: MessageEvent<ArrayBuffer | string>) => {
      if (typeof data !== "string") return feed.data(new Uint8Array(data));
      const [, lit, at] = SAID.exec(data) ?? [];
      if (lit && at) onLights?.(lit, Number(at));
    };
    socket.onclose = ({ code }) => {
      // The server says only why it turned this page away (serve.ts).
      const facts = { link: url };
      reject(new LinkError(code === TAKEN ? "link/in-use" : "link/nothing-listens", facts));
      feed.closed();
    };
  });
}
