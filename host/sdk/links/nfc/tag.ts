/**
 * A Type 2 tag as a mailbox link needs it, however it is reached: frames of a raw reader, a PC/SC
 * reader's pseudo-APDUs, a native app. Browser-safe.
 *
 * Any rejection but TagRefusal and LinkError means silence: the tag computes, or the field is gone.
 */

import { MAILBOX } from "../../wire/generated.js";

export interface Tag {
  /** READ: the four pages from `page` on, 16 bytes. */
  read(page: number): Promise<Uint8Array>;
  /** WRITE of one page, 4 bytes. Resolves when the tag has acknowledged it. */
  write(page: number, data: Uint8Array): Promise<void>;
  /** FAST_READ of up to `readMost` pages, where the reader has it. */
  readMany?(page: number, pages: number): Promise<Uint8Array>;
  /** Pages of the longest answer that the reader passes; 15 (60 bytes) where nothing is said. */
  readonly readMost?: number;
  /**
   * WRITE of up to 14 pages in one frame (protocol.md 9, NFC), where the reader passes raw frames.
   */
  writeMany?(page: number, data: Uint8Array): Promise<void>;
  close?(): Promise<void>;
}

/** The tag answered, with a NAK or the reader's word for it. */
export class TagRefusal extends Error {
  override readonly name = "TagRefusal";
}

/** Silence, or a NAK, in a reader's own word: told when the wait is over. */
export class ReaderWord extends Error {
  override readonly name = "ReaderWord";
}

/** 64 bytes, CRC included: what the small readers' buffers take. */
const READ_USUAL = 15;

/** `length` bytes from `page` on. */
export async function readBytes(tag: Tag, page: number, length: number): Promise<Uint8Array> {
  const out = new Uint8Array(Math.ceil(length / 4) * 4 + 64);
  const end = page + Math.ceil(length / 4);
  const most = Math.min(tag.readMost ?? READ_USUAL, MAILBOX.READ_MOST);
  for (let at = page; at < end;) {
    const pages = Math.min(end - at, most);
    const many = pages > 4 ? tag.readMany : undefined;
    out.set(many ? await many.call(tag, at, pages) : await tag.read(at), 4 * (at - page));
    at += many ? pages : 4;
  }
  return out.slice(0, length);
}

/** One piece of a write: what goes into one frame. */
export interface Piece {
  readonly page: number;
  readonly data: Uint8Array;
}

/**
 * What has to be written to hand over a request, in order: the data from its end, the head and its
 * "go" last. `memory` is head and data, whole pages, from `first` on. `blank`: the tag holds zeros
 * there, and a page of zeros that would be a frame of its own is left out.
 */
export function pieces(tag: Tag, first: number, memory: Uint8Array, blank = false): Piece[] {
  const pages = memory.length / 4;
  const piece = (from: number, to: number): Piece => ({
    page: first + from,
    data: memory.slice(4 * from, 4 * to),
  });
  if (tag.writeMany) {
    const list: Piece[] = [];
    for (let from = 0; from < pages; from += MAILBOX.WRITE_MOST)
      list.push(piece(from, Math.min(pages, from + MAILBOX.WRITE_MOST)));
    return list.reverse();
  }
  const go = MAILBOX.GO_PAGE - first;
  const order = [...Array(pages).keys()].filter((at) => at !== go).concat(go);
  const list = order.map((at) => piece(at, at + 1));
  return blank ? list.filter(({ data }) => data.some((byte) => byte !== 0)) : list;
}

export async function writePiece(tag: Tag, { page, data }: Piece): Promise<void> {
  if (tag.writeMany && data.length > 4) await tag.writeMany(page, data);
  else await tag.write(page, data);
}
