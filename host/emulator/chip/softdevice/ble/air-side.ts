/** The link as the air sees it (air/air.ts): what a central discovers, writes and hears. */

import type { BlePort, LinkPort } from "../port.js";
import {
  AttError,
  type Advertisement,
  type Central,
  type Characteristic,
  type Service,
  type Stack,
} from "../../../air/air.js";
import { addressText } from "./address.js";
import type { Attribute } from "./attributes.js";
import { PHONE } from "./pairing.js";

const NOTIFY = 1;
const INDICATE = 2;

export class AirSide implements Stack {
  constructor(
    private readonly ble: BlePort,
    private readonly link: LinkPort,
  ) {}

  get advertisement(): Advertisement | undefined {
    const { connectable, data, response } = this.link;
    if (!connectable) return undefined;
    return { address: addressText(this.ble.address.bytes), data, scanResponse: response };
  }
  get services(): readonly Service[] {
    const { attributes, uuids } = this.ble;
    return attributes.discover().map(({ uuid, characteristics }) => ({
      uuid: uuids.text(uuid),
      characteristics: characteristics.map((one) => ({
        uuid: uuids.text(one.uuid),
        maxLength: one.most,
        write: one.properties!.write || one.properties!.writeCommand,
        indicate: one.properties!.indicate,
        notify: one.properties!.notify,
      })),
    }));
  }
  /** Asks for pairing as a phone does, and waits for what becomes of it. */
  get pairs(): boolean {
    const { pairing } = this.link;
    pairing.request(PHONE);
    this.ble.drive(() => pairing.outcome !== undefined || !this.link.connected);
    return pairing.outcome === "paired" || pairing.outcome === "bonded";
  }

  idle(): Promise<void> {
    return this.link.requests.idle();
  }

  connected(central: Central): void {
    this.link.join(central);
  }
  disconnected(reason: number): void {
    this.link.leave(reason);
  }
  confirmed(): void {
    this.link.confirmed();
  }
  wrote({ uuid }: Characteristic, bytes: Uint8Array): void {
    const to = this.#find(uuid);
    if (!to) return;
    if (to.write.mode === 0) throw new AttError("write not permitted");
    if (to.write.level > this.link.pairing.level) throw new AttError("insufficient authentication");
    this.link.requests.add({ kind: "write", to, bytes });
  }
  subscribed({ uuid }: Characteristic): void {
    const { cccd: handle, properties } = this.#find(uuid) ?? {};
    if (!handle) return;
    const value = properties!.indicate ? INDICATE : NOTIFY;
    this.link.requests.add({ kind: "subscribe", handle, value });
  }

  tell(): void {
    const { advertisement } = this;
    if (advertisement) this.ble.air?.heard(advertisement);
  }
  /** A value on its way to the central; an indication waits for its confirmation. */
  send(central: Central, { uuid }: Attribute, value: Uint8Array, confirmed: boolean): void {
    const text = this.ble.uuids.text(uuid);
    if (confirmed) central.indicated(text, value);
    else central.notified(text, value);
  }

  #find(uuid: string): Attribute | undefined {
    const { attributes, uuids } = this.ble;
    const all = attributes.discover().flatMap(({ characteristics }) => characteristics);
    return all.find((one) => uuids.text(one.uuid) === uuid);
  }
}
