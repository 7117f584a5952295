/**
 * A chip's tag on a reader, for mailbox links: frames over its coil, in the chip's own time. After
 * a silence it selects the tag again, as readers do.
 */

import type { MailboxClock } from "../../../sdk/links/nfc/mailbox.js";
import type { Tag } from "../../../sdk/links/nfc/tag.js";
import { tagOver, type Family } from "../../air/tag.js";
import { MS } from "../../chip/soc/base/time.js";
import type { ChipCoil } from "./coil.js";

export type { Family } from "../../air/tag.js";

export interface TagOnChip {
  readonly tag: Tag;
  readonly clock: MailboxClock;
}

/**
 * `now` is the chip's clock for hosts; `overheadMs` the reader's own time before each frame (USB,
 * driver), `onFrame` is told of each.
 */
export function tagAt(
  coil: ChipCoil,
  now: () => number,
  family: Family = "raw",
  { overheadMs = 0, onFrame }: { overheadMs?: number; onFrame?: () => void } = {},
): TagOnChip {
  const tag = tagOver((frame) => {
    onFrame?.();
    if (overheadMs) coil.wait(overheadMs * MS);
    if (coil.uid === undefined && coil.on) coil.select();
    const answer = coil.frame(frame);
    if (answer.kind === "nothing") coil.select();
    return answer;
  }, family);
  const sleep = async (milliseconds: number): Promise<void> => {
    coil.wait(milliseconds * MS);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { tag, clock: { now, sleep } };
}
