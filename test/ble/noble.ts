/**
 * A stand-in for the `@stoprocent/noble` package (host/sdk/links/ble/package.ts): boards in range
 * are virtual boards behind their emulated radio, or anything else that has characteristics.
 */

import { EventEmitter } from "node:events";
import type {
  BleCharacteristic,
  BlePackage,
  BlePeripheral,
} from "../../host/sdk/links/ble/package.js";
import type { VirtualBoard } from "../../host/emulator/board/virtual.js";
import type { Duplex } from "../../host/sdk/links/link.js";
import { fields, NAME, airAround, UUIDS } from "./support.js";

const bare = (uuid: string) => uuid.replaceAll("-", "");
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** A board in range, as the package would see it. */
export interface InRange {
  readonly id: string;
  heard(): { name: string; address: string; services: string[] } | undefined;
  connect(): Connection;
}
export interface Connection {
  readonly mtu: number | null;
  readonly characteristics: readonly {
    readonly uuid: string;
    write?(bytes: Uint8Array, command?: boolean): void | Promise<void>;
    subscribe?(listener: (bytes: Uint8Array) => void): void;
  }[];
  onEnd(listener: () => void): void;
  end(): void;
}

/** `tells`: the package says what the MTU is. */
export function boardInRange(board: VirtualBoard, id: string, mtu = 53, tells = true): InRange {
  const air = airAround(board);
  return {
    id,
    heard() {
      const { advertisement } = air;
      if (!advertisement) return undefined;
      const uuid = fields(advertisement.scanResponse).get(UUIDS)?.reverse().toString("hex");
      return {
        name: fields(advertisement.data).get(NAME)?.toString("latin1") ?? "",
        address: advertisement.address,
        services: uuid ? [uuid] : [],
      };
    },
    connect() {
      const central = air.connect(mtu);
      const characteristics = central.services
        .flatMap((service) => service.characteristics)
        .map(({ uuid }) => ({
          uuid: bare(uuid),
          write: (bytes: Uint8Array, command?: boolean) =>
            command ? central.command(uuid, bytes) : central.write(uuid, bytes),
          subscribe: (listener: (bytes: Uint8Array) => void) => {
            central.onValue((from, value) => from === uuid && listener(value));
            central.subscribe(uuid);
          },
        }));
      return {
        mtu: tells ? central.mtu : null,
        characteristics,
        onEnd: (listener) => central.onDisconnect(listener),
        end: () => central.disconnect(),
      };
    },
  };
}

const UART = [1, 2, 3].map((n) => `6e40000${n}b5a3f393e0a9e50e24dcca9e`) as [
  string,
  string,
  string,
];
/** What the interpreter's UART service carries at a time. */
const UART_BYTES = 20;

export interface UartOptions {
  /** Sends XOFF after so many packets, and XON some time later. */
  readonly fullAfter?: number;
}
/** A board with Espruino's prompt: its UART service leads to a byte link. */
export class UartInRange implements InRange {
  /** Packets that came although the board had asked for a pause. */
  ignored = 0;
  pauses = 0;
  packets = 0;
  readonly id = "uart";
  private full = false;

  constructor(
    private readonly link: () => Promise<Duplex>,
    private readonly options: UartOptions = {},
  ) {}
  heard() {
    return { name: "Puck.js 1234", address: "d0:11:22:33:12:34", services: [UART[0]] };
  }
  connect(): Connection {
    let listener: (bytes: Uint8Array) => void = () => undefined;
    let ended = () => undefined as void;
    const opened = this.link();
    void opened.then((duplex) => {
      duplex.onData((bytes) => {
        for (let at = 0; at < bytes.length; at += UART_BYTES)
          listener(bytes.slice(at, at + UART_BYTES));
      });
      duplex.onClose(() => ended());
    });
    const write = async (bytes: Uint8Array) => {
      if (bytes.length > UART_BYTES) throw new Error("too long for this service");
      if (this.full) this.ignored++;
      if (++this.packets % (this.options.fullAfter ?? Infinity) === 0) {
        this.full = true;
        this.pauses++;
        listener(Uint8Array.of(19));
        setTimeout(() => {
          this.full = false;
          listener(Uint8Array.of(17));
        }, 2);
      }
      await (await opened).write(bytes);
    };
    return {
      mtu: 53,
      characteristics: [
        { uuid: UART[1], write },
        { uuid: UART[2], subscribe: (heard) => void (listener = heard) },
      ],
      onEnd: (end) => void (ended = end),
      end: () => void opened.then((duplex) => duplex.close()),
    };
  }
}

class Peripheral extends EventEmitter implements BlePeripheral {
  readonly id: string;
  readonly address: string;
  readonly advertisement: { localName: string; serviceUuids: string[] };
  private connection: Connection | undefined;

  constructor(
    private readonly board: InRange,
    { name, address, services }: { name: string; address: string; services: string[] },
    private readonly package_: StandIn,
  ) {
    super();
    this.id = board.id;
    this.address = address;
    this.advertisement = { localName: name, serviceUuids: services };
  }
  get mtu(): number | null {
    return this.connection?.mtu ?? null;
  }
  async connectAsync(): Promise<void> {
    this.package_.begun("connect");
    if (this.package_.deaf) return new Promise(() => undefined);
    await turn();
    this.connection = this.board.connect();
    this.connection.onEnd(() => this.emit("disconnect", 0x08));
  }
  async disconnectAsync(): Promise<void> {
    await turn();
    this.connection?.end();
  }
  async discoverSomeServicesAndCharacteristicsAsync(_: string[], uuids: string[]) {
    await turn();
    const all = this.connection?.characteristics ?? [];
    const characteristics = all
      .filter(({ uuid }) => uuids.includes(uuid))
      .map(({ uuid, write, subscribe }): BleCharacteristic => {
        const events = new EventEmitter();
        return {
          uuid,
          writeAsync: async (data, withoutResponse) => {
            await turn();
            await write?.(new Uint8Array(data), withoutResponse);
          },
          subscribeAsync: async () => {
            await turn();
            subscribe?.((bytes) => events.emit("data", Buffer.from(bytes)));
          },
          on: (event, listener) => events.on(event, listener),
        };
      });
    return { characteristics };
  }
}

export class StandIn extends EventEmitter implements BlePackage {
  state = "poweredOn";
  scanning = 0;
  /** Connecting never ends. */
  deaf = false;
  /** Nor does the end of a search. */
  stuck = false;
  /** Called when a search begins, and when a board is being connected to. */
  begun: (what: "search" | "connect") => void = () => undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(readonly inRange: readonly InRange[]) {
    super();
  }
  readonly load = async (): Promise<BlePackage> => this;

  async waitForPoweredOnAsync(): Promise<void> {
    if (this.state !== "poweredOn") throw new Error("Timeout waiting for Noble to be powered on");
  }
  async startScanningAsync(services: string[]): Promise<void> {
    if (this.timer) throw new Error("already scanning");
    this.scanning++;
    this.begun("search");
    this.timer = setInterval(() => {
      for (const board of this.inRange) {
        const heard = board.heard();
        if (!heard || services.some((uuid) => !heard.services.includes(uuid))) continue;
        this.emit("discover", new Peripheral(board, heard, this));
      }
    }, 2);
  }
  async stopScanningAsync(): Promise<void> {
    clearInterval(this.timer);
    this.timer = undefined;
    this.scanning--;
    if (this.stuck) return new Promise(() => undefined);
  }
}
