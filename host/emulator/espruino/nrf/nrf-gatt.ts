/**
 * The Bluetooth LE members of a virtual board's NRF: services, advertising, one connection.
 *
 * Source: Espruino 2v29 (libs/bluetooth/jswrap_bluetooth.c, bluetooth_utils.c,
 * targets/nrf5x/bluetooth.c) over Nordic's S132. Limits: characteristics are written and indicate,
 * nothing else; the interpreter's own UART service is there but leads nowhere; a restart of the
 * radio takes no time.
 */

import { fromHex } from "../../../sdk/crypto/bytes.js";
import { BoardTrap } from "../../faults.js";
import { latin1, toBytes } from "../bytes.js";
import type { Callback, Life } from "../life.js";
import { ATT_HEADER, MTU_BOARD, REASON } from "../../air/air.js";
import type { Advertisement, Central, Characteristic, Air, Service, Stack } from "../../air/air.js";

/** BLE_GAP_ADV_MAX_SIZE, for the packet and for the scan response. */
const PACKET = 31;
/** IOEVENT_MAX_LEN less its head: what of a write reaches the program, but for larger MTUs. */
const EVENT = 64;
const EVENT_HEAD = 3;
/**
 * An indication that is not confirmed in time ends the connection (Core 5.4 Vol 3 Part F 3.3.3).
 */
const ATT_TIMEOUT_MS = 30_000;
/** Two intervals of a fast connection: out in one event, confirmed in the next. */
const CONFIRM_MS = 15;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const ADDRESS = /^([0-9a-f]{2}:){5}[0-9a-f]{2}( (public|random))?$/i;
const UART: Service = {
  uuid: "6e400001-b5a3-f393-e0a9-e50e24dcca9e",
  characteristics: [
    { uuid: "6e400002-b5a3-f393-e0a9-e50e24dcca9e", maxLength: 50, write: true, indicate: false },
    { uuid: "6e400003-b5a3-f393-e0a9-e50e24dcca9e", maxLength: 50, write: false, indicate: false },
  ],
};
const AD = { FLAGS: 1, UUIDS: 7, SHORT_NAME: 8, NAME: 9, MANUFACTURER: 0xff } as const;
const ESPRUINO = [0x90, 0x05];
/** The address that the chip was made with. */
export const factoryAddress = (air: Air): string => air.options.factoryAddress ?? FACTORY;
const FACTORY = "d0:11:22:33:ca:fe";

type Table = Record<string, Record<string, Record<string, unknown>>>;
interface Held extends Characteristic {
  readonly onWrite: Callback | undefined;
}

/** Members of NRF, for nrf.ts to put together with others. */
export function gattMembers(life: Life, air: Air): Record<string, Callback> {
  const gatt = new Gatt(life, air);
  return {
    setAddress: (address: unknown) => gatt.setAddress(String(address)),
    setAdvertising: (data: unknown, options: unknown) => gatt.setAdvertising(data, options),
    setServices: (services: unknown, options: unknown) => gatt.setServices(services, options),
    updateServices: (services: unknown) => gatt.updateServices(services as Table),
    // What it asks for comes too late on an nRF52832: the peer manager has answered before.
    setSecurity: () => undefined,
    eraseBonds: () => gatt.eraseBonds(),
    restart: (meanwhile: unknown) => gatt.restart(meanwhile as Callback | undefined),
    disconnect: () => gatt.sendAway(),
  };
}

class Gatt implements Stack {
  services: Service[] = [UART];
  #held: Held[] = [];
  #uart = true;
  #wereSet = false;
  #needsRestart = false;
  /** What is asked for, which a restart brings. */
  #wanted: { services: Table; uart: boolean; advertise: string[] } | undefined;
  #wantedAddress: string | undefined;
  #address: string;
  #name: string | undefined;
  #packet: Uint8Array | undefined;
  #central: Central | undefined;
  #pending = false;
  #timeout = 0;

  constructor(
    private readonly life: Life,
    private readonly air: Air,
  ) {
    this.#address = factoryAddress(air);
    air.switched(this);
    this.#tell();
  }

  get advertisement(): Advertisement | undefined {
    if (this.#central || this.life.dead) return undefined;
    return {
      address: this.#address,
      data: this.#packet ?? this.#packetFor(this.#defaultName()),
      scanResponse: this.#scanResponse(),
    };
  }

  // What the program calls.

  setAddress(address: string): void {
    if (!ADDRESS.test(address)) throw this.#error("Expecting mac address of the form aa:bb:...");
    // The two highest bits tell the kind (Core 5.4 Vol 6 Part B 1.3): the stack takes no other.
    if (address.endsWith("random") && parseInt(address.slice(0, 2), 16) < 0xc0)
      throw this.#error("ERR 0x3202 (INVALID_BLE_ADDR)");
    this.#wantedAddress = address.slice(0, 17);
    this.#restart();
  }

  setAdvertising(data: unknown, options: unknown): void {
    if (Object.keys(Object(data) as object).length)
      throw new BoardTrap("advertising data other than the name: not emulated");
    const { name } = (options ?? {}) as { name?: string };
    if (name !== undefined) this.#name = String(name);
    this.#packet = this.#packetFor(this.#name ?? this.#defaultName());
    this.#tell();
  }

  setServices(services: unknown, given: unknown): void {
    const options = (given ?? {}) as { uart?: boolean; advertise?: string[] };
    const uart = options.uart ?? true;
    if (uart !== this.#uart) this.#needsRestart = true;
    if (options.advertise) this.#needsRestart = true;
    this.#wanted = {
      services: (services ?? {}) as Table,
      uart,
      advertise: [...(options.advertise ?? [])],
    };
    if (this.#wereSet || this.#needsRestart) this.#restart();
    else this.#apply();
  }

  updateServices(services: Table): void {
    if (this.#needsRestart) throw this.#error("Can't update services until BLE restart");
    for (const [service, characteristics] of Object.entries(services)) {
      this.#uuid(service);
      for (const [uuid, { value, indicate, notify }] of Object.entries(characteristics)) {
        if (value === undefined) continue;
        const held = this.#held.find((one) => one.uuid === this.#uuid(uuid));
        if (!held) throw this.#error(`Unable to find service with UUID ${uuid}`);
        if (notify) throw new BoardTrap("a notification may be lost: not emulated");
        const bytes = toBytes(value);
        if (!bytes.length) continue;
        if (bytes.length > held.maxLength) throw this.#error("ERR 0xc (DATA_SIZE)");
        if (indicate && this.#central) this.#indicate(held, bytes, this.#central);
      }
    }
  }

  restart(meanwhile: Callback | undefined): void {
    if (!this.#central) {
      this.life.softDevice = false;
      meanwhile?.();
      this.life.softDevice = true;
    }
    this.#restart();
  }
  eraseBonds(): void {
    if (this.#central) throw this.#error("BLE Connected, can't erase bonds.");
  }
  sendAway(): void {
    const central = this.#central;
    if (!central) return;
    // The event comes through the queue, as any other.
    this.air.enter(() => this.disconnected(REASON.LOCAL_HOST));
    central.ended(REASON.LOCAL_HOST);
  }

  #indicate(held: Held, bytes: Uint8Array, central: Central): void {
    // INVALID_STATE: nobody subscribed. It is swallowed.
    if (!central.subscribed(held.uuid)) return;
    if (!held.indicate) throw this.#error("ERR 0x7 (INVALID_PARAM)");
    if (this.#pending) throw this.#error("ERR 0x11 (BUSY)");
    this.#pending = true;
    this.#timeout = this.life.clock.set(() => this.sendAway(), ATT_TIMEOUT_MS, false);
    // What is longer than a packet is cut, silently.
    central.indicated(held.uuid, bytes.slice(0, central.mtu - ATT_HEADER));
    if (!central.confirms) return;
    this.life.clock.set(() => central.confirm(), CONFIRM_MS, false);
    // Where time is moved by input only: more of it, until everything is out.
    setImmediate(() => this.air.enter(() => undefined));
  }

  // What happens on the air.

  /** Bonding takes its time: who is sent away when it starts is not bonded with. */
  get pairs(): boolean {
    const central = this.#central;
    this.air.enter(() => this.#fire("bond", "start"));
    if (!central?.connected) return false;
    this.air.enter(() => this.#fire("bond", "success"));
    return true;
  }

  connected(central: Central): void {
    this.#central = central;
    const { life } = this;
    if (!life.consoleForced && this.#uart) life.console = "Bluetooth";
    this.#fire("connect", central.address);
  }
  wrote({ uuid }: Characteristic, bytes: Uint8Array): void {
    const held = this.#held.find((one) => one.uuid === uuid);
    if (!held?.onWrite) return;
    const { life } = this;
    const most = Math.max(EVENT, (this.air.options.mtu ?? MTU_BOARD) + EVENT_HEAD) - EVENT_HEAD;
    const data = life.realm.newBuffer(bytes.slice(0, most));
    // `this` of the listener is the root, not NRF.
    life.options.invoke(() => held.onWrite?.call(life.realm.globals, { data }));
  }
  confirmed(): void {
    this.#settle();
  }
  disconnected(reason: number): void {
    if (!this.#central) return;
    this.#central = undefined;
    this.#settle();
    const { life } = this;
    if (!life.consoleForced && life.console === "Bluetooth") life.console = "Serial1";
    this.#fire("disconnect", reason);
    if (this.#needsRestart) this.#restart();
    this.#tell();
  }
  #settle(): void {
    if (this.#pending) this.life.clock.clear(this.#timeout);
    this.#pending = false;
  }
  #fire(event: string, value: unknown): void {
    this.life.fire(`NRF.${event}`, this.life.realm.globals.NRF, value);
  }

  // The stack's own affairs.

  #restart(): void {
    if (this.#central) {
      this.#needsRestart = true;
      return;
    }
    this.#needsRestart = false;
    this.#address = this.#wantedAddress ?? this.#address;
    this.#uart = this.#wanted?.uart ?? true;
    this.#apply();
    this.#tell();
  }
  #apply(): void {
    const wanted = this.#wanted;
    this.#held = [];
    this.services = this.#uart ? [UART] : [];
    for (const [service, table] of Object.entries(wanted?.services ?? {})) {
      const characteristics = Object.entries(table).map(([uuid, has]) => this.#hold(uuid, has));
      this.services.push({ uuid: this.#uuid(service), characteristics });
      this.#wereSet = true;
    }
  }
  #hold(uuid: string, has: Record<string, unknown>): Held {
    const held = {
      uuid: this.#uuid(uuid),
      maxLength: Number(has.maxLen ?? 0) || 1,
      write: Boolean(has.writable),
      indicate: Boolean(has.indicate),
      onWrite: has.onWrite as Callback | undefined,
    };
    this.#held.push(held);
    return held;
  }

  #tell(): void {
    const { advertisement } = this;
    if (advertisement) this.air.heard(advertisement);
  }
  #defaultName(): string {
    return `Puck.js ${this.#address.slice(-5).replace(":", "")}`;
  }
  #packetFor(name: string): Uint8Array {
    const packet: number[] = [];
    this.#add(packet, "flags", AD.FLAGS, [6]);
    this.#add(packet, "Manufacturer data", AD.MANUFACTURER, ESPRUINO);
    const room = PACKET - packet.length - 2;
    const kind = name.length > room ? AD.SHORT_NAME : AD.NAME;
    this.#add(packet, "Name", kind, [...latin1(name.slice(0, room))]);
    return Uint8Array.from(packet);
  }
  #scanResponse(): Uint8Array {
    const uuids = [...(this.#uart ? [UART.uuid] : []), ...(this.#wanted?.advertise ?? [])];
    const packet: number[] = [];
    const bytes = uuids.flatMap((uuid) => [
      ...fromHex(this.#uuid(uuid).replaceAll("-", "")).reverse(),
    ]);
    if (bytes.length) this.#add(packet, "128 bit Service", AD.UUIDS, bytes);
    return Uint8Array.from(packet);
  }
  #add(packet: number[], what: string, type: number, data: number[]): void {
    if (packet.length + 2 + data.length > PACKET)
      throw this.#error(`Advertising data too long when adding ${what}`);
    packet.push(data.length + 1, type, ...data);
  }
  #uuid(text: string): string {
    if (!UUID.test(text)) throw this.#error(`Invalid Service UUID: ${text}`);
    return text.toLowerCase();
  }
  #error(message: string): Error {
    return this.life.realm.newError(message);
  }
}
