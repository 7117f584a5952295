/**
 * As much of the `smartcard` package (3.7) as host/sdk/links/pcsc.ts uses, and how it is loaded. Its
 * own types are not imported: it is optional, and nothing may need it to compile.
 */

import { LinkError } from "./link.js";

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
const NEEDS = "on Debian it is built with g++, make, python3 and libpcsclite-dev";

export async function loadPcsc(load = () => import(PACKAGE) as Promise<unknown>) {
  try {
    const module = (await load()) as { default?: PcscPackage };
    return module.default ?? (module as PcscPackage);
  } catch (error) {
    const { code, message = "" } = error as Partial<NodeJS.ErrnoException>;
    const absent = code === "ERR_MODULE_NOT_FOUND";
    const unbuilt = !absent && /smartcard_napi/.test(message);
    const text = absent
      ? `PC/SC readers need the smartcard package: npm install --no-save smartcard (${NEEDS})`
      : unbuilt
        ? `the smartcard package is here but was not built: npm rebuild smartcard (${NEEDS})`
        : `the smartcard package does not load: ${message}`;
    throw new LinkError("missing", text, { cause: error });
  }
}

/** A driver that still works on a command keeps `letGo` waiting so long at most. */
const CLOSE_MS = 2000;

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
  const free = await Promise.race([busy.then(() => true), sleep(CLOSE_MS)]);
  if (free !== true || !context.isValid) return;
  try {
    card?.disconnect(pcsc.SCARD_RESET_CARD);
  } catch {
    // It is gone already.
  }
  context.close();
}
export const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
