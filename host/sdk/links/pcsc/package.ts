/**
 * As much of the `smartcard` package (3.7) as host/sdk/links/pcsc/pcsc.ts uses, and how it is loaded.
 * Its own types are not imported: it is optional, and nothing may need it to compile.
 */

import { LinkError } from "../link.js";
import { ended } from "../time/waits.js";

export interface PcscCard {
  /** Answer to reset; of a storage card, what the reader makes of it. */
  readonly atr?: Uint8Array | null;
  transmit(command: number[]): Promise<Uint8Array>;
  disconnect(disposition: number): void;
}
export interface PcscReader {
  readonly name: string;
  /** Flags, as they were when the readers were listed. */
  readonly state: number;
  connect(shareMode: number, protocols: number): Promise<PcscCard>;
}
export interface PcscContext {
  readonly isValid: boolean;
  listReaders(): PcscReader[];
  close(): void;
}
export interface PcscPackage {
  readonly Context: new () => PcscContext;
  readonly SCARD_SHARE_EXCLUSIVE: number;
  readonly SCARD_PROTOCOL_T0: number;
  readonly SCARD_PROTOCOL_T1: number;
  readonly SCARD_RESET_CARD: number;
  readonly SCARD_STATE_PRESENT: number;
}

/** A variable, so that the compiler does not look for the package. */
const PACKAGE: string = "smartcard";

let source: () => Promise<unknown> = () => import(PACKAGE);

/** From here on this is loaded in the package's place: emulated boards have an emulated one. */
export const replacePcsc = (load: () => Promise<PcscPackage>): void => void (source = load);

export async function loadPcsc(load = source) {
  try {
    const module = (await load()) as { default?: PcscPackage };
    return module.default ?? (module as PcscPackage);
  } catch (error) {
    const { code, message = "" } = error as Partial<NodeJS.ErrnoException>;
    const absent = code === "ERR_MODULE_NOT_FOUND";
    const unbuilt = !absent && /smartcard_napi/.test(message);
    const options = { cause: error };
    if (absent) throw new LinkError("link/package-missing", { package: PACKAGE }, options);
    if (unbuilt) throw new LinkError("link/package-unbuilt", { package: PACKAGE }, options);
    throw new LinkError("link/package-broken", { package: PACKAGE, detail: message }, options);
  }
}

/**
 * Resets the card and closes the context, once the driver is done with its last command (`busy`):
 * both calls would hold the whole program while it works.
 */
export async function letGo(
  pcsc: PcscPackage,
  context: PcscContext,
  card: PcscCard | undefined,
  busy: Promise<unknown>,
): Promise<void> {
  let free = false;
  await ended(busy.then(() => (free = true)));
  if (!free || !context.isValid) return;
  try {
    card?.disconnect(pcsc.SCARD_RESET_CARD);
  } catch {
    // It is gone already.
  }
  context.close();
}
