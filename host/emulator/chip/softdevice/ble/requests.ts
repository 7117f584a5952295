/**
 * What a central asks of the server, one after the other, as ATT demands: each has its answer
 * first. Commands have none: several go in one connection event.
 */

import type { BlePort, Request } from "../port.js";
import { EVENT, event, le16 } from "./events.js";

const WRITE_REQUEST = 1;
const WRITE_COMMAND = 2;
/** Packets that one connection event brings, at high bandwidth. */
const PER_EVENT = 6;
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

  /**
   * At a connection event: commands, then the next request, unless the program has to speak first.
   */
  step(): void {
    let next: Request | undefined;
    let left = PER_EVENT;
    do {
      next = this.#queue[0];
      if (!next || !this.#carry(next)) break;
      this.#queue.shift();
    } while (--left && next.kind === "write" && next.command);
    if (!this.waiting) this.#rest();
  }

  #carry(request: Request): boolean {
    const { link } = this.ble;
    if (request.kind === "mtu") {
      link.askedMtu = request.mtu;
      return this.#tell(EVENT.EXCHANGE_MTU_REQUEST, le16(request.mtu));
    }
    if (request.kind === "write") return this.#write(request);
    if (!link.systemAttributes) {
      if (!this.#asked) this.#asked = this.#tell(EVENT.SYS_ATTR_MISSING, [0]);
      return false;
    }
    link.subscribe(request.handle, request.value);
    const uuid = [...le16(CCCD), SIG, 0];
    const value = Uint8Array.from(le16(request.value));
    return this.#written(request.handle, uuid, value, WRITE_REQUEST);
  }
  #write({ to, bytes, command }: Request & { kind: "write" }): boolean {
    this.ble.attributes.set(to, 0, bytes);
    const uuid = [...le16(to.uuid.short), to.uuid.type, 0];
    return this.#written(to.handle, uuid, bytes, command ? WRITE_COMMAND : WRITE_REQUEST);
  }
  #written(handle: number, uuid: number[], bytes: Uint8Array, operation: number): boolean {
    const head = [...le16(handle), ...uuid, operation, 0, ...le16(0), ...le16(bytes.length)];
    return this.#tell(EVENT.WRITE, [...head, ...bytes]);
  }
  /**
   * False when the queue of events is full: the request waits, flow control as the stack does it.
   */
  #tell(id: (typeof EVENT)[keyof typeof EVENT], part: number[]): boolean {
    return this.ble.push(event(id, this.ble.link.handle, part));
  }
}
