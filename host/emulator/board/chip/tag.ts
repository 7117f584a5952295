/**
 * A chip's tag on a reader, for mailbox links: Type 2 Tag frames over its coil, in the chip's own
 * time.
 *
 * After a silence it selects the tag again, as readers do. Source: NFC Forum, Type 2 Tag 1.2 (READ,
 * WRITE); NXP, NTAG21x (FAST_READ).
 */

import type { MailboxClock } from "../../../sdk/links/mailbox.js";
import { TagRefusal, type Tag } from "../../../sdk/links/tag.js";
import { TAG } from "../../../sdk/wire/generated.js";
import { MS } from "../../chip/soc/base/time.js";
import type { ChipCoil } from "./coil.js";

export class Silence extends Error {
  override readonly name = "Silence";
}

/** What readers can do: the least, NXP's FAST_READ, and raw frames of any length. */
export type Family = "read-write" | "fast-read" | "raw";

export interface TagOnChip {
  readonly tag: Tag;
  readonly clock: MailboxClock;
}

/** `now` is the chip's clock for hosts. */
export function tagAt(coil: ChipCoil, now: () => number, family: Family = "raw"): TagOnChip {
  const exchange = (frame: number[]) => {
    if (coil.uid === undefined && coil.on) coil.select();
    const answer = coil.frame(Uint8Array.from(frame));
    if (answer.kind !== "nothing") return answer;
    coil.select();
    throw new Silence("the tag says nothing");
  };
  const bytes = async (frame: number[]): Promise<Uint8Array> => {
    const answer = exchange(frame);
    if (answer.kind !== "answer") throw new TagRefusal("NAK");
    return answer.bytes;
  };
  const ack = async (frame: number[]): Promise<void> => {
    const answer = exchange(frame);
    if (answer.kind !== "ack" || answer.value !== TAG.ACK) throw new TagRefusal("NAK");
  };
  const tag: Tag = {
    read: (page) => bytes([TAG.READ, page]),
    write: (page, data) => ack([TAG.WRITE, page, ...data]),
  };
  if (family !== "read-write") {
    tag.readMany = (page, pages) => bytes([TAG.FAST_READ, page, page + pages - 1]);
  }
  if (family === "raw") tag.writeMany = (page, data) => ack([TAG.WRITE, page, ...data]);
  const sleep = async (milliseconds: number): Promise<void> => {
    coil.wait(milliseconds * MS);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { tag, clock: { now, sleep } };
}
