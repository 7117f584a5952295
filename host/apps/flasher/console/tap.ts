/**
 * One byte link that is used by several readers in turn: first as a card's link, then as the
 * interpreter's console. Whoever borrows it can't close it for the next.
 */
import { concat } from "../../../sdk/crypto/bytes.js";
import type { Duplex } from "../../../sdk/links/link.js";

export class Tap {
  #reader: ((bytes: Uint8Array) => void) | undefined;
  #closed: { error?: Error } | undefined;
  readonly #closers = new Set<(error?: Error) => void>();
  /** The last bytes that came in, whoever read them: for saying what was there. */
  seen: Uint8Array = new Uint8Array(0);

  readonly #duplex: Duplex;

  constructor(duplex: Duplex) {
    this.#duplex = duplex;
    duplex.onData((bytes) => {
      this.seen = concat(this.seen, bytes).subarray(-2000);
      this.#reader?.(bytes);
    });
    duplex.onClose((error) => {
      this.#closed = { error };
      for (const listener of this.#closers) listener(error);
    });
  }

  get closed(): boolean {
    return this.#closed !== undefined;
  }

  borrow(): Duplex {
    const closers: ((error?: Error) => void)[] = [];
    return {
      write: (bytes) => this.#duplex.write(bytes),
      onData: (listener) => void (this.#reader = listener),
      onClose: (listener) => {
        if (this.#closed) return listener(this.#closed.error);
        closers.push(listener);
        this.#closers.add(listener);
      },
      close: () => {
        this.#reader = undefined;
        for (const listener of closers) this.#closers.delete(listener);
      },
    };
  }

  async close(): Promise<void> {
    await this.#duplex.close();
  }
}
