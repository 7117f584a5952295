/**
 * The stack's link: advertising, and one connection as peripheral to the air's central (its side is
 * air-side.ts). Everything moves at connection events, one interval apart.
 *
 * Limits: no latency, no lost packets, one request or indication an event, six commands or
 * notifications; a supervision timeout is
 * the board's or the central's power, never distance.
 */

import type { BlePort, LinkPort } from "../port.js";
import { REASON, type Central } from "../../../air/air.js";
import type { Handle } from "../../scheduler.js";
import { MS } from "../../soc/base/time.js";
import { NRF } from "../calls.js";
import type { Attribute } from "./attributes.js";
import { EVENT, event, le16, parameters, type ConnectionParameters } from "./events.js";
import { addressBytes } from "./address.js";
import { Pairing } from "./pairing.js";
import { AirSide } from "./air-side.js";
import { Requests } from "./requests.js";

const CONN_COUNT = 18;
const CONNECTABLE = 0;
/** BLE_GAP_ROLE_PERIPH. */
const PERIPHERAL = 1;
const LEAST_MTU = 23;
/** Buffers for notifications at high bandwidth. */
const PACKETS = 7;
/** Of those, what goes out in one connection event. */
const PER_EVENT = 6;
/** An indication's confirmation (Core 5.4 Vol 3 Part F 3.3.3). */
const ATT_TIMEOUT = 30_000 * MS;
/** In 0.625 ms and 1.25 ms. */
const ADVERTISING_UNIT = 0.625 * MS;
const INTERVAL_UNIT = 1.25 * MS;
/** What the central sets unless told: 15 ms, no latency, 4 s. */
const CHOSEN: ConnectionParameters = { interval: 12, latency: 0, timeout: 400 };

export class Link implements LinkPort {
  readonly pairing: Pairing;
  readonly requests: Requests;
  readonly handle = 0;
  /** Counts connections. */
  connection = 0;
  mtu = LEAST_MTU;
  askedMtu = 0;
  systemAttributes = false;
  /** Free buffers for notifications. */
  packets = PACKETS;
  /** The central's interval, for one that grants no other: nothing of what the board asks. */
  fixedMs: number | undefined;
  /** Longest intervals that the board asked for, in milliseconds. */
  readonly asked: number[] = [];
  /** Notifications that found no buffer. */
  lost = 0;
  /** Indications that were sent, and those nobody had subscribed to. */
  indications = 0;
  readonly #ble: BlePort;
  readonly #air: AirSide;
  #central: Central | undefined;
  #advertising: { readonly type: number; readonly interval: number } | undefined;
  /** Packets of the advertising, as the program laid them. */
  data: Uint8Array = new Uint8Array(0);
  response: Uint8Array = new Uint8Array(0);
  #parameters = CHOSEN;
  #beat: Handle | undefined;
  #indicating: { readonly attribute: Attribute; readonly value: Uint8Array } | undefined;
  #indicated = false;
  #notifying: { readonly attribute: Attribute; readonly value: Uint8Array }[] = [];
  readonly #cccds = new Map<number, number>();
  #ends: number | undefined;

  constructor(ble: BlePort) {
    this.#ble = ble;
    this.#air = new AirSide(ble, this);
    this.pairing = new Pairing(ble);
    this.requests = new Requests(ble);
  }

  // What the calls ask.

  begin(): void {
    this.#ble.air?.switched(this.#air);
  }
  get advertising(): boolean {
    return this.#advertising !== undefined;
  }
  /** Advertising that a central may answer. */
  get connectable(): boolean {
    return !this.connected && this.#advertising?.type === CONNECTABLE;
  }
  get connected(): boolean {
    return this.#central !== undefined;
  }
  is(connection: number): boolean {
    return this.connected && connection === this.handle;
  }
  /** The last connection's handle stays good for its system attributes. */
  knew(connection: number): boolean {
    return this.connection > 0 && connection === this.handle;
  }
  get intervalCycles(): number {
    return this.#parameters.interval * INTERVAL_UNIT;
  }

  setPackets(data: Uint8Array | undefined, response: Uint8Array | undefined): void {
    if (data) this.data = data;
    if (response) this.response = response;
    this.#air.tell();
  }
  advertise(type: number, interval: number): number {
    if (this.connected && type === CONNECTABLE) return CONN_COUNT;
    this.#advertising = { type, interval };
    if (!this.connected) this.#start(interval * ADVERTISING_UNIT, () => undefined);
    this.#air.tell();
    return NRF.SUCCESS;
  }
  hush(): boolean {
    const was = this.advertising;
    this.#advertising = undefined;
    if (!this.connected) this.#stop();
    return was;
  }

  ask(at: number | undefined): number {
    const { guest } = this.#ble.sd;
    const wanted = at
      ? guest.u16(at + 2)
      : this.#ble.preferred[2]! | (this.#ble.preferred[3]! << 8);
    this.asked.push((wanted * INTERVAL_UNIT) / MS);
    if (this.fixedMs) return NRF.SUCCESS;
    this.#parameters = { ...this.#parameters, interval: Math.max(6, wanted) };
    const { connection } = this;
    this.#ble.sd.cpu.scheduler.after(6 * this.intervalCycles, () => {
      if (!this.connected || this.connection !== connection) return;
      this.#push(EVENT.CONN_PARAM_UPDATE, parameters(this.#parameters));
      this.#start(this.intervalCycles, () => this.#event());
    });
    return NRF.SUCCESS;
  }
  hangUp(_reason: number): number {
    if (this.#ends !== undefined) return NRF.INVALID_STATE;
    this.#ends = REASON.LOCAL_HOST;
    return NRF.SUCCESS;
  }
  replyMtu(mtu: number): number {
    if (!this.askedMtu) return NRF.INVALID_STATE;
    this.mtu = Math.max(LEAST_MTU, Math.min(mtu, this.askedMtu, this.#ble.mtu));
    this.askedMtu = 0;
    return NRF.SUCCESS;
  }

  cccd(handle: number): Uint8Array | undefined {
    const value = this.#cccds.get(handle);
    return value === undefined ? undefined : Uint8Array.of(value, 0);
  }
  subscription(handle: number): number {
    return this.#cccds.get(handle) ?? 0;
  }
  subscribe(handle: number, value: number): void {
    this.#cccds.set(handle, value);
  }
  setSystemAttributes(bytes: Uint8Array | undefined): void {
    this.systemAttributes = true;
    this.#cccds.clear();
    for (let at = 0; bytes && at + 4 <= bytes.length - 2; at += 4) {
      this.#cccds.set(bytes[at]! | (bytes[at + 1]! << 8), bytes[at + 2]!);
    }
  }
  getSystemAttributes(): Uint8Array {
    const all = [...this.#cccds].flatMap(([handle, value]) => [
      handle & 255,
      handle >> 8,
      value,
      0,
    ]);
    return Uint8Array.from(all.length ? [...all, 0, 0] : []);
  }

  indicate(attribute: Attribute, value: Uint8Array): number {
    if (this.#indicating) return NRF.BUSY;
    this.#indicating = { attribute, value };
    this.#indicated = false;
    return NRF.SUCCESS;
  }
  notify(attribute: Attribute, value: Uint8Array): number {
    if (this.packets === 0) {
      this.lost++;
      return NRF.BLE_NO_TX_PACKETS;
    }
    this.packets--;
    this.#notifying.push({ attribute, value });
    return NRF.SUCCESS;
  }

  /** The SoftDevice went, with the radio. */
  end(): void {
    const central = this.#central;
    this.#advertising = undefined;
    this.#gone();
    this.#ble.air?.switched(undefined);
    central?.ended(REASON.SUPERVISION_TIMEOUT);
  }

  // What the air does.

  /** A central has answered the advertising. */
  join(central: Central): void {
    this.#central = central;
    this.#advertising = undefined;
    this.connection++;
    this.mtu = LEAST_MTU;
    this.askedMtu = 0;
    this.systemAttributes = false;
    this.packets = PACKETS;
    this.#parameters = this.fixedMs
      ? { ...CHOSEN, interval: Math.round((this.fixedMs * MS) / INTERVAL_UNIT) }
      : CHOSEN;
    this.#cccds.clear();
    this.pairing.reset();
    this.requests.clear();
    const RANDOM = 1;
    const peer = [RANDOM << 1, ...addressBytes(central.address)];
    this.#push(EVENT.CONNECTED, [...peer, PERIPHERAL, ...parameters(this.#parameters)]);
    if (central.mtu > LEAST_MTU) this.requests.add({ kind: "mtu", mtu: central.mtu });
    this.#start(this.intervalCycles, () => this.#event());
  }
  /** The central went: its word, or its silence. */
  leave(reason: number): void {
    if (!this.connected) return;
    if (reason === REASON.SUPERVISION_TIMEOUT) {
      const { connection } = this;
      this.#ble.sd.cpu.scheduler.after(this.#parameters.timeout * 10 * MS, () => {
        if (this.connected && this.connection === connection) this.#finish(reason);
      });
    } else this.#ends = reason;
  }
  confirmed(): void {
    if (!this.#indicating || !this.#indicated) return;
    const { attribute } = this.#indicating;
    this.#indicating = undefined;
    this.#push(EVENT.HVC, le16(attribute.handle));
  }

  #event(): void {
    if (this.#ends !== undefined) return this.#finish(this.#ends);
    const central = this.#central!;
    if (!central.connected) return;
    const waiting = this.#indicating;
    if (waiting && this.#indicated && central.confirms) central.confirm();
    this.requests.step();
    if (this.#notifying.length) {
      const sent = this.#notifying.splice(0, PER_EVENT);
      this.packets += sent.length;
      this.#push(EVENT.TX_COMPLETE, [sent.length]);
      for (const { attribute, value } of sent) this.#air.send(central, attribute, value, false);
    }
    const going = this.#indicating;
    if (going && !this.#indicated) {
      this.#indicated = true;
      this.indications++;
      this.#expire(going);
      this.#air.send(central, going.attribute, going.value, true);
    }
  }
  /** An indication that nobody confirms: the server may send nothing more on this link. */
  #expire(indication: object): void {
    this.#ble.sd.cpu.scheduler.after(ATT_TIMEOUT, () => {
      if (this.#indicating === indication) this.#push(EVENT.GATTS_TIMEOUT, [0]);
    });
  }
  #finish(reason: number): void {
    const central = this.#central!;
    this.#gone();
    this.#push(EVENT.DISCONNECTED, [reason]);
    central.ended(reason);
  }
  #gone(): void {
    this.#stop();
    this.#central = undefined;
    this.#ends = undefined;
    this.#indicating = undefined;
    this.#notifying = [];
    this.requests.clear();
  }
  #push(id: (typeof EVENT)[keyof typeof EVENT], part: number[]): void {
    this.#ble.push(event(id, this.handle, part));
  }
  #start(cycles: number, act: () => void): void {
    this.#stop();
    const { scheduler } = this.#ble.sd.cpu;
    const beat = () => {
      this.#beat = scheduler.after(cycles, beat);
      this.#ble.sd.notify();
      act();
    };
    this.#beat = scheduler.after(cycles, beat);
  }
  #stop(): void {
    this.#ble.sd.cpu.scheduler.cancel(this.#beat);
    this.#beat = undefined;
  }
}
