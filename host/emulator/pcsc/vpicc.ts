/**
 * A card in a virtual reader: the card's side of the protocol of vsmartcard's vpcd (read and
 * measured with Debian's vpcd 3.3). Platform-free: it works on any Duplex.
 *
 * The reader listens, the card connects: connected is inserted, disconnected is removed. A frame is
 * a 2-byte big-endian length and a body, both ways. From the reader a body of one byte is control
 * (off, on, reset: no answer; ATR: answered), a longer one an APDU, answered by the card's answer.
 * Limits: one APDU is at most 65535 bytes; a reader that is not vpcd is not told from one.
 */

import { concat, uint16 } from "../../sdk/crypto/bytes.js";
import { LinkError } from "../../sdk/links/link.js";
import type { Duplex } from "../../sdk/links/link.js";

/** What a reader does to a card's supply and reset contacts. */
export type PowerEvent = "off" | "on" | "reset";

export interface ReadableCard {
  readonly atr: Uint8Array;
  power(event: PowerEvent): Promise<void>;
  /** Any answer that is not a status word at least, or a rejection, takes the card out. */
  transmit(apdu: Uint8Array): Promise<Uint8Array>;
}

export interface Inserted {
  /** When the card is out of the reader, for whatever reason; never rejects. */
  readonly ended: Promise<Error | undefined>;
  remove(): void;
}

const POWER: readonly (PowerEvent | undefined)[] = ["off", "on", "reset"];
const GET_ATR = 4;
/** vpcd asks for the ATR several times a second: silence means that it serves another card. */
const FIRST_MS = 5000;

/** Cuts a byte stream into the bodies of its frames. */
export class BodySplitter {
  private rest: Uint8Array = new Uint8Array(0);

  push(bytes: Uint8Array): Uint8Array[] {
    const bodies: Uint8Array[] = [];
    let rest = concat(this.rest, bytes);
    while (rest.length >= 2) {
      const end = 2 + (rest[0] as number) * 256 + (rest[1] as number);
      if (rest.length < end) break;
      bodies.push(rest.slice(2, end));
      rest = rest.slice(end);
    }
    this.rest = rest;
    return bodies;
  }
}

export const encodeBody = (body: Uint8Array): Uint8Array => concat(uint16(body.length), body);

/** Resolves once the reader has asked something; takes over the duplex and closes it at the end. */
export function insertCard(
  duplex: Duplex,
  card: ReadableCard,
  firstMs = FIRST_MS,
): Promise<Inserted> {
  return new Promise((resolve, reject) => {
    const splitter = new BodySplitter();
    let queue: Promise<unknown> = Promise.resolve();
    let over = false;
    let end: (error?: Error) => void = () => undefined;
    const ended = new Promise<Error | undefined>((done) => (end = done));
    const stop = (error?: Error) => {
      if (over) return;
      over = true;
      clearTimeout(timer);
      end(error);
      void duplex.close();
    };
    const timer = setTimeout(() => {
      reject(new LinkError("link/slot-silent", {}));
      stop();
    }, firstMs);
    duplex.onClose((error) => {
      stop(error);
      reject(new LinkError("link/hung-up", { link: "the reader" }, { cause: error }));
    });
    duplex.onData((bytes) => {
      for (const body of splitter.push(bytes)) {
        clearTimeout(timer);
        resolve({ ended, remove: () => stop() });
        // One at a time, in order: a reset counts for what comes after it.
        queue = queue
          .then(async () => {
            const answer = over ? undefined : await handle(card, body);
            if (answer && !over) await duplex.write(encodeBody(answer));
          })
          .catch(stop);
      }
    });
  });
}

async function handle(card: ReadableCard, body: Uint8Array): Promise<Uint8Array | undefined> {
  if (body.length > 1) {
    const answer = await card.transmit(body);
    if (answer.length >= 2) return answer;
    throw new LinkError("link/garbled", {});
  }
  const [code = -1] = body;
  if (code === GET_ATR) return card.atr;
  const event = POWER[code];
  if (event) await card.power(event);
  return undefined;
}
