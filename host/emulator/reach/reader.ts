/**
 * A contactless PC/SC reader whose coil is at emulated boards (coil.ts): stands in for the
 * `smartcard` package (host/sdk/links/pcsc/package.ts), so that `pcsc:` links reach boards' tags in
 * other processes. A board is a reader of its own, on which it lies as long as it answers; who
 * connects has it alone, as every link here asks for.
 *
 * Pseudo-APDUs become frames as such readers make them (PC/SC Part 3, 3.2.2.1): READ BINARY is a
 * READ, UPDATE BINARY a WRITE; 63 00 stands for a NAK and for silence alike.
 */

import { fromHex, toHex } from "../../sdk/crypto/bytes.js";
import type { PcscCard, PcscPackage, PcscReader } from "../../sdk/links/pcsc/package.js";
import { parseLinkUri } from "../../sdk/links/registry.js";
import { TAG } from "../../sdk/wire/generated.js";
import { LineAsker } from "./lines.js";

/** What readers show of an Ultralight or NTAG (PC/SC Part 3, 3.1.3.2.3). */
const ATR = fromHex("3b8f8001804f0ca0000003060300030000000068");
const PRESENT = 0x20;
const GOOD = [0x90, 0x00];
const FAILED = [0x63, 0x00];
const UNKNOWN = [0x6d, 0x00];
/** pcsc-lite's words of SCARD_E_SHARING_VIOLATION. */
const SHARED = "Sharing violation.";

type Answer =
  | { readonly kind: "answer"; readonly bytes: string }
  | { readonly kind: "ack"; readonly value: number }
  | { readonly kind: "nothing" };

class EmulatedReader implements PcscReader {
  readonly name: string;
  state = 0;
  readonly #place: { host: string; port: number };
  #asker: LineAsker | undefined;
  /** Whom this program let have the tag, for itself alone. */
  #held: PcscCard | undefined;
  #leaving: Promise<void> | undefined;

  constructor(uri: string) {
    const link = parseLinkUri(uri);
    if (link.scheme !== "tcp") throw new Error(`${uri}: an emulated coil is at tcp:HOST:PORT`);
    this.#place = link;
    this.name = `Kincard emulated coil ${link.host}:${link.port}`;
  }

  /** Puts the field on, and looks whether a tag answers. */
  async look(): Promise<void> {
    if (this.#held) return;
    try {
      this.state = await this.#select(await this.#open());
    } catch {
      this.state = 0;
    }
  }
  async connect(): Promise<PcscCard> {
    if (this.#held) throw new Error(SHARED);
    const card: PcscCard = {
      atr: ATR,
      transmit: async (command) => Uint8Array.from(await this.#run(command)),
      disconnect: () => {
        if (this.#held !== card) return;
        this.#held = undefined;
        this.#leaving = this.#reset().catch(() => undefined);
      },
    };
    // At once, so that no other can come between.
    this.#held = card;
    try {
      const asker = await this.#open();
      if (!(await asker.ask<boolean>("take"))) throw new Error(SHARED);
      this.state = await this.#select(asker);
      if (!this.state) throw new Error("Card was removed");
      return card;
    } catch (error) {
      card.disconnect(0);
      throw error;
    }
  }

  /** A reset of the card: the field goes for a moment. */
  async #reset(): Promise<void> {
    const asker = this.#asker;
    this.#asker = undefined;
    await asker?.ask("field", { on: false });
    asker?.close();
  }
  async #run(command: readonly number[]): Promise<number[]> {
    const [cla, ins, p1, page = 0, length = 0, ...data] = command;
    const read = ins === 0xb0 && data.length === 0;
    const update = ins === 0xd6 && length === 4 && data.length === 4;
    if (cla !== 0xff || p1 !== 0 || (!read && !update)) return UNKNOWN;
    const frame = read ? [TAG.READ, page] : [TAG.WRITE, page, ...data];
    const asker = this.#asker;
    if (!asker || asker.closed) throw new Error("Card was removed");
    const answer = await asker.ask<Answer>("frame", { bytes: toHex(Uint8Array.from(frame)) });
    if (answer.kind === "answer")
      return [...fromHex(answer.bytes).subarray(0, length || 16), ...GOOD];
    if (answer.kind === "ack" && answer.value === TAG.ACK) return GOOD;
    // Silent once: readers select it again.
    if (answer.kind === "nothing") await asker.ask("select");
    return FAILED;
  }
  async #open(): Promise<LineAsker> {
    await this.#leaving;
    if (this.#asker && !this.#asker.closed) return this.#asker;
    this.#asker = await LineAsker.open(this.#place);
    return this.#asker;
  }
  /** With its field on: another may have had the coil until now. */
  async #select(asker: LineAsker): Promise<number> {
    await asker.ask("field", { on: true });
    return (await asker.ask<string | null>("select")) === null ? 0 : PRESENT;
  }
}

/** `uris`: where coils are served, tcp:HOST:PORT. Throws for another kind. */
export function emulatedReaders(uris: readonly string[]): () => Promise<PcscPackage> {
  const readers = uris.map((uri) => new EmulatedReader(uri));
  class Context {
    isValid = true;
    readonly #cards: PcscCard[] = [];
    listReaders(): PcscReader[] {
      // What is seen now is shown the next time: asking takes a moment.
      for (const reader of readers) if (!reader.state) void reader.look();
      return readers.map((reader) => ({
        ...{ name: reader.name, state: reader.state },
        connect: async () => {
          const card = await reader.connect();
          this.#cards.push(card);
          return card;
        },
      }));
    }
    close(): void {
      this.isValid = false;
      for (const card of this.#cards.splice(0)) card.disconnect(0);
    }
  }
  return async () => {
    await Promise.all(readers.map((reader) => reader.look()));
    return {
      ...{ Context, SCARD_SHARE_EXCLUSIVE: 1, SCARD_PROTOCOL_T0: 1, SCARD_PROTOCOL_T1: 2 },
      ...{ SCARD_RESET_CARD: 1, SCARD_STATE_PRESENT: PRESENT },
    };
  };
}
