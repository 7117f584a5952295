/** A board on a serial port of this machine: a pseudo terminal, its rate included. */

import { makeDuplex, type Feed } from "../../sdk/links/line/feed.js";
import type { Board } from "../board/board.js";
import type { Listening } from "../board/listen.js";
import { BUSY, Plug } from "./plug.js";
import { Terminal } from "./terminal.js";

/**
 * Serves the board's cable; who opens the port while another has the plug is told so, and has it
 * once that one is gone. `uri` is serial:PATH.
 */
export async function listenSerial(board: Board, plug = new Plug(board)): Promise<Listening> {
  let session: Feed | undefined;
  const begin = () => {
    const [duplex, feed] = makeDuplex({
      write: (bytes) => terminal.write(bytes),
      // The program keeps its port; it is the board's end that is gone.
      close: () => feed.closed(),
    });
    session = feed;
    void plug.carry(duplex, () => terminal.baud || undefined).catch(() => feed.closed());
  };
  const terminal = await Terminal.open({
    opened: (open) => {
      if (open && plug.taken) return terminal.write(Buffer.from(BUSY));
      if (open) return begin();
      session?.closed();
      session = undefined;
    },
    data: (bytes) => {
      if (!session && !plug.taken) begin();
      session?.data(bytes);
    },
  });
  return { uri: `serial:${terminal.path}`, close: async () => terminal.close() };
}
