/**
 * Boards as NFC tags on PC/SC readers. What such a reader calls a storage card is driven by the
 * pseudo-APDUs of PC/SC Part 3, 3.2.2.1: READ BINARY (FF B0, 16 bytes = one READ) and UPDATE BINARY
 * (FF D6, 4 bytes = one WRITE). Node only.
 *
 * Whatever a reader says but 9000 is taken for silence: readers differ in their words for a NAK, a
 * late answer and a tag that is gone; the last one is told when the wait is over. Some say 6300
 * after a write that was done, so it is read back; some read one page in place of four. A card that
 * was taken away is connected again when it is back, within the wait of the command. Limits: not
 * run with a board; a driver that hangs ends the link.
 */

import { concat, equal, toHex } from "../../crypto/bytes.js";
import { LinkError } from "../link.js";
import type { Transport } from "../link.js";
import { MailboxTransport } from "../nfc/mailbox.js";
import type { MailboxOptions } from "../nfc/mailbox.js";
import type { PcscCard, PcscContext, PcscPackage } from "./package.js";
import { letGo } from "./package.js";
import { MAILBOX } from "../../wire/generated.js";
import { ReaderWord } from "../nfc/tag.js";
import type { Tag } from "../nfc/tag.js";
import { within } from "../time/waits.js";

/** PC/SC Part 3, 3.1.3.2.3: RID of the PC/SC workgroup in the historical bytes. */
const RID = "a000000306";
/** What follows the RID and the standard's byte: the card's name. */
const CLASSIC = /^..000[12]/;
const HANG_MS = 5000;
/** Bytes of a page, and pages of a READ. */
const PAGE = 4;
const PAGES = 4;
/** Past it a READ shows zeros, and none may begin there. */
const { LAST_PAGE } = MAILBOX;

export interface TagPlace {
  readonly pcsc: PcscPackage;
  readonly context: PcscContext;
  readonly card: PcscCard;
  /** Connects to the card that is there now, if one is. */
  readonly again: () => Promise<PcscCard | undefined>;
}

/** By its ATR; without one, by whether it has a capability container in page 3. */
export async function isStorageCard(card: PcscCard): Promise<boolean> {
  const { atr } = card;
  if (atr?.length) return Buffer.from(atr).toString("hex").includes(RID);
  if (atr === undefined) return false;
  try {
    const answer = Uint8Array.from(await card.transmit([0xff, 0xb0, 0, 3, 4]));
    return answer.length >= 6 && answer[0] === 0xe1 && answer.at(-2) === 0x90;
  } catch {
    return false;
  }
}

export async function openTag(
  place: TagPlace,
  options: MailboxOptions & { name: string },
): Promise<Transport> {
  const hex = Buffer.from(place.card.atr ?? []).toString("hex");
  if (CLASSIC.test(hex.slice(hex.indexOf(RID) + RID.length))) {
    await letGo(place.pcsc, place.context, place.card, Promise.resolve());
    throw new LinkError("link/foreign-tag", { link: options.name, classic: true });
  }
  return MailboxTransport.connect(new PcscTag(place, options), options);
}

class PcscTag implements Tag {
  readonly #place: TagPlace;
  readonly #options: MailboxOptions & { name: string };
  #card: PcscCard | undefined;
  #busy: Promise<unknown> = Promise.resolve();
  #hung: LinkError | undefined;

  constructor(place: TagPlace, options: MailboxOptions & { name: string }) {
    this.#place = place;
    this.#options = options;
    this.#card = place.card;
  }

  async read(page: number): Promise<Uint8Array> {
    const bytes = await this.#send([0xff, 0xb0, 0, page, PAGES * PAGE]);
    if (bytes.length === PAGES * PAGE) return bytes;
    if (bytes.length === PAGE) return this.#readSingly(page, bytes);
    throw new Error(`the reader reads ${bytes.length} bytes in place of ${PAGES * PAGE}`);
  }
  async write(page: number, data: Uint8Array): Promise<void> {
    try {
      await this.#send([0xff, 0xd6, 0, page, data.length, ...data]);
    } catch (error) {
      if (!(error instanceof ReaderWord)) throw error;
      // Done all the same? A tag that computes by now is silent: its status page tells later.
      const there = await this.read(page).catch(() => new Uint8Array(0));
      if (!equal(there.slice(0, data.length), data)) throw error;
    }
  }
  async close(): Promise<void> {
    await letGo(this.#place.pcsc, this.#place.context, this.#card, this.#busy);
  }

  /** The pages after one that was read alone; all of one moment, as far as the first tells. */
  async #readSingly(page: number, first: Uint8Array): Promise<Uint8Array> {
    const single = (at: number) => this.#send([0xff, 0xb0, 0, at, PAGE]);
    const parts = [first];
    for (let at = page + 1; at < page + PAGES; at++)
      parts.push(at > LAST_PAGE ? new Uint8Array(PAGE) : await single(at));
    if (equal(await single(page), first)) return concat(...parts);
    throw new Error("the tag changed while its pages were read one by one");
  }

  /** The data of an answer that ends in 9000. */
  async #send(command: number[]): Promise<Uint8Array> {
    if (this.#hung) throw this.#hung;
    const answer = await this.#bounded(this.#transmit(command));
    const end = answer.length - 2;
    if (answer[end] === 0x90 && answer[end + 1] === 0) return answer.slice(0, end);
    throw new ReaderWord(`the reader says ${toHex(answer.slice(-2)) || "nothing"}`);
  }

  async #transmit(command: number[]): Promise<Uint8Array> {
    this.#card ??= await this.#place.again();
    if (!this.#card) throw new Error("no card is on the reader");
    try {
      return Uint8Array.from(await this.#card.transmit(command));
    } catch (error) {
      this.#drop();
      throw error;
    }
  }

  /** The connection is of no more use; the card may come back. */
  #drop(): void {
    try {
      this.#card?.disconnect(this.#place.pcsc.SCARD_RESET_CARD);
    } catch {
      // It is gone already.
    }
    this.#card = undefined;
  }

  async #bounded<T>(answer: Promise<T>): Promise<T> {
    this.#busy = answer.catch(() => undefined);
    const { name, timeoutMs = HANG_MS } = this.#options;
    const late = () => (this.#hung = new LinkError("link/driver", { link: name }));
    return within(answer, { ms: Math.min(timeoutMs, HANG_MS), late });
  }
}
