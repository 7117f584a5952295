/**
 * What a board is, as far as images, flashing and the docs need to know. One file a board follows;
 * nothing in them was tried on real hardware.
 *
 * Source of every board's figures: Espruino 2v29, boards/*.py (a test compares them with a checkout
 * when ESPRUINO_SOURCE names one).
 */
import type { Chip } from "../chips.js";

export interface BoardStorage {
  readonly address: number;
  readonly pages: number;
}
export interface SerialPins {
  readonly rx: string;
  readonly tx: string;
  /** Of Espruino's console before the image is on. */
  readonly baud: number;
}
/** none: no pads brought out; wire: pads or a plug for an antenna of your own. */
export type Antenna = "on board" | "plug-in" | "wire" | "none";

export interface Board {
  /** What --board and `npm run image` take. */
  readonly id: string;
  readonly title: string;
  /** `process.env.BOARD` of the firmware. */
  readonly boardName: string;
  readonly chip: Chip;
  /** Variables of the interpreter. */
  readonly jsVars: number;
  readonly storage: BoardStorage;
  /** The official firmware's file; %v is the version. */
  readonly binary: string;
  /** Whether that firmware answers NFC at all, and the antenna. */
  readonly nfc: { readonly library: boolean; readonly antenna: Antenna };
  readonly leds: readonly string[];
  readonly buttons: readonly string[];
  readonly serial: SerialPins | undefined;
  /** Pins of those above that are another number on the chip than in their name. */
  readonly pins?: Readonly<Record<string, number>>;
  /** LEDs and buttons that are lit, or pressed, when low. */
  readonly activeLow?: readonly string[];
  /** The board has USB of its own, which Espruino serves. */
  readonly usb: boolean;
  /** How it advertises itself: this and the last four digits of its address. */
  readonly bluetooth: string | undefined;
  /** Modules and classes that matter here and that this build has compiled in. */
  readonly modules: readonly string[];
  /** Images can't be made: why. */
  readonly unsupported?: string;
}

export const storageBytes = ({ storage, chip }: Board): number => storage.pages * chip.page;
export const storageEnd = (board: Board): number => board.storage.address + storageBytes(board);

/** A pin's number on the chip; undefined for one that hangs on another chip (Thingy:52's LEDs). */
export function chipPin(board: Board, name: string): number | undefined {
  const number = /^D(\d+)$/.exec(name)?.[1];
  return board.pins?.[name] ?? (number === undefined ? undefined : Number(number));
}

/** Versions of Espruino that this was made for: 2v29 and its development builds. */
export const ESPRUINO_VERSION = "2v29";
export const isKnownVersion = (version: string): boolean =>
  version === ESPRUINO_VERSION || version.startsWith(`${ESPRUINO_VERSION}.`);
