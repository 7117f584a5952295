/**
 * Espruino's `Storage`: a log of files in flash, each a 32-byte header (32-bit little-endian size
 * with flags in its top byte, 28-byte name) and its data, padded to 4 bytes. Deleting writes 0
 * over the first four bytes of the name. Behaviour as in Espruino 2v29 (src/jsflash.c).
 *
 * Limits: one bank, no filename table, no StorageFile, no drive letters, no compression.
 */

import { align4, HEADER } from "../../../../hw/images/storage-names.js";
import { equal } from "../../../sdk/crypto/bytes.js";
import { latin1, toBinaryString } from "../bytes.js";
import type { NorFlash } from "../../flash/nor.js";
import { compact } from "./storage-compact.js";
import { isReal, STORAGE_FILE } from "./storage-file.js";
import type { FileHeader } from "./storage-file.js";

export { align4, HEADER };
const NAME = 28;
const UNSET = 0xffffffff;

/** What the interpreter throws as an Error. */
export class StorageError extends Error {
  override readonly name = "StorageError";
}

export const dataAddress = (file: FileHeader): number => file.address + HEADER;

export class StorageLog {
  readonly start: number;
  readonly end: number;

  constructor(readonly flash: NorFlash) {
    this.start = flash.address;
    this.end = flash.address + flash.size;
  }

  /** The header at `address`, or undefined when there is none that could be valid. */
  headerAt(address: number): FileHeader | undefined {
    const bytes = this.flash.read(address, Math.min(HEADER, this.end - address));
    if (bytes.length < HEADER) return undefined;
    const words = new DataView(bytes.buffer, bytes.byteOffset);
    const word = words.getUint32(0, true);
    const size = word & 0xffffff;
    if (word === UNSET || word === 0 || address + HEADER + size > this.end) return undefined;
    const name = toBinaryString(bytes.subarray(4));
    return {
      address,
      size,
      flags: word >>> 24,
      name: name.replace(/\0+$/, ""),
      deleted: words.getUint32(4, true) === 0,
    };
  }

  pageAfter(address: number): number | undefined {
    const { page } = this.flash;
    const next = address - ((address - this.start) % page) + page;
    return next < this.end ? next : undefined;
  }

  /**
   * The file after `file`. `all` also looks at the next page's start where no header follows;
   * `at` is where the search stopped (undefined: at the end of the area).
   */
  next(file: FileHeader, all: boolean): { at: number | undefined; file: FileHeader | undefined } {
    const at = align4(file.address + file.size + HEADER);
    if (at + HEADER > this.end) return { at: undefined, file: undefined };
    const found = this.headerAt(at);
    if (found || !all) return { at, file: found };
    const page = this.pageAfter(at);
    return { at: page, file: page === undefined ? undefined : this.headerAt(page) };
  }

  /** Every header, deleted ones too, in order. */
  *headers(): Generator<FileHeader> {
    let file = this.headerAt(this.start);
    while (file) {
      yield file;
      file = this.next(file, true).file;
    }
  }

  find(name: string): FileHeader | undefined {
    const wanted = name.slice(0, NAME);
    for (const file of this.headers()) if (!file.deleted && file.name === wanted) return file;
    return undefined;
  }

  /** A file's data, or undefined. Offsets and lengths are clipped as the interpreter does. */
  read(name: string, offset = 0, length = 0): { address: number; bytes: Uint8Array } | undefined {
    const file = this.find(name);
    if (!file) return undefined;
    const from = Math.min(Math.max(offset, 0), file.size);
    const count = Math.min(length <= 0 ? file.size : length, file.size - from);
    const address = dataAddress(file) + from;
    return { address, bytes: this.flash.read(address, count) };
  }

  write(name: string, data: Uint8Array, offset = 0, size = 0): boolean {
    if (offset < 0 || size < 0) return false;
    const total = size || data.length;
    if (!total) throw new StorageError("Can't create zero length file");
    let file = this.find(name);
    if (offset === 0 && !(file && this.#reusable(file, total))) {
      if (file && file.size === total && file.flags === 0 && this.#same(file, data)) return true;
      if (file) this.#delete(file);
      file = this.#create(name, total);
    }
    if (!file) throw new StorageError("Unable to find or create file");
    if (offset + data.length > file.size) throw new StorageError("Too much data for file size");
    const at = dataAddress(file) + offset;
    if (!this.#erased(at, data.length)) {
      throw new StorageError("File already written with different data");
    }
    this.#writeUnaligned(at, data);
    return true;
  }

  erase(name: string): void {
    const file = this.find(name);
    if (file) this.#delete(file);
  }

  eraseAll(): void {
    for (let at = this.start; at < this.end; at += this.flash.page) this.flash.erase(at);
  }

  list(): string[] {
    const kept = [...this.headers()].filter((file) => isReal(file));
    return kept
      .filter((f) => f.flags !== STORAGE_FILE || f.name.endsWith("\x01"))
      .map((f) => f.name);
  }

  getFree(): number {
    return this.stats().free;
  }

  stats(): { fileBytes: number; trashBytes: number; free: number; firstTrashPage: number } {
    const stats = { fileBytes: 0, trashBytes: 0, free: 0, firstTrashPage: 0 };
    let last = this.start;
    let unbroken = this.start;
    for (const file of this.headers()) {
      if ((file.address - this.start) % this.flash.page === 0) unbroken = file.address;
      const used = align4(file.size) + HEADER;
      last = file.address + used;
      if (!file.deleted) stats.fileBytes += used;
      else {
        stats.trashBytes += used;
        stats.firstTrashPage ||= unbroken;
      }
    }
    stats.free = this.end - last;
    return stats;
  }

  compact(): boolean {
    return compact(this);
  }

  /** The check at boot; where it fails the interpreter erases everything. */
  isValid(): boolean {
    let file = this.headerAt(this.start);
    if (!file) return this.#erased(this.start, this.end - this.start);
    for (;;) {
      const next = this.next(file, true);
      if (next.file) {
        file = next.file;
        continue;
      }
      if (next.at !== undefined) return this.#erased(next.at, HEADER);
      const end = align4(file.address + file.size + HEADER);
      if (end + HEADER > this.end) return true;
      // The last page holds no header: what follows the last file in it must be empty.
      return this.#erased(end, HEADER);
    }
  }

  #reusable(file: FileHeader, total: number): boolean {
    return file.flags === 0 && file.size === total && this.#erased(dataAddress(file), total);
  }

  #same(file: FileHeader, data: Uint8Array): boolean {
    if (data.length !== file.size) return false;
    return equal(this.flash.read(dataAddress(file), file.size), data);
  }

  #erased(address: number, length: number): boolean {
    return this.flash.read(address, length).every((byte) => byte === 255);
  }

  #delete(file: FileHeader): void {
    this.flash.write(file.address + 4, new Uint8Array(4));
  }

  #create(name: string, size: number): FileHeader {
    const needed = align4(size) + HEADER;
    for (let compacted = false; ; compacted = true) {
      const { at, free, trash } = this.#hole(needed);
      if (at !== undefined) {
        const header = new Uint8Array(HEADER);
        new DataView(header.buffer).setUint32(0, size, true);
        header.set(latin1(name.slice(0, NAME)), 4);
        this.flash.write(at, header);
        return this.headerAt(at) as FileHeader;
      }
      if (compacted || needed >= free + trash || !this.compact()) {
        throw new StorageError("Unable to find or create file");
      }
    }
  }

  /** Where a file of `needed` bytes fits, and how much is free or trash on the way. */
  #hole(needed: number): { at?: number; free: number; trash: number } {
    let free = 0;
    let trash = 0;
    let at: number | undefined = this.start;
    while (at !== undefined) {
      let file = this.headerAt(at);
      while (file) {
        if (file.deleted) trash += file.size;
        const next = this.next(file, false);
        at = next.at;
        file = next.file;
      }
      if (at === undefined) break;
      const room = this.#roomAt(at);
      free += room;
      if (room >= needed) return { at, free, trash };
      at = this.pageAfter(at);
    }
    return { free, trash };
  }

  /** Up to the next page that starts with a header, or the end of the area. */
  #roomAt(address: number): number {
    const page = this.pageAfter(address);
    return (page !== undefined && this.headerAt(page) ? page : this.end) - address;
  }

  /** Whole words; the rest of a first or last word is read and written back. */
  #writeUnaligned(address: number, data: Uint8Array): void {
    const head = Math.min((4 - (address & 3)) & 3, data.length);
    const body = (data.length - head) & ~3;
    if (head) this.#patch(address, data.subarray(0, head));
    if (body) this.flash.write(address + head, data.subarray(head, head + body));
    if (head + body < data.length) this.#patch(address + head + body, data.subarray(head + body));
  }

  #patch(address: number, part: Uint8Array): void {
    const word = this.flash.read(address & ~3, 4);
    word.set(part, address & 3);
    this.flash.write(address & ~3, word);
  }
}
