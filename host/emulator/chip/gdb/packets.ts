/** GDB's framing: `$data#checksum`, acknowledged by `+`; 0x03 alone interrupts. */

const ESCAPE = 0x7d;
export const INTERRUPT = "\x03";

export const toHex = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");

export function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** A 32-bit value as the target's bytes. */
export function word(value: number): string {
  return toHex(Uint8Array.of(value, value >>> 8, value >>> 16, value >>> 24));
}

export function fromWord(hex: string): number {
  const [a = 0, b = 0, c = 0, d = 0] = fromHex(hex);
  return (a | (b << 8) | (c << 16) | (d << 24)) >>> 0;
}

const sum = (text: string): string => {
  let total = 0;
  for (let i = 0; i < text.length; i++) total += text.charCodeAt(i);
  return (total & 255).toString(16).padStart(2, "0");
};

export const packet = (text: string): string => `$${text}#${sum(text)}`;

/** Bytes of a stream (latin1) in, packets' contents out. */
export class Unpacker {
  #rest = "";

  /** `damaged`: a packet whose checksum is wrong, to be asked for again. */
  *feed(text: string): Generator<{ readonly data: string } | "damaged"> {
    this.#rest += text;
    for (;;) {
      const starts = [this.#rest.indexOf("$"), this.#rest.indexOf(INTERRUPT)].filter(
        (at) => at >= 0,
      );
      const start = Math.min(...starts, Infinity);
      if (start === Infinity) {
        this.#rest = "";
        return;
      }
      if (this.#rest[start] === INTERRUPT) {
        this.#rest = this.#rest.slice(start + 1);
        yield { data: INTERRUPT };
        continue;
      }
      const end = this.#rest.indexOf("#", start);
      if (end < 0 || end + 2 >= this.#rest.length) {
        this.#rest = this.#rest.slice(start);
        return;
      }
      const data = this.#rest.slice(start + 1, end);
      const good = sum(data) === this.#rest.slice(end + 1, end + 3).toLowerCase();
      this.#rest = this.#rest.slice(end + 3);
      yield good ? { data } : "damaged";
    }
  }
}

/** Binary data in packets: 0x7d, then the byte with bit 5 changed. */
export function unescape(data: string): Uint8Array {
  const out: number[] = [];
  for (let i = 0; i < data.length; i++) {
    const code = data.charCodeAt(i);
    out.push(code === ESCAPE ? data.charCodeAt(++i) ^ 0x20 : code);
  }
  return Uint8Array.from(out);
}
