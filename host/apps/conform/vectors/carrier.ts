/**
 * What carries APDUs for the vectors: frames of their own over a byte link (docs/protocol.md 9), so
 * that also what no library would send gets through, or a link's own way where there are no bytes
 * below the commands. Every wait has an end.
 */
import { LinkError, type Duplex, type Transport } from "../../../sdk/links/link.js";
import { pause } from "../../../sdk/links/time/waits.js";
import { frame } from "../../../../test/vectors/messages.js";
import { byte, type Bytes } from "../../../../test/vectors/suite.js";
import type { Place } from "../rack.js";

export interface Carrier {
  /** Extended APDUs, and malformed ones of fewer than four bytes, go through. */
  readonly anyApdu: boolean;
  /** One APDU, one answer: data and status word. Throws LinkError. */
  exchange(apdu: Bytes): Promise<Bytes>;
  close(): Promise<void>;
}

const TRIES = 6;
const TRY_MS = 5000;

/** A link to the card there, its channel ended. Throws LinkError. */
export async function carrierTo({ name, open, wire }: Place): Promise<Carrier> {
  if (!wire) return overTransport(await open());
  const carrier = new Frames(await wire(), name);
  const answer = await carrier.exchange(byte()).catch(async (error: unknown) => {
    await carrier.close();
    throw error;
  });
  if (answer.length) throw new Error("the sync frame was answered by something");
  return carrier;
}

function overTransport(transport: Transport): Carrier {
  return {
    anyApdu: false,
    exchange: (apdu) => transport.transmit(apdu),
    close: () => transport.close(),
  };
}

class Frames implements Carrier {
  readonly anyApdu = true;
  #seq = 0;
  #text = "";
  #heard: (() => void) | undefined;
  #lost: LinkError | undefined;

  constructor(
    private readonly duplex: Duplex,
    private readonly name: string,
  ) {
    duplex.onData((bytes) => {
      this.#text += Buffer.from(bytes).toString("latin1");
      this.#heard?.();
    });
    duplex.onClose((error) => {
      const detail = /^busy: .*$/m.exec(this.#text)?.[0] ?? error?.message;
      this.#lost = new LinkError("link/hung-up", { link: name, detail });
      this.#heard?.();
    });
  }

  async exchange(apdu: Bytes): Promise<Bytes> {
    this.#seq = (this.#seq + 1) & 255;
    const line = frame(this.#seq, apdu);
    for (let attempt = 0; attempt < TRIES; attempt++) {
      // What stands in the card's input, half a line of whoever was here before, ends first.
      await this.duplex.write(
        new TextEncoder().encode(`${attempt || !apdu.length ? "\n" : ""}${line}\n`),
      );
      const answer = await this.#answer();
      if (answer) return answer;
    }
    const seconds = (TRIES * TRY_MS) / 1000;
    throw new LinkError("link/no-answer", { link: this.name, seconds });
  }

  /** The answer to this sequence number; undefined when none came in time. */
  async #answer(): Promise<Bytes | undefined> {
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), TRY_MS);
    try {
      while (!late.signal.aborted) {
        if (this.#lost) throw this.#lost;
        const end = this.#text.indexOf("\n");
        if (end < 0) {
          const wake = new AbortController();
          this.#heard = () => wake.abort();
          await pause(TRY_MS, AbortSignal.any([wake.signal, late.signal]));
          continue;
        }
        const line = this.#text.slice(0, end);
        this.#text = this.#text.slice(end + 1);
        const bytes = new Uint8Array(Buffer.from(line, "base64"));
        if (bytes[0] !== this.#seq || bytes.length < 5) continue;
        const answer = bytes.subarray(1, -4);
        if (frame(this.#seq, answer) === line) return answer;
      }
      return undefined;
    } finally {
      clearTimeout(timer);
      this.#heard = undefined;
    }
  }

  async close(): Promise<void> {
    await this.duplex.close();
  }
}
