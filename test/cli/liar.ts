/** A relay that lies: a board on TCP whose commands and answers are changed on their way. */

import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import type { VirtualBoard } from "../../host/emulator/board/virtual.js";
import { decodeFrame, encodeFrame, LineSplitter } from "../../host/sdk/links/line/line.js";

export interface Lies {
  /** In place of a command. */
  readonly command?: (apdu: Uint8Array) => Uint8Array;
  /** In place of the answer to it. */
  readonly answer?: (command: Uint8Array, answer: Uint8Array) => Uint8Array;
}

/** Which board is reached may change with every connection. */
export async function liar(board: () => VirtualBoard, lies: Lies) {
  const server = createServer((socket) => {
    const card = board();
    let asked = new Uint8Array(0);
    const through = (change: (apdu: Uint8Array) => Uint8Array, to: (line: Uint8Array) => void) => {
      const lines = new LineSplitter();
      return (bytes: Uint8Array) => {
        for (const line of lines.push(bytes)) {
          const frame = decodeFrame(line);
          const text = Buffer.from(`${line}\n`, "latin1");
          to(frame ? encodeFrame({ ...frame, apdu: change(frame.apdu) }) : text);
        }
      };
    };
    const down = through(
      (apdu) => {
        asked = Uint8Array.from(apdu);
        return lies.command?.(apdu) ?? apdu;
      },
      (line) => card.send(line),
    );
    const up = through(
      (answer) => lies.answer?.(asked, answer) ?? answer,
      (line) => void socket.write(line),
    );
    const stop = card.onData(up);
    socket.on("data", down);
    socket.on("close", stop);
    socket.on("error", () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const uri = `tcp:127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { uri, close: () => void server.close() };
}
