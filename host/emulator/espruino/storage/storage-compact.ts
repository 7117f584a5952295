/**
 * Storage's compaction, as Espruino does it: files move towards the start through a buffer in RAM,
 * page by page, each page erased when the reader has left it. A cut on the way loses what the
 * buffer held and leaves a log that the next boot may call corrupt: that is why a card in use never
 * compacts. Source: the behaviour of src/jsflash.c in Espruino 2v29.
 */

import { align4, HEADER } from "../../../../hw/images/storage-names.js";
import { concat } from "../../../sdk/crypto/bytes.js";
import type { NorFlash } from "../../flash/nor.js";
import { isReal } from "./storage-file.js";
import type { FileHeader } from "./storage-file.js";

/** What compaction needs of the log (StorageLog). */
export interface Compactable {
  readonly flash: NorFlash;
  readonly start: number;
  readonly end: number;
  headerAt(address: number): FileHeader | undefined;
  next(file: FileHeader, all: boolean): { at: number | undefined; file: FileHeader | undefined };
  pageAfter(address: number): number | undefined;
  stats(): { readonly trashBytes: number; readonly firstTrashPage: number };
}

/** Bytes on their way down: never more than a page and a header. */
class Mover {
  #queue: Uint8Array[] = [];
  #waiting = 0;

  constructor(
    readonly log: Compactable,
    public to: number,
  ) {}

  push(bytes: Uint8Array, readAt: number): void {
    this.#queue.push(bytes);
    this.#waiting += bytes.length;
    this.flush(readAt);
  }

  /** Writes every page that the reader has left behind. */
  flush(readAt: number): void {
    const { log } = this;
    while (this.#waiting > 0) {
      const page = log.pageAfter(this.to) ?? log.end;
      if (readAt < page) return;
      if ((this.to - log.start) % log.flash.page === 0) log.flash.erase(this.to);
      const bytes = this.#take(Math.min(this.#waiting, page - this.to));
      log.flash.write(this.to, bytes);
      this.to += bytes.length;
    }
  }

  #take(count: number): Uint8Array {
    const all = concat(...this.#queue);
    this.#queue = [all.subarray(count)];
    this.#waiting -= count;
    return all.subarray(0, count);
  }
}

/** True when space was won. */
export function compact(log: Compactable): boolean {
  const stats = log.stats();
  if (!stats.trashBytes) return false;
  const start = stats.firstTrashPage;
  const room = log.flash.page + HEADER;
  const mover = new Mover(log, start);
  let file: FileHeader | undefined = log.headerAt(start);
  let stop: number | undefined = start;
  while (file) {
    if (isReal(file)) {
      mover.push(log.flash.read(file.address, HEADER), file.address + HEADER);
      const end = file.address + HEADER + align4(file.size);
      for (let at = file.address + HEADER; at < end;) {
        const count = Math.min(end - at, room - HEADER);
        mover.push(log.flash.read(at, count), at + count);
        at += count;
      }
    }
    const next: { at: number | undefined; file: FileHeader | undefined } = log.next(file, true);
    stop = next.at;
    file = next.file;
  }
  mover.flush(log.end);
  const from = mover.to === start ? start : (log.pageAfter(mover.to - 1) ?? log.end);
  for (let at = from; at < (stop ?? log.end); at += log.flash.page) log.flash.erase(at);
  return true;
}
