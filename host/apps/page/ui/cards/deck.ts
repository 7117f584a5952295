/**
 * The cards within reach: each a link that can be opened again after it was lost. Virtual boards
 * come from kincard.json; USB and Bluetooth cards join when the user chooses them.
 */

import { within } from "../../../../sdk/links/time/waits.js";
import { LineTransport } from "../../../../sdk/links/line/transport.js";
import { LinkError } from "../../../../sdk/links/link.js";
import type { Duplex, Transport } from "../../../../sdk/links/link.js";
import type { Recording } from "../../../../sdk/recording/recorder.js";
import type { Hue } from "../controls/pictures.js";
import { chooseBluetoothDevice, hasWebBluetooth } from "../links/web-bluetooth.js";
import { openBluetoothDevice } from "../links/web-bluetooth.js";
import type { WebBluetoothDevice } from "../links/web-bluetooth.js";
import { airName, chooseNamedDevice } from "../links/named-device.js";
import { hasWebNfc } from "../links/web-nfc.js";
import {
  chooseSerialPort,
  hasWebSerial,
  knownSerialPorts,
  openSerialPort,
} from "../links/web-serial.js";
import type { WebSerialPort } from "../links/web-serial.js";
import { openWebSocket } from "../links/web-socket.js";
import type { VirtualLink } from "../links/web-socket.js";
import type { BoardConfig } from "../../config.js";
import { Lights } from "./lights.js";

/** An answer takes a board half a second; a resend has long come by then. */
const TIMEOUT_MS = 15_000;
const CONNECT_MS = 6000;
/** A browser's own wait for a device may have no end. */
const OPEN_MS = 30_000;

/** `signal`: nobody waits for it any more. */
type Open = (signal: AbortSignal) => Promise<Duplex>;

/** What opens, or the end of the wait for it; what opens too late is closed again. */
async function inTime(link: string, open: Open, signal?: AbortSignal) {
  const late = () => new LinkError("link/silent", { link, seconds: OPEN_MS / 1000 });
  const stopped = () => new LinkError("link/aborted", { link });
  const over = new AbortController();
  const ends = signal ? AbortSignal.any([signal, over.signal]) : over.signal;
  const opening = open(ends);
  try {
    return await within(opening, { ms: OPEN_MS, late, signal, stopped });
  } catch (error) {
    over.abort();
    opening.then((duplex) => duplex.close()).catch(() => undefined);
    throw error;
  }
}

export class CardLink {
  /** Told each command and its answer, as they go over the link. */
  onTraffic: ((sent: Uint8Array, got: Uint8Array) => void) | undefined;
  readonly #open: Open;
  /** The link itself, and what is handed out for it. */
  #line: Transport | undefined;
  #transport: Transport | undefined;
  /** A drawn card's lamps; dark for a real one. */
  readonly lights = new Lights();

  constructor(
    readonly name: string,
    readonly hue: Hue,
    open: Open,
    /** What a drawn card has printed on it; real cards have it on the real card. */
    readonly printed?: string,
    /** A drawn card's button; real ones are pressed by real fingers. */
    readonly press?: (down: boolean) => void,
  ) {
    this.#open = open;
  }

  /** Its button and its lamps are on the screen. */
  get isDrawn(): boolean {
    return this.press !== undefined;
  }
  get isOpen(): boolean {
    return this.#transport !== undefined;
  }
  /** Writes down what passes from now on; undefined: no more. A link that is open stays open. */
  record(recording: Recording | undefined): void {
    this.#recording = recording;
    if (this.#line) this.#transport = this.#recorded(this.#line);
  }
  /** What is inside the seals is a drawn card's alone to show. */
  #recorded(line: Transport): Transport {
    return this.#recording?.link(line, this.name, this.printed !== undefined) ?? line;
  }
  #recording: Recording | undefined;
  /** The link that is open, or a new one. */
  async connect(signal?: AbortSignal): Promise<Transport> {
    if (this.#transport) return this.#transport;
    const observers = [
      { apdu: (sent: Uint8Array, got: Uint8Array) => this.onTraffic?.(sent, got) },
    ];
    const options = { timeoutMs: TIMEOUT_MS, connectMs: CONNECT_MS, signal, observers };
    const line = await LineTransport.connect(await inTime(this.name, this.#open, signal), {
      name: this.name,
      ...options,
    });
    this.#line = line;
    line.onDisconnect(() => {
      if (this.#line === line) this.#line = this.#transport = undefined;
    });
    return (this.#transport = this.#recorded(line));
  }
  /** Something went wrong on it: the next use opens it anew. */
  async drop(): Promise<void> {
    const transport = this.#transport;
    this.#line = this.#transport = undefined;
    await transport?.close().catch(() => undefined);
  }
  holds(transport: Transport): boolean {
    return this.#transport === transport;
  }
}

/** A way to bring a new card: `choose` shows the browser's own chooser. */
export interface Way {
  readonly text: string;
  readonly choose: () => Promise<CardLink>;
}

export class Deck {
  readonly links: CardLink[];
  /** The digits of the card that was tapped last and is not connected yet (links/web-nfc.ts). */
  near: string | undefined;

  constructor(boards: readonly BoardConfig[]) {
    this.links = [];
    for (const { name, url, label } of boards) {
      const address = new URL(url, location.href.replace(/^http/, "ws")).href;
      let open: VirtualLink | undefined;
      const link: CardLink = new CardLink(
        name,
        this.#nextHue(),
        async () => (open = await openWebSocket(address, (lit, at) => link.lights.set(lit, at))),
        label,
        (down) => open?.press(down),
      );
      this.links.push(link);
    }
  }

  /** The card that was tapped comes first. */
  get ways(): readonly Way[] {
    const { near } = this;
    const bluetooth = hasWebBluetooth();
    return [
      ...(bluetooth && near !== undefined
        ? [{ text: `Connect ${airName(near)}`, choose: () => this.#addNamed(near) }]
        : []),
      ...(hasWebSerial() ? [{ text: "Connect by USB", choose: () => this.#addSerial() }] : []),
      ...(bluetooth ? [{ text: "Connect by Bluetooth", choose: () => this.#addBluetooth() }] : []),
    ];
  }
  /** A tap tells which card lies here; Bluetooth carries the rest. */
  get canScan(): boolean {
    return hasWebNfc() && hasWebBluetooth();
  }

  /** Cards on cables that were chosen before: no chooser is needed for them. */
  async findKnown(): Promise<void> {
    for (const port of await knownSerialPorts()) this.#joinPort(port);
  }

  /** All of them, also those that join later. */
  record(recording: Recording | undefined): void {
    this.#recording = recording;
    for (const link of this.links) link.record(recording);
  }
  #recording: Recording | undefined;

  get canReachCards(): boolean {
    return this.links.length + this.ways.length > 0;
  }

  #nextHue(): Hue {
    return (this.links.length % 3) as Hue;
  }
  #join(device: object, name: string, open: Open): CardLink {
    const known = this.#devices.get(device);
    if (known) return known;
    const link = new CardLink(name, this.#nextHue(), open);
    link.record(this.#recording);
    this.#devices.set(device, link);
    this.links.push(link);
    return link;
  }
  /** The browser hands out the same object for the same port or device. */
  readonly #devices = new Map<object, CardLink>();

  async #addSerial(): Promise<CardLink> {
    return this.#joinPort(await chooseSerialPort());
  }
  #joinPort(port: WebSerialPort): CardLink {
    const name = `USB card ${this.#devices.size + 1}`;
    return this.#join(port, name, () => openSerialPort(port));
  }
  async #addNamed(digits: string): Promise<CardLink> {
    const link = this.#joinBluetooth(await chooseNamedDevice(digits));
    // The card takes another name after this link.
    this.near = undefined;
    return link;
  }
  async #addBluetooth(): Promise<CardLink> {
    return this.#joinBluetooth(await chooseBluetoothDevice());
  }
  #joinBluetooth(device: WebBluetoothDevice): CardLink {
    const name = `Bluetooth card ${this.#devices.size + 1}`;
    return this.#join(device, name, (signal) => openBluetoothDevice(device, { signal }));
  }
}
