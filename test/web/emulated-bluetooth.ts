/**
 * A virtual card behind Chromium's own Web Bluetooth: the browser's Bluetooth emulation (Chrome
 * DevTools Protocol, BluetoothEmulation and DeviceAccess, both experimental) in front of the
 * board's emulated radio.
 *
 * The emulation can't push an indication: what the card sends is fetched by reads, which fire the
 * same event in the page. Everything else (chooser, filter, connection, discovery, subscription,
 * writes) is the browser's own code.
 */

import type { Browser, CDPSession, Page } from "playwright-core";
import { MTU_LEAST, type Air, type Central } from "../../host/emulator/air/air.js";
import { airAround } from "../ble/support.js";

const ADDRESS = "09:09:09:09:09:09";
const SUBSCRIBE = "00002902-0000-1000-8000-00805f9b34fb";
/** Longest value of an attribute (Core 5.4 Vol 3 Part F 3.2.9). */
const VALUE_MOST = 512;

/** A board with a radio, of whatever kind. */
interface Airborne {
  readonly air: Air | undefined;
}

export interface Uuids {
  readonly SERVICE: string;
  readonly TO_CARD: string;
  readonly FROM_CARD: string;
}

/**
 * Lets the characteristic that the page listens to be read from outside, between the page's writes:
 * an indication never meets one, and a read that does may end the link.
 */
export const KEEP_CHARACTERISTIC = `
  const characteristic = BluetoothRemoteGATTCharacteristic.prototype;
  const { startNotifications, writeValueWithResponse } = characteristic;
  let last = Promise.resolve();
  const inTurn = (work) => (last = last.then(work, work));
  characteristic.startNotifications = function () {
    window.readCard = () => inTurn(() => this.readValue());
    return startNotifications.call(this);
  };
  characteristic.writeValueWithResponse = function (bytes) {
    return inTurn(() => writeValueWithResponse.call(this, bytes));
  };
`;

export class EmulatedBluetooth {
  /** Sizes of the writes that came. */
  readonly writes: number[] = [];
  private central: Central | undefined;
  private toCard = "";
  private fromCard = "";
  private outgoing: Buffer = Buffer.alloc(0);
  private queue: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly cdp: CDPSession,
    private readonly page: Page,
    private readonly board: Airborne,
    private readonly uuids: Uuids,
  ) {}

  static async start(browser: Browser, page: Page, board: Airborne, uuids: Uuids) {
    const cdp = await browser.newBrowserCDPSession();
    const emulated = new EmulatedBluetooth(cdp, page, board, uuids);
    await cdp.send("BluetoothEmulation.enable", { state: "powered-on", leSupported: true });
    await cdp.send("BluetoothEmulation.simulatePreconnectedPeripheral", {
      ...{ address: ADDRESS, name: "a board" },
      ...{ manufacturerData: [], knownServiceUuids: [uuids.SERVICE] },
    });
    cdp.on("BluetoothEmulation.gattOperationReceived", ({ type }) => emulated.gatt(type));
    cdp.on("BluetoothEmulation.characteristicOperationReceived", (operation) => {
      const { characteristicId, type, data } = operation;
      emulated.operation(characteristicId, type, data);
    });
    const chooser = await page.context().newCDPSession(page);
    let chosen = false;
    chooser.on("DeviceAccess.deviceRequestPrompted", ({ id, devices }) => {
      const [device] = devices;
      // A second choice for one prompt ends the browser.
      if (chosen || !device) return;
      chosen = true;
      void chooser.send("DeviceAccess.selectPrompt", { id, deviceId: device.id });
    });
    await chooser.send("DeviceAccess.enable");
    return emulated;
  }

  async stop(): Promise<void> {
    await this.queue;
    await this.cdp.send("BluetoothEmulation.disable").catch(() => undefined);
    await this.cdp.detach();
  }

  private inTurn(work: () => Promise<unknown>): void {
    this.queue = this.queue.then(work).catch(() => undefined);
  }

  private gatt(type: "connection" | "discovery"): void {
    this.inTurn(async () => {
      if (type === "connection") this.connect();
      if (type === "discovery") await this.addService();
      await this.cdp.send("BluetoothEmulation.simulateGATTOperationResponse", {
        ...{ address: ADDRESS, type, code: 0 },
      });
    });
  }

  private connect(): void {
    this.central = airAround(this.board).connect(MTU_LEAST);
    this.central.onValue((_, value) => {
      this.outgoing = Buffer.concat([this.outgoing, value]);
      this.notify();
    });
  }

  private async addService(): Promise<void> {
    const { SERVICE, TO_CARD, FROM_CARD } = this.uuids;
    const { cdp } = this;
    const { serviceId } = await cdp.send("BluetoothEmulation.addService", {
      ...{ address: ADDRESS, serviceUuid: SERVICE },
    });
    const add = async (characteristicUuid: string, properties: object) => {
      const command = "BluetoothEmulation.addCharacteristic";
      const asked = { serviceId, characteristicUuid, properties };
      return (await cdp.send(command, asked)).characteristicId;
    };
    this.toCard = await add(TO_CARD, { write: true });
    this.fromCard = await add(FROM_CARD, { indicate: true, read: true });
    await cdp.send("BluetoothEmulation.addDescriptor", {
      ...{ characteristicId: this.fromCard, descriptorUuid: SUBSCRIBE },
    });
  }

  private operation(
    characteristicId: string,
    type: "read" | "write" | "subscribe-to-notifications" | "unsubscribe-from-notifications",
    data = "",
  ): void {
    this.inTurn(async () => {
      let answer: Buffer | undefined;
      if (type === "read") {
        answer = this.outgoing.subarray(0, VALUE_MOST);
        this.outgoing = this.outgoing.subarray(answer.length);
      }
      await this.cdp.send("BluetoothEmulation.simulateCharacteristicOperationResponse", {
        ...{ characteristicId, type, code: 0, data: answer?.toString("base64") },
      });
      if (type === "subscribe-to-notifications") this.central?.subscribe(this.uuids.FROM_CARD);
      if (type !== "write" || characteristicId !== this.toCard) return;
      const bytes = Buffer.from(data, "base64");
      this.writes.push(bytes.length);
      this.central?.write(this.uuids.TO_CARD, bytes);
    });
  }

  /** In place of a notification, until everything is out. */
  private notify(): void {
    const read = async () => {
      while (this.outgoing.length) {
        const text = "window.readCard().then(() => true, () => false)";
        await this.page.evaluate(text).catch(() => undefined);
      }
    };
    void read();
  }
}
