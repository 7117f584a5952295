/**
 * What no client of a board says: any web page can make its browser send requests to a port of this
 * machine, blindly, and put a board's lines into their bodies. A request is told by how it begins.
 */

/** Of HTTP (RFC 9110, 9.1), WebDAV's left out: browsers send none of those unasked. */
const METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"];

/** "unknown": more must come before it can be told. */
export function isHttp(beginning: string): boolean | "unknown" {
  if (METHODS.some((method) => beginning.startsWith(`${method} `))) return true;
  return METHODS.some((method) => `${method} `.startsWith(beginning)) && "unknown";
}

/** Takes a connection's bytes in order; hands on what is not a request, and drops what is. */
export class Doorman {
  #beginning: Buffer | undefined = Buffer.alloc(0);

  constructor(
    private readonly pass: (bytes: Buffer) => void,
    private readonly drop: () => void,
  ) {}

  take(bytes: Buffer): void {
    if (!this.#beginning) return this.pass(bytes);
    this.#beginning = Buffer.concat([this.#beginning, bytes]);
    const found = isHttp(this.#beginning.toString("latin1", 0, 16));
    if (found === "unknown") return;
    if (found) return this.drop();
    const held = this.#beginning;
    this.#beginning = undefined;
    this.pass(held);
  }
}
