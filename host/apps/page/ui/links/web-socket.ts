/**
 * A byte link to a virtual board of `kincard web`: binary WebSocket messages carry the bytes of its
 * serial port, cut anywhere (RFC 6455); text is its button, and what its lights do.
 */

import { LinkError } from "../../../../sdk/links/link.js";
import type { Duplex } from "../../../../sdk/links/link.js";
import { makeDuplex } from "../../../../sdk/links/line/feed.js";
import { BUTTON, LIGHTS, TAKEN } from "../../config.js";

export interface VirtualLink extends Duplex {
  /** A finger on the drawn card's button. */
  press(down: boolean): void;
}

/** `onLights`: which of red, green and blue are lit, "000" to "111". */
export function openWebSocket(url: string, onLights?: (lit: string) => void): Promise<VirtualLink> {
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
      if (/^lights [01]{3}$/.test(data)) onLights?.(data.slice(LIGHTS.length));
    };
    socket.onclose = ({ code }) => {
      // The server says only why it turned this page away (serve.ts).
      const facts = { link: url };
      reject(new LinkError(code === TAKEN ? "link/in-use" : "link/nothing-listens", facts));
      feed.closed();
    };
  });
}
