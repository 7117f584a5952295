/**
 * The SoftDevice's Bluetooth stack: what its four families of calls share. The queue of events, the
 * table of attributes and of UUIDs, what is advertised, and the one connection.
 */

import type { Air } from "../../../air/air.js";
import type { Family } from "../calls.js";
import type { BlePort, SoftDevicePort } from "../port.js";
import { addressText } from "./address.js";
import { Attributes } from "./attributes.js";
import { commonFamily } from "./common.js";
import { gapFamily } from "./gap.js";
import { gattcFamily, l2capFamily } from "./others.js";
import { gattsFamily } from "./gatts.js";
import { Link } from "./link.js";
import { Uuids } from "./uuids.js";

/** Bytes of the queue of events. */
const QUEUE = 1024;

export class Ble implements BlePort {
  readonly families: readonly Family[];
  /** The address that the chip was made with, as people write it. */
  readonly factory: string;
  readonly uuids: Uuids;
  readonly attributes: Attributes;
  readonly link: Link;
  enabled = false;
  /** ATT's largest packet that the program allowed; 23 unless ble_enable said more. */
  mtu = 23;
  /** Kept as the program set them. */
  name: Uint8Array = new Uint8Array(0);
  appearance = 0;
  preferred: Uint8Array = new Uint8Array(8);
  /** Own address: 6 bytes of the air, and its type. */
  address: { type: number; bytes: Uint8Array };
  readonly #events: Uint8Array[] = [];
  #bytes = 0;
  /** Most bytes that ever waited in the queue. */
  highWater = 0;

  constructor(
    readonly sd: SoftDevicePort,
    factory: Uint8Array,
  ) {
    const RANDOM_STATIC = 1;
    this.factory = addressText(factory);
    this.address = { type: RANDOM_STATIC, bytes: factory.slice() };
    this.uuids = new Uuids(sd.guest);
    this.attributes = new Attributes(sd.guest, this.uuids);
    this.link = new Link(this);
    this.families = [
      commonFamily(this),
      gapFamily(this),
      gattcFamily(),
      gattsFamily(this),
      l2capFamily(),
    ];
  }

  /** The air around; set by the board. */
  air: Air | undefined;
  /** Runs the chip until this is so, or for some seconds of its time; set by the board. */
  drive: (until: () => boolean) => void = () => undefined;

  /** False when there is no room: the stack loses the event. */
  push(event: Uint8Array): boolean {
    if (this.#bytes + event.length > QUEUE) return false;
    this.#events.push(event);
    this.#bytes += event.length;
    this.highWater = Math.max(this.highWater, this.#bytes);
    this.sd.signal();
    return true;
  }
  get next(): Uint8Array | undefined {
    return this.#events[0];
  }
  drop(): void {
    this.#bytes -= this.#events.shift()?.length ?? 0;
  }

  /** The SoftDevice was disabled: the table, the UUIDs and the connection go. */
  disable(): void {
    this.link.end();
    this.enabled = false;
    this.attributes.clear();
    this.uuids.clear();
    this.#events.length = 0;
    this.#bytes = 0;
  }
}
