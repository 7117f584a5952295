/**
 * The SoftDevice as its families of calls see it, and the parts of its Bluetooth stack each other.
 */

import type { Central, Air } from "../../air/air.js";
import type { Bus } from "../bus.js";
import type { Core } from "../cpu/core.js";
import type { FlashPort } from "../soc/memory/nvmc.js";
import type { Soc, World } from "../soc/soc.js";
import type { FlashQueue } from "./flash-queue.js";
import type { Attribute, Attributes } from "./ble/attributes.js";
import type { Uuids } from "./ble/uuids.js";
import type { Guest } from "./guest.js";
import type { RandomPool } from "./random.js";

export interface SoftDevicePort {
  readonly bus: Bus;
  readonly cpu: Core;
  readonly soc: Soc;
  readonly world: World;
  readonly guest: Guest;
  readonly random: RandomPool;
  readonly flash: FlashPort;
  readonly flashQueue: FlashQueue;
  readonly enabled: boolean;
  /** Which radio events SWI1 is to tell: NRF_RADIO_NOTIFICATION_TYPES. */
  notification: number;
  enable(lfSource: number): void;
  disable(): void;
  socEvent(event: number): void;
  nextSocEvent(): number | undefined;
  /** Something can be fetched by evt_get or ble_evt_get. */
  signal(): void;
  /** The radio was on, or will be. */
  notify(): void;
  requestCrystal(): void;
  releaseCrystal(): void;
}

/** What the calls of the Bluetooth stack share. */
export interface BlePort {
  readonly sd: SoftDevicePort;
  readonly uuids: Uuids;
  readonly attributes: Attributes;
  readonly link: LinkPort;
  readonly air: Air | undefined;
  readonly drive: (until: () => boolean) => void;
  enabled: boolean;
  /** ATT's largest packet that the program allowed; 23 unless ble_enable said more. */
  mtu: number;
  /** Kept as the program set them. */
  name: Uint8Array;
  appearance: number;
  preferred: Uint8Array;
  /** Own address: 6 bytes of the air, and its type. */
  address: { readonly type: number; readonly bytes: Uint8Array };
  /** False when there is no room: the stack loses the event. */
  push(event: Uint8Array): boolean;
  readonly next: Uint8Array | undefined;
  drop(): void;
}

export interface PairingPort {
  /** ble_gap_conn_sec_t: mode and level, size of the key. */
  readonly security: Uint8Array;
  readonly level: number;
  /** What became of the last request; undefined while it is open or none was made. */
  readonly outcome: "paired" | "bonded" | "refused" | "failed" | undefined;
  request(peer: Peer): void;
  reply(status: number, parameters: number, keys: number): number;
}
export interface Peer {
  readonly bond: boolean;
  readonly mitm: boolean;
  /** BLE_GAP_IO_CAPS: 4 = keyboard and display, as phones have. */
  readonly io: number;
}

/** What a central asks of the server, one after the other, as ATT demands. */
export type Request =
  | { readonly kind: "mtu"; readonly mtu: number }
  | {
      readonly kind: "write";
      readonly to: Attribute;
      readonly bytes: Uint8Array;
      /** Without response: nothing waits for it. */
      readonly command: boolean;
    }
  | { readonly kind: "subscribe"; readonly handle: number; readonly value: number };

/** Advertising and the one connection. */
export interface LinkPort {
  readonly pairing: PairingPort;
  readonly requests: { add(request: Request): void; idle(): Promise<void> };
  readonly handle: number;
  /** Counts connections. */
  readonly connection: number;
  readonly advertising: boolean;
  /** Advertising that a central may answer. */
  readonly connectable: boolean;
  readonly connected: boolean;
  readonly intervalCycles: number;
  readonly mtu: number;
  askedMtu: number;
  readonly systemAttributes: boolean;
  /** Free buffers for notifications. */
  readonly packets: number;
  /** Packets of the advertising, as the program laid them. */
  readonly data: Uint8Array;
  readonly response: Uint8Array;
  begin(): void;
  is(connection: number): boolean;
  /** The last connection's handle stays good for its system attributes. */
  knew(connection: number): boolean;
  setPackets(data: Uint8Array | undefined, response: Uint8Array | undefined): void;
  advertise(type: number, interval: number): number;
  hush(): boolean;
  ask(parameters: number | undefined): number;
  hangUp(reason: number): number;
  replyMtu(mtu: number): number;
  cccd(handle: number): Uint8Array | undefined;
  subscription(handle: number): number;
  subscribe(handle: number, value: number): void;
  setSystemAttributes(bytes: Uint8Array | undefined): void;
  getSystemAttributes(): Uint8Array;
  indicate(attribute: Attribute, value: Uint8Array): number;
  notify(attribute: Attribute, value: Uint8Array): number;
  join(central: Central): void;
  leave(reason: number): void;
  confirmed(): void;
}
