/**
 * A computer's Bluetooth whose air is that of emulated boards (air.ts): stands in for the
 * `@stoprocent/noble` package (host/sdk/links/ble/package.ts), so that `ble:` links, `kincard flash`
 * and `kincard ports --ble` reach boards in other processes.
 *
 * Boards that are not running are out of range. Source: noble's README; Core 5.4 Vol 3 Part C 11
 * (advertising data).
 */

import { EventEmitter } from "node:events";
import { fromHex, toHex } from "../../sdk/crypto/bytes.js";
import type { BleCharacteristic, BlePackage, BlePeripheral } from "../../sdk/links/ble/package.js";
import { parseLinkUri } from "../../sdk/links/registry.js";
import type { Service } from "../air/air.js";
import { LineAsker, type Message } from "./lines.js";

const SCAN_MS = 50;
/** What computers ask for; the board agrees to less. */
const MTU = 517;
const NAMES = [8, 9];
const UUIDS_128 = [6, 7];
const UUIDS_16 = [2, 3];
const bare = (uuid: unknown) => String(uuid).replaceAll("-", "").toLowerCase();

interface Heard {
  readonly address: string;
  readonly data: string;
  readonly scanResponse: string;
}

/** Names and service UUIDs of advertising packets. */
export function readAdvertising(...packets: readonly Uint8Array[]) {
  let localName: string | undefined;
  const serviceUuids: string[] = [];
  for (const packet of packets)
    for (let at = 0; at + 1 < packet.length && packet[at]; at += 1 + packet[at]!) {
      const [type, body] = [packet[at + 1]!, packet.slice(at + 2, at + 1 + packet[at]!)];
      if (NAMES.includes(type)) localName = Buffer.from(body).toString("utf8");
      const size = UUIDS_128.includes(type) ? 16 : UUIDS_16.includes(type) ? 2 : 0;
      for (let from = 0; size && from + size <= body.length; from += size)
        serviceUuids.push(toHex(body.slice(from, from + size).reverse()));
    }
  return { ...(localName === undefined ? {} : { localName }), serviceUuids };
}

class EmulatedPeripheral extends EventEmitter implements BlePeripheral {
  readonly id: string;
  address = "";
  advertisement: BlePeripheral["advertisement"] = {};
  mtu: number | null = null;
  readonly #place: { host: string; port: number };
  #asker: LineAsker | undefined;
  #connected = false;
  readonly #values = new EventEmitter();

  constructor(uri: string) {
    super();
    const link = parseLinkUri(uri);
    if (link.scheme !== "tcp") throw new Error(`${uri}: an emulated air is at tcp:HOST:PORT`);
    this.id = bare(uri).replaceAll(":", "");
    this.#place = link;
  }

  /** Whether it advertises now. */
  async listen(): Promise<boolean> {
    try {
      const heard = await (await this.#open()).ask<Heard | null>("hear");
      if (!heard) return false;
      this.address = heard.address.split(" ")[0] ?? "";
      this.advertisement = readAdvertising(fromHex(heard.data), fromHex(heard.scanResponse));
      return true;
    } catch {
      return false;
    }
  }

  async connectAsync(): Promise<void> {
    const asker = await this.#open();
    const { mtu } = await asker.ask<{ mtu: number }>("connect", { mtu: MTU });
    this.#connected = true;
    this.mtu = mtu;
  }
  async disconnectAsync(): Promise<void> {
    if (this.#connected) await this.#asker?.ask("disconnect").catch(() => undefined);
    this.#asker?.close();
  }
  async discoverSomeServicesAndCharacteristicsAsync(services: string[], wanted: string[]) {
    const found = await (await this.#open()).ask<Service[]>("discover");
    const all = found
      .filter(({ uuid }) => services.includes(bare(uuid)))
      .flatMap(({ characteristics }) => characteristics)
      .filter(({ uuid }) => wanted.includes(bare(uuid)));
    return { characteristics: all.map(({ uuid }) => this.#characteristic(uuid)) };
  }

  #characteristic(uuid: string): BleCharacteristic {
    const ask = async (verb: string, more: Message = {}) =>
      void (await (await this.#open()).ask(verb, { uuid, ...more }));
    return {
      uuid: bare(uuid),
      writeAsync: (data) => ask("write", { bytes: toHex(data) }),
      subscribeAsync: () => ask("subscribe"),
      on: (_, listener) => this.#values.on(bare(uuid), listener),
    };
  }
  async #open(): Promise<LineAsker> {
    if (this.#asker && !this.#asker.closed) return this.#asker;
    const event = (message: Message) => this.#event(message);
    this.#asker = await LineAsker.open(this.#place, event, () => this.#ended("gone"));
    return this.#asker;
  }
  #event({ event, uuid, bytes, reason }: Message): void {
    if (event === "value") this.#values.emit(bare(uuid), Buffer.from(String(bytes), "hex"));
    if (event === "disconnected") this.#ended(reason);
  }
  #ended(reason: unknown): void {
    if (!this.#connected) return;
    this.#connected = false;
    this.mtu = null;
    this.#values.removeAllListeners();
    this.emit("disconnect", reason);
    this.#asker?.close();
  }
}

export class EmulatedRadio extends EventEmitter implements BlePackage {
  readonly state = "poweredOn";
  readonly #peripherals: readonly EmulatedPeripheral[];
  #scanning: object | undefined;

  /** `uris`: where airs are served, tcp:HOST:PORT. Throws for another kind. */
  constructor(uris: readonly string[]) {
    super();
    this.#peripherals = uris.map((uri) => new EmulatedPeripheral(uri));
  }

  async waitForPoweredOnAsync(): Promise<void> {
    await Promise.resolve();
  }
  async startScanningAsync(services: string[]): Promise<void> {
    const scan = {};
    this.#scanning = scan;
    void this.#scan(scan, services);
  }
  async stopScanningAsync(): Promise<void> {
    this.#scanning = undefined;
  }

  async #scan(scan: object, services: readonly string[]): Promise<void> {
    while (this.#scanning === scan) {
      for (const peripheral of this.#peripherals) {
        const heard = await peripheral.listen();
        const uuids = peripheral.advertisement.serviceUuids ?? [];
        const fits = !services.length || services.some((uuid) => uuids.includes(uuid));
        if (this.#scanning === scan && heard && fits) this.emit("discover", peripheral);
      }
      await new Promise((resolve) => setTimeout(resolve, SCAN_MS));
    }
  }
}
