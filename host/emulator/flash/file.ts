/**
 * A flash's state (state.ts) kept in one file. Node only.
 *
 * The file starts with the cells, byte for byte, so that any tool can look at them. Then: weak-bit
 * masks, write counts, erase counts, and a trailer that says what it is. Each operation is written
 * through before it returns, so a killed process leaves what a cut between operations leaves.
 * Limits: one process at a time (see listen.ts's lock); no fsync.
 */

import {
  closeSync,
  existsSync,
  fstatSync,
  openSync,
  readSync,
  renameSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { blank, PARTS, type NorShape, type NorState } from "./state.js";

export class NorFile {
  readonly #fd: number;

  constructor(
    readonly path: string,
    readonly shape: NorShape,
  ) {
    if (!existsSync(path)) this.#create();
    this.#fd = openSync(path, "r+");
  }

  load(): NorState {
    const state = blank(this.shape);
    const end = NorFile.#start(state, PARTS.length);
    const trailer = this.#trailer();
    const found = new Uint8Array(trailer.length);
    const length = fstatSync(this.#fd).size;
    if (length === end + trailer.length) readSync(this.#fd, found, 0, found.length, end);
    if (Buffer.compare(found, trailer) !== 0) {
      throw new Error(`${this.path} is not the flash of such a board: use another file`);
    }
    PARTS.forEach((part, i) => {
      const bytes = NorFile.#bytes(state[part]);
      readSync(this.#fd, bytes, 0, bytes.length, NorFile.#start(state, i));
    });
    return state;
  }

  /** Writes through what changed: `length` cells at `at`, and everything that is counted. */
  save(state: NorState, at: number, length: number): void {
    const { page, size } = this.shape;
    const parts: [(typeof PARTS)[number], number, number][] = [
      ["cells", at, length],
      ["weak", at, length],
      ["blockWrites", (at >> 9) << 1, (((length + 1023) >> 9) + 1) << 1],
      ["wordWrites", at >> 2, (length + 3) >> 2],
      ["erases", Math.floor(at / page) * 4, Math.ceil((length + page) / page) * 4],
    ];
    if (at < 0 || at + length > size) throw new RangeError("flash file: outside");
    for (const [part, from, count] of parts) {
      const bytes = NorFile.#bytes(state[part]);
      const start = NorFile.#start(state, PARTS.indexOf(part));
      this.#put(bytes.subarray(from, from + count), start + from);
    }
  }

  close(): void {
    closeSync(this.#fd);
  }

  /** Whole or not at all: a file with half its parts would be refused later. */
  #create(): void {
    const state = blank(this.shape);
    const parts = PARTS.map((part) => NorFile.#bytes(state[part]));
    const fresh = `${this.path}.new`;
    writeFileSync(fresh, Buffer.concat([...parts, this.#trailer()]), { mode: 0o600 });
    renameSync(fresh, this.path);
  }

  #put(bytes: Uint8Array, position: number): void {
    if (bytes.length) writeSync(this.#fd, bytes, 0, bytes.length, position);
  }

  #trailer(): Uint8Array {
    const { address, size, page, chip } = this.shape;
    return Buffer.from(`kincard flash 1 ${chip} ${address} ${size} ${page}\n`.padStart(64));
  }

  static #bytes(part: Uint8Array | Uint16Array | Uint32Array): Uint8Array {
    return new Uint8Array(part.buffer, part.byteOffset, part.byteLength);
  }

  static #start(state: NorState, part: number): number {
    return PARTS.slice(0, part).reduce((sum, name) => sum + state[name].byteLength, 0);
  }
}
