/**
 * As much of the `@stoprocent/noble` package (2.8) as host/sdk/links/ble/ble.ts uses, and how it is
 * loaded. Its own types are not imported: it need not be installed, and nothing may need it to
 * compile.
 */

import { LinkError } from "../link.js";

export interface BleCharacteristic {
  /** 32 lower-case digits, or 4. */
  readonly uuid: string;
  writeAsync(data: Buffer, withoutResponse: boolean): Promise<void>;
  /** For notifications or indications, whichever there are. */
  subscribeAsync(): Promise<void>;
  on(event: "data", listener: (data: Uint8Array) => void): unknown;
}
export interface BlePeripheral {
  readonly id: string;
  /** Empty where the system hides it (macOS). */
  readonly address: string;
  readonly advertisement: { readonly localName?: string; readonly serviceUuids?: string[] };
  readonly mtu: number | null;
  connectAsync(): Promise<void>;
  disconnectAsync(): Promise<void>;
  discoverSomeServicesAndCharacteristicsAsync(
    services: string[],
    characteristics: string[],
  ): Promise<{ characteristics: BleCharacteristic[] }>;
  once(event: "disconnect", listener: (reason: unknown) => void): unknown;
}
type Discovered = (peripheral: BlePeripheral) => void;
export interface BlePackage {
  readonly state: string;
  waitForPoweredOnAsync(timeoutMs: number): Promise<void>;
  startScanningAsync(services: string[], duplicates: boolean): Promise<void>;
  stopScanningAsync(): Promise<void>;
  on(event: "discover", listener: Discovered): unknown;
  removeListener(event: "discover", listener: Discovered): unknown;
}

/** A variable, so that the compiler does not look for the package. */
const PACKAGE: string = "@stoprocent/noble";

let source: () => Promise<unknown> = () => import(PACKAGE);

/** From here on this is loaded in the package's place: emulated boards have an emulated one. */
export const replaceBle = (load: () => Promise<BlePackage>): void => void (source = load);

export async function loadBle(load = source) {
  try {
    const module = (await load()) as { default?: BlePackage };
    return module.default ?? (module as BlePackage);
  } catch (error) {
    const { code, message = "" } = error as Partial<NodeJS.ErrnoException>;
    const options = { cause: error };
    if (code === "ERR_MODULE_NOT_FOUND")
      throw new LinkError("link/package-missing", { package: PACKAGE }, options);
    throw new LinkError("link/package-broken", { package: PACKAGE, detail: message }, options);
  }
}
