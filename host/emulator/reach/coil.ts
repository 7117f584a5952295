/**
 * A reader's coil at a board for another process, by questions and answers (lines.ts), to frame
 * level. The other end is reader.ts.
 *
 *   field on                  true or false
 *   select                    HALT and WUPA; -> the tag's id in hex, or null
 *   frame bytes               without CRC, in hex -> kind "answer" bytes, "ack" value or "nothing"
 *   take                      for this client alone, until it gives it back or goes; -> whether
 *                             nobody else has it
 *   give
 *
 * A client that goes takes its field along. While one has the coil, the others see what lies there,
 * and change nothing.
 */

import { fromHex, toHex } from "../../sdk/crypto/bytes.js";
import type { NfcCoil } from "../air/coil.js";
import type { Listening } from "../board/listen.js";
import { listenLines, type Message } from "./lines.js";

/** ISO 14443-3 has no longer frames. */
const FRAME_MOST = 254;

export function listenCoil(coil: NfcCoil, uri: string): Promise<Listening> {
  let holder: object | undefined;
  return listenLines(uri, () => {
    const me = {};
    let ours = false;
    const taken = () => holder !== undefined && holder !== me;
    const give = () => {
      if (holder === me) holder = undefined;
    };
    const field = (on: boolean) => {
      if (taken()) return;
      ours = on;
      if (coil.on !== on) coil.field(on);
    };
    const verbs = {
      field: ({ on }: Message) => field(on === true),
      select: () => {
        if (!taken()) coil.reselect();
        return coil.uid === undefined ? null : toHex(coil.uid);
      },
      frame: ({ bytes }: Message) => {
        if (taken()) throw new Error("another client has the coil");
        const frame = fromHex(String(bytes));
        if (!frame.length || frame.length > FRAME_MOST) throw new Error("no frame");
        const answer = coil.frame(frame);
        return answer.kind === "answer" ? { ...answer, bytes: toHex(answer.bytes) } : answer;
      },
      take: () => {
        if (taken()) return false;
        holder = me;
        return true;
      },
      give,
    };
    const end = () => {
      give();
      if (ours) field(false);
    };
    return { verbs, end };
  });
}
