/**
 * What the build left for virtual boards, as parts of a browser's bundle: in place of
 * espruino/built.ts (host/tools/build/browser.ts).
 */

import { firmware, kernel } from "virtual:firmware";

export const BUNDLE_PATH = "firmware.js";
export const KERNEL_PATH = "kernel.bin";
export const DIST = undefined;

const bytesOf = (text: string) => Uint8Array.from(atob(text), (byte) => byte.charCodeAt(0));

export function readKernel(path: string | undefined): Uint8Array {
  if (path !== undefined) throw new RangeError("a browser reads no files");
  return bytesOf(kernel);
}
export function readBundle(path: string): Uint8Array {
  if (path !== BUNDLE_PATH) throw new RangeError("a browser reads no files");
  return bytesOf(firmware);
}
