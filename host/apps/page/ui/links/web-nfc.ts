/**
 * Which card lies here: Web NFC (W3C Community Group), in Chrome on Android. It reads NDEF records
 * and nothing else, so a tap tells the card's name on the air, and Bluetooth carries what follows.
 *
 * A card's tag holds an address whose fragment is four hexadecimal digits, drawn anew by the board
 * at each boot and after each link: it advertises "Kincard" and these digits meanwhile. The digits
 * only pick a device in the browser's chooser; who the card is, its channel proves.
 */

import { Stopped, TaskError } from "../faults.js";

interface NdefRecord {
  readonly recordType: string;
  readonly data?: DataView;
}
interface NdefReading extends Event {
  readonly message: { readonly records: readonly NdefRecord[] };
}
interface Reader extends EventTarget {
  scan(options: { signal: AbortSignal }): Promise<void>;
}
type ReaderClass = new () => Reader;

const api = () => (globalThis as { NDEFReader?: ReaderClass }).NDEFReader;
export const hasWebNfc = () => api() !== undefined;

const AGAIN = "Try again, and hold it still against the phone's back.";
const OTHERWISE = "Connect the card by Bluetooth or USB instead.";
/** Long enough to find the place on the phone's back. */
const SCAN_MS = 60_000;

/** The digits in an address that a tag holds, or in this page's own; undefined when it has none. */
export function digitsOf(address: string): string | undefined {
  const [, digits] = /#([0-9a-f]{4})$/i.exec(address.trim()) ?? [];
  return digits?.toLowerCase();
}

/** The digits of the card that is held to the phone. Needs a click before it. */
export async function scanCard(signal: AbortSignal, mostMs = SCAN_MS): Promise<string> {
  const found = api();
  if (!found) throw new TaskError("This browser can't read NFC tags.", OTHERWISE);
  const reader = new found();
  const stop = new AbortController();
  const all = AbortSignal.any([signal, stop.signal]);
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    return await new Promise<string>((resolve, reject) => {
      const fail = (what: string, next: string) => reject(new TaskError(what, next));
      signal.addEventListener("abort", () => reject(new Stopped()), { once: true });
      timer = setTimeout(() => fail("No card was held to the phone.", AGAIN), mostMs);
      reader.addEventListener("reading", (event) => {
        const digits = digitsIn((event as NdefReading).message.records);
        if (digits !== undefined) resolve(digits);
        else
          fail("This tag is not a Kincard card.", "Take a card, and check that it is switched on.");
      });
      reader.addEventListener("readingerror", () => {
        fail("The tag could not be read.", AGAIN);
      });
      reader.scan({ signal: all }).catch((error: Error) => fail(scanFault(error), OTHERWISE));
    });
  } finally {
    clearTimeout(timer);
    stop.abort();
  }
}

function digitsIn(records: readonly NdefRecord[]): string | undefined {
  for (const { recordType, data } of records) {
    if (!/^(url|absolute-url)$/.test(recordType) || !data) continue;
    const digits = digitsOf(new TextDecoder().decode(data));
    if (digits !== undefined) return digits;
  }
  return undefined;
}

function scanFault({ name, message }: Error): string {
  if (name === "NotAllowedError") return "This browser does not let the page read NFC tags.";
  if (name === "NotReadableError") return "NFC is switched off on this phone.";
  if (name === "NotSupportedError") return "This phone has no NFC.";
  return `NFC could not be used: ${message}.`;
}
