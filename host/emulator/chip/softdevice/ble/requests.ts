/**
 * What a central asks of the server, one after the other, as ATT demands: each has its answer
 * first.
 */

import type { BlePort, Request } from "../port.js";
import type { Attribute } from "./attributes.js";
import { EVENT, event, le16 } from "./events.js";

const WRITE_REQUEST = 1;
const SIG = 1;
const CCCD = 0x2902;

export class Requests {
  readonly #queue: Request[] = [];
  #asked = false;
  #idle: (() => void)[] = [];

  constructor(private readonly ble: BlePort) {}

  get waiting(): number {
    return this.#queue.length;
  }
  add(request: Request): void {
    this.#queue.push(request);
  }
  clear(): void {
    this.#queue.length = 0;
    this.#asked = false;
    this.#rest();
  }
  /** Until everything asked so far has its answer, or the link is over. */
  idle(): Promise<void> {
    if (!this.waiting) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }
  #rest(): void {
    for (const tell of this.#idle.splice(0)) tell();
  }

  /** At a connection event: the next one is carried out, unless the program has to speak first. */
  step(): void {
    const next = this.#queue[0];
    if (next && this.#carry(next)) this.#queue.shift();
    if (!this.waiting) this.#rest();
  }

  #carry(request: Request): boolean {
    const { link } = this.ble;
    if (request.kind === "mtu") {
      link.askedMtu = request.mtu;
      return this.#tell(EVENT.EXCHANGE_MTU_REQUEST, le16(request.mtu));
    }
    if (request.kind === "write") return this.#write(request.to, request.bytes);
    if (!link.systemAttributes) {
      if (!this.#asked) this.#asked = this.#tell(EVENT.SYS_ATTR_MISSING, [0]);
      return false;
    }
    link.subscribe(request.handle, request.value);
    const uuid = [...le16(CCCD), SIG, 0];
    return this.#written(request.handle, uuid, Uint8Array.from(le16(request.value)));
  }
  #write(to: Attribute, bytes: Uint8Array): boolean {
    this.ble.attributes.set(to, 0, bytes);
    return this.#written(to.handle, [...le16(to.uuid.short), to.uuid.type, 0], bytes);
  }
  #written(handle: number, uuid: number[], bytes: Uint8Array): boolean {
    const head = [...le16(handle), ...uuid, WRITE_REQUEST, 0, ...le16(0), ...le16(bytes.length)];
    return this.#tell(EVENT.WRITE, [...head, ...bytes]);
  }
  /**
   * False when the queue of events is full: the request waits, flow control as the stack does it.
   */
  #tell(id: (typeof EVENT)[keyof typeof EVENT], part: number[]): boolean {
    return this.ble.push(event(id, this.ble.link.handle, part));
  }
}
