/**
 * A tag on an emulated reader, for mailbox links: frames of a Type 2 Tag, by what the reader can.
 *
 * Source: NFC Forum, Type 2 Tag 1.2 (READ, WRITE); NXP, NTAG21x (FAST_READ).
 */

import { TagRefusal, type Tag } from "../../sdk/links/nfc/tag.js";
import { MAILBOX, TAG } from "../../sdk/wire/generated.js";
import type { NfcAnswer } from "./coil.js";

/** What readers can do: the least, NXP's FAST_READ, and raw frames of any length. */
export type Family = "read-write" | "fast-read" | "raw";
export const FAMILIES: readonly Family[] = ["read-write", "fast-read", "raw"];

/** No answer, or none in time. */
export class Silence extends Error {
  override readonly name = "Silence";
  constructor(message = "the tag says nothing") {
    super(message);
  }
}

/** `exchange`: one frame without CRC, and what came back; throws Silence. */
export function tagOver(exchange: (frame: Uint8Array) => NfcAnswer, family: Family): Tag {
  const bytes = async (...frame: number[]): Promise<Uint8Array> => {
    const answer = exchange(Uint8Array.from(frame));
    if (answer.kind === "nothing") throw new Silence();
    if (answer.kind === "ack") throw new TagRefusal("NAK");
    return answer.bytes;
  };
  const ack = async (...frame: number[]): Promise<void> => {
    const answer = exchange(Uint8Array.from(frame));
    if (answer.kind === "nothing") throw new Silence();
    if (answer.kind !== "ack" || answer.value !== TAG.ACK) throw new TagRefusal("NAK");
  };
  const tag: Tag = {
    read: (page) => bytes(TAG.READ, page),
    write: (page, data) => ack(TAG.WRITE, page, ...data),
  };
  if (family === "read-write") return tag;
  tag.readMany = (page, pages) => bytes(TAG.FAST_READ, page, page + pages - 1);
  if (family === "fast-read") return tag;
  const writeMany = (page: number, data: Uint8Array) => ack(TAG.WRITE, page, ...data);
  return { ...tag, writeMany, readMost: MAILBOX.READ_MOST };
}
