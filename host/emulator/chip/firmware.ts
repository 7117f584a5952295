/**
 * A firmware file, the user's own: Intel HEX with the application, with or without SoftDevice and
 * boot loader, or the zip that holds an application's binary. Only the application is executed.
 *
 * Source: Espruino's release files; Nordic's DFU package (manifest.json names the binary).
 */

import { readFileSync } from "node:fs";
import { readIntelHex, type Segment } from "../../../hw/images/read-intel-hex.js";
import { unzip } from "./unzip.js";

/** Where an application starts above the S132 v3, and where boot loaders do. */
export const APPLICATION = 0x1f000;
const FLASH_END = 0x80000;

/** A file that can't be a firmware for this chip. */
export class FirmwareError extends Error {
  override readonly name = "FirmwareError";
}

export interface Firmware {
  readonly segments: readonly Segment[];
  /** Of the application, from its first byte on. */
  readonly end: number;
}

export function readFirmware(path: string): Firmware {
  const bytes = readFileSync(path);
  const zipped = bytes[0] === 0x50 && bytes[1] === 0x4b;
  try {
    return zipped ? fromZip(bytes) : parseFirmware(bytes.toString("latin1"));
  } catch (error) {
    throw new FirmwareError(`${path}: ${(error as Error).message}`, { cause: error });
  }
}

export function parseFirmware(hex: string): Firmware {
  // UICR and above is configuration, which this chip has of its own.
  return checked(readIntelHex(hex).filter(({ address }) => address < FLASH_END));
}

function fromZip(bytes: Uint8Array): Firmware {
  const files = unzip(bytes);
  const hex = [...files].find(([name]) => name.endsWith(".hex"));
  if (hex) return parseFirmware(Buffer.from(hex[1]).toString("latin1"));
  const manifest = files.get("manifest.json");
  if (!manifest) throw new FirmwareError("a zip with neither a .hex nor a manifest.json");
  const { manifest: list } = JSON.parse(Buffer.from(manifest).toString()) as {
    manifest?: { application?: { bin_file?: string } };
  };
  const binary = files.get(list?.application?.bin_file ?? "");
  if (!binary) throw new FirmwareError("its manifest.json names no application");
  return checked([{ address: APPLICATION, bytes: binary }]);
}

function checked(segments: readonly Segment[]): Firmware {
  const from = segments.find(
    ({ address, bytes }) => address <= APPLICATION && address + bytes.length > APPLICATION,
  );
  if (!from) throw new FirmwareError("nothing at 0x1f000: no application for the S132 v3");
  const at = APPLICATION - from.address;
  const view = new DataView(from.bytes.buffer, from.bytes.byteOffset, from.bytes.length);
  const [stack, entry] = [view.getUint32(at, true), view.getUint32(at + 4, true)];
  if (stack >>> 16 !== 0x2000 && stack !== 0x20010000)
    throw new FirmwareError(
      "what lies at 0x1f000 does not begin as an application for an nRF52832",
    );
  if (!(entry & 1) || entry >= FLASH_END)
    throw new FirmwareError("what lies at 0x1f000 has no entry point in flash");
  return { segments, end: from.address + from.bytes.length };
}
