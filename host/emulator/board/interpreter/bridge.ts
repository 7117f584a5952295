/**
 * The host's side of the bridge (layout.ts): watches the flash file for a request, runs the kernel
 * over a copy of the arena, writes back what changed. The interpreter waits meanwhile, so a call is
 * synchronous for it, as a native one is.
 *
 * Limits: the arena stands in the file while a call is under way; both sides of it are set back to
 * FF before and after.
 */

import { closeSync, openSync, readFileSync, readSync, watch, writeSync } from "node:fs";
import type { FSWatcher } from "node:fs";
import { Memory, type KernelRunner } from "../../arm/memory.js";
import type { RandomSource } from "../../entropy.js";
import type { KernelFactory } from "../../espruino/life.js";
import { ARENA_MOST, Bridge, POOL_WORDS, type Places } from "./layout.js";
import { ARENA_ADDRESS } from "./shim.js";

export interface BridgeOptions {
  readonly file: string;
  readonly places: Places;
  readonly flashAddress: number;
  readonly kernel: { readonly bytes: Uint8Array; readonly factory: KernelFactory };
  readonly random: RandomSource;
  /**
   * Told of every request before it is answered, with the variables in use (JsVars); false: no
   * answer, the power is gone.
   */
  readonly onCall: (variables: number) => boolean;
}

const RANDOM = 255;
/** In case the file's watcher missed something. */
const POLL_MS = 20;

export class HostBridge {
  readonly #fd: number;
  readonly #watcher: FSWatcher;
  readonly #timer: NodeJS.Timeout;
  /** Flash as the kernel sees it: the file's bytes at the time of the call. */
  readonly #flash: Uint8Array;
  readonly #arena = new Uint8Array(ARENA_MOST);
  readonly #runner: KernelRunner;
  #answered = 0;

  constructor(private readonly options: BridgeOptions) {
    const memory = new Memory();
    this.#flash = new Uint8Array(readFileSync(options.file));
    const flash = { name: "flash", address: options.flashAddress, bytes: this.#flash };
    memory.add({ ...flash, writable: false, executable: true });
    const arena = { name: "arena", address: ARENA_ADDRESS, bytes: this.#arena };
    memory.add({ ...arena, writable: true, executable: false });
    const { bytes, factory } = options.kernel;
    this.#runner = factory(memory, options.flashAddress + options.places.kernel, bytes);
    this.#fd = openSync(options.file, "r+");
    this.#blank();
    this.#write(Bridge.ANSWER, Buffer.alloc(Bridge.SIZE - Bridge.ANSWER, 255));
    this.#watcher = watch(options.file, () => this.#look());
    this.#timer = setInterval(() => this.#look(), POLL_MS);
  }

  press(held: boolean): void {
    this.#write(Bridge.BUTTON, word(held ? 1 : 0));
  }

  close(): void {
    this.#watcher.close();
    clearInterval(this.#timer);
    this.#blank();
    closeSync(this.#fd);
  }

  #look(): void {
    const request = this.#read(Bridge.REQUEST, 32);
    const words = Array.from({ length: 8 }, (_, i) => request.readInt32LE(4 * i));
    const [seq = 0, entry = 0, a = 0, b = 0, c = 0, d = 0, sizes = 0, check = 0] = words;
    if (check !== ~seq || seq === this.#answered) return;
    if (!this.options.onCall(sizes >>> 16)) return;
    this.#answered = seq;
    const before = this.#read(Bridge.REQUEST_ARENA, Math.min(sizes & 0xffff, ARENA_MOST));
    this.#arena.set(before);
    readSync(this.#fd, this.#flash, 0, this.#flash.length, 0);
    const result = entry === RANDOM ? this.#refill() : this.#runner.call(entry, [a, b, c, d]);
    const [from, count] = changed(before, this.#arena);
    this.#blank();
    if (count) this.#write(Bridge.ANSWER_ARENA + from, this.#arena.subarray(from, from + count));
    this.#write(Bridge.ANSWER, Buffer.concat([seq, result, from, count].map(word)));
    this.#arena.fill(0);
  }

  /** 1: the generator failed. */
  #refill(): number {
    const pool = Buffer.alloc(4 * POOL_WORDS);
    try {
      for (let i = 0; i < POOL_WORDS; i++) pool.writeInt32LE(this.options.random.next32(), 4 * i);
    } catch {
      return 1;
    }
    this.#write(Bridge.POOL, pool);
    return 0;
  }

  /** Sets the request, and what is left of the last answer, back to FF. */
  #blank(): void {
    this.#write(Bridge.REQUEST, Buffer.alloc(Bridge.POOL, 255));
  }
  #read(offset: number, length: number): Buffer {
    const bytes = Buffer.alloc(length);
    readSync(this.#fd, bytes, 0, length, this.options.places.bridge + offset);
    return bytes;
  }
  #write(offset: number, bytes: Uint8Array): void {
    writeSync(this.#fd, bytes, 0, bytes.length, this.options.places.bridge + offset);
  }
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value | 0);
  return bytes;
}

/** First and number of the bytes from the first to the last that differ. */
function changed(before: Uint8Array, after: Uint8Array): [number, number] {
  let from = 0;
  let end = before.length;
  while (from < end && before[from] === after[from]) from++;
  while (end > from && before[end - 1] === after[end - 1]) end--;
  return [from, end - from];
}
