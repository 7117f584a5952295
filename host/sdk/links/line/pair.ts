/**
 * Two ends of a byte link in memory, for boards and tests in the same process. Browser-safe.
 */

import type { Duplex } from "../link.js";

class End implements Duplex {
  peer!: End;
  #closed = false;
  readonly #waiting: Uint8Array[] = [];
  #data: ((bytes: Uint8Array) => void) | undefined;
  readonly #closers: ((error?: Error) => void)[] = [];

  write(bytes: Uint8Array): void {
    if (this.#closed) throw new Error("the link is closed");
    const copy = bytes.slice();
    // Never within the writer's call: a real link does not answer before `write` returns either.
    queueMicrotask(() => this.peer.#deliver(copy));
  }
  onData(listener: (bytes: Uint8Array) => void): void {
    this.#data = listener;
    for (const bytes of this.#waiting.splice(0)) listener(bytes);
  }
  onClose(listener: (error?: Error) => void): void {
    if (this.#closed) listener();
    else this.#closers.push(listener);
  }
  close(): void {
    this.#end();
    this.peer.#end();
  }
  #deliver(bytes: Uint8Array): void {
    if (this.#closed) return;
    if (this.#data) this.#data(bytes);
    else this.#waiting.push(bytes);
  }
  #end(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const listener of this.#closers.splice(0)) listener();
  }
}

/** What one end writes, the other gets; closing one closes both. */
export function duplexPair(): [Duplex, Duplex] {
  const ends: [End, End] = [new End(), new End()];
  [ends[0].peer, ends[1].peer] = [ends[1], ends[0]];
  return ends;
}
