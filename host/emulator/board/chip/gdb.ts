/**
 * A chip's debug port: GDB's remote protocol on a TCP port (`target remote HOST:PORT`). While a
 * debugger is there it alone decides when the chip executes; buttons, cables and radios wait.
 *
 * Limits: no watchpoints; what a debugger writes into flash is forgotten with the program.
 */

import { serveGdb } from "../../chip/gdb/server.js";
import type { ChipBoard } from "../chip.js";
import { parseListen, type Listening } from "../listen.js";

/** `uri`: tcp:HOST:PORT, 0 for any port. */
export async function listenGdb({ chip, drive }: ChipBoard, uri: string): Promise<Listening> {
  const { host, port } = parseListen(uri);
  const served = await serveGdb({
    ...{ cpu: chip.cpu, host, port },
    slice: () => drive.slice(),
    reset: () => chip.resetPin(),
    hold: () => drive.hold(),
    release: () => drive.release(),
  }).catch((error: Error) => {
    throw new Error(`can't listen on ${uri}: ${error.message}`, { cause: error });
  });
  const name = host.includes(":") ? `[${host}]` : host;
  return { uri: `${name}:${served.port}`, close: async () => served.close() };
}
