/**
 * A reader's coil at a board for another process, by questions and answers (lines.ts), to frame
 * level. The other end is reader.ts.
 *
 *   field on                  true or false
 *   select                    HALT and WUPA; -> the tag's id in hex, or null
 *   frame bytes               without CRC, in hex -> kind "answer" bytes, "ack" value or "nothing"
 *
 * A client that goes takes its field along.
 */

import { fromHex, toHex } from "../../sdk/crypto/bytes.js";
import type { NfcCoil } from "../air/coil.js";
import type { Listening } from "../board/listen.js";
import { listenLines, type Message } from "./lines.js";

/** ISO 14443-3 has no longer frames. */
const FRAME_MOST = 254;

export function listenCoil(coil: NfcCoil, uri: string): Promise<Listening> {
  return listenLines(uri, () => {
    let ours = false;
    const field = (on: boolean) => {
      ours = on;
      if (coil.on !== on) coil.field(on);
    };
    const verbs = {
      field: ({ on }: Message) => field(on === true),
      select: () => {
        coil.reselect();
        return coil.uid === undefined ? null : toHex(coil.uid);
      },
      frame: ({ bytes }: Message) => {
        const frame = fromHex(String(bytes));
        if (!frame.length || frame.length > FRAME_MOST) throw new Error("no frame");
        const answer = coil.frame(frame);
        return answer.kind === "answer" ? { ...answer, bytes: toHex(answer.bytes) } : answer;
      },
    };
    return { verbs, end: () => void (ours && field(false)) };
  });
}
