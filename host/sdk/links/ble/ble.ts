/**
 * Boards over Bluetooth LE, through the `@stoprocent/noble` package, which is loaded when the first
 * board is looked for and need not be installed. Node only. Never run on the air: tested against
 * virtual boards through a stand-in of the package.
 *
 * A board is meant by its name or the name's last word ("Kincard 1a2b", "1a2b"), by its address, or
 * by the id that the system gives it (macOS hides addresses). A card takes a new name after every
 * connection: once found, it is found again by its id, as long as this program runs.
 */

import { visible } from "../../crypto/text.js";
import { GATT } from "../../wire/generated.js";
import { loadBle, type BleCharacteristic } from "./package.js";
import type { BlePackage, BlePeripheral } from "./package.js";
import { cardDuplex, gattDuplex } from "./gatt.js";
import type { BleStep } from "../../failures/facts.js";
import { LinkError } from "../link.js";
import type { Duplex } from "../link.js";
import { Turns } from "../time/turns.js";
import { ended, within } from "../time/waits.js";

export interface BleOptions {
  /** Shown to people; the URI. */
  name?: string;
  /** End of the search, and of each step of connecting. */
  connectMs?: number;
  signal?: AbortSignal;
  /** For tests. */
  load?: () => Promise<BlePackage>;
}
export interface BleDevice {
  readonly name: string;
  /** What `ble:` takes and what lasts longest: the address, or the system's id. */
  readonly device: string;
}
/** A service with one characteristic each way. */
export interface BleService {
  readonly service: string;
  readonly toBoard: string;
  readonly fromBoard: string;
  /** Looks only at boards that advertise the service. */
  readonly advertised: boolean;
  /** What a board is that does not have it. */
  readonly absent: "link/not-a-card" | "link/no-prompt";
  /** Bytes that tell when to wait with writing, mixed into what comes. */
  readonly flow?: () => Flow;
}
export interface Flow {
  /** What is left of what came. */
  take(bytes: Uint8Array): Uint8Array;
  /** Until something may be written. */
  ready(): Promise<void>;
  /** The connection is over. */
  end(): void;
}

const CARD: BleService = {
  ...{ service: GATT.SERVICE, toBoard: GATT.TO_CARD, fromBoard: GATT.FROM_CARD },
  advertised: true,
  absent: "link/not-a-card",
};
const DEFAULT_MS = 10_000;
const POWER_MS = 3000;
/** The package writes UUIDs so. */
const bare = (uuid: string) => uuid.replaceAll("-", "").toLowerCase();

/** What was asked for, and the id that it had. */
const known = new Map<string, string>();
/** One search or connection at a time: a second one would end the first. */
const turns = new Turns();

/** The link to a card. */
export function openBle(device: string, options: BleOptions = {}): Promise<Duplex> {
  return openBleService(device, CARD, options);
}

export function openBleService(
  device: string,
  wanted: BleService,
  options: BleOptions,
): Promise<Duplex> {
  const steps = new Steps(options.name ?? `ble:${device}`, options);
  return turns.take(async () => {
    const ble = await powered(steps, options);
    const peripheral = await find(ble, device, wanted, steps);
    try {
      return await connect(peripheral, wanted, steps);
    } catch (error) {
      await hangUp(peripheral);
      throw error;
    }
  });
}

/** Whose attempt to connect a board's newest is. */
const latest = new WeakMap<BlePeripheral, object>();
const hangUp = (peripheral: BlePeripheral) => ended(peripheral.disconnectAsync());

/** Cards in range, in the order in which they were heard. */
export function listBle(options: BleOptions & { listenMs?: number }): Promise<BleDevice[]> {
  const steps = new Steps("ble:", options);
  return turns.take(async () => {
    const ble = await powered(steps, options);
    const found = new Map<string, BleDevice>();
    await scan(ble, CARD, steps, options.listenMs ?? 3000, (heard) => {
      found.set(heard.id, { name: nameOf(heard) || "no name", device: heard.address || heard.id });
      return false;
    });
    return [...found.values()];
  });
}

async function powered(steps: Steps, { load = loadBle }: BleOptions): Promise<BlePackage> {
  const ble = await load();
  try {
    await steps.within(ble.waitForPoweredOnAsync(POWER_MS), POWER_MS + 1000, "Bluetooth");
  } catch (cause) {
    if (cause instanceof LinkError && cause.failure === "aborted") throw cause;
    const { link } = steps;
    throw new LinkError("link/bluetooth-off", { link, state: ble.state }, { cause });
  }
  return ble;
}

const nameOf = ({ advertisement }: BlePeripheral) => visible(advertisement.localName ?? "");

function isMeant(device: string, peripheral: BlePeripheral): boolean {
  const { id, address } = peripheral;
  const wanted = device.toLowerCase();
  const name = nameOf(peripheral).toLowerCase();
  const names = [name, name.split(" ").at(-1), address.toLowerCase(), id.toLowerCase()];
  return id === known.get(device) || names.includes(wanted);
}

async function find(
  ble: BlePackage,
  device: string,
  wanted: BleService,
  steps: Steps,
): Promise<BlePeripheral> {
  const others = new Set<string>();
  let found: BlePeripheral | undefined;
  await scan(ble, wanted, steps, steps.limit, (peripheral) => {
    if (isMeant(device, peripheral)) found = peripheral;
    else if (nameOf(peripheral)) others.add(nameOf(peripheral));
    return found !== undefined;
  });
  if (found) {
    known.set(device, found.id);
    return found;
  }
  const { link, limit } = steps;
  const heard = [...others].slice(0, 8);
  throw new LinkError("link/not-heard", { link, seconds: limit / 1000, others: heard });
}

/**
 * Listens until `enough` says so, the time is over or the caller stops it; ends the scan always.
 */
async function scan(
  ble: BlePackage,
  { service, advertised }: BleService,
  steps: Steps,
  milliseconds: number,
  enough: (peripheral: BlePeripheral) => boolean,
): Promise<void> {
  let done = () => undefined as void;
  const listener = (peripheral: BlePeripheral) => void (enough(peripheral) && done());
  const heard = new Promise<boolean>((resolve) => {
    const timer = setTimeout(() => resolve(false), milliseconds);
    done = () => {
      clearTimeout(timer);
      resolve(true);
    };
  });
  ble.on("discover", listener);
  try {
    const started = ble.startScanningAsync(advertised ? [bare(service)] : [], true);
    await steps.within(started, steps.limit, "start");
    await steps.within(heard, milliseconds + 1000, "search");
  } finally {
    done();
    ble.removeListener("discover", listener);
    await ended(ble.stopScanningAsync());
  }
}

async function connect(
  peripheral: BlePeripheral,
  { service, toBoard, fromBoard, absent, flow: makeFlow }: BleService,
  steps: Steps,
): Promise<Duplex> {
  const mine = {};
  latest.set(peripheral, mine);
  const connecting = peripheral.connectAsync();
  const connected = steps.within(connecting, steps.limit, "connect");
  // Given up, and there after all: hung up again, unless a later attempt has the board.
  const tooLate = () => void (latest.get(peripheral) === mine && hangUp(peripheral));
  connected.catch(() => connecting.then(tooLate).catch(() => undefined));
  await connected;
  const uuids = [bare(toBoard), bare(fromBoard)];
  const { characteristics } = await steps.within(
    peripheral.discoverSomeServicesAndCharacteristicsAsync([bare(service)], uuids),
    steps.limit,
    "services",
  );
  const [to, from] = uuids.map((uuid) => characteristics.find((one) => one.uuid === uuid)) as [
    BleCharacteristic | undefined,
    BleCharacteristic | undefined,
  ];
  if (!to || !from) throw new LinkError(absent, { link: steps.link });
  const flow = makeFlow?.();
  // The interpreter's UART is bytes, 20 at a time; a card takes frames.
  const [duplex, feed] = (makeFlow ? gattDuplex : cardDuplex)({
    write: async (bytes, command) => {
      await flow?.ready();
      await to.writeAsync(Buffer.from(bytes), command);
    },
    mtu: () => peripheral.mtu,
    close: () => hangUp(peripheral),
  });
  from.on("data", (data) => {
    const bytes = Uint8Array.from(data);
    feed.data(flow ? flow.take(bytes) : bytes);
  });
  peripheral.once("disconnect", () => {
    flow?.end();
    feed.closed(new Error("Bluetooth lost the board"));
  });
  await steps.within(from.subscribeAsync(), steps.limit, "subscribe");
  return duplex;
}

/** What connecting takes: every step has an end, and the caller can stop each. */
class Steps {
  readonly limit: number;
  constructor(
    readonly link: string,
    readonly options: BleOptions,
  ) {
    this.limit = options.connectMs ?? DEFAULT_MS;
  }

  async within<T>(work: Promise<T>, ms: number, step: BleStep): Promise<T> {
    const { link } = this;
    const { signal } = this.options;
    const late = () => new LinkError("link/step-late", { link, step });
    const stopped = () => new LinkError("link/aborted", { link });
    try {
      return await within(work, { ms, late, signal, stopped });
    } catch (cause) {
      if (cause instanceof LinkError) throw cause;
      throw new LinkError("link/open", { link, detail: (cause as Error).message }, { cause });
    }
  }
}
