/** Build options: what replaces the values of firmware/src/config.ts. */
import { readFileSync } from "node:fs";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { hexToBytes } from "@noble/curves/utils.js";
import { BuildRefused } from "./check/findings.js";
import { DEMO_MAKER_PUBLIC } from "./demo-maker.js";
import { fromRoot } from "./paths.js";

export interface FirmwareConfig {
  /** The maker's public key: 33 bytes, compressed, hex. */
  readonly makerKey: string;
  /** Exactly when the maker's private key is the published one. */
  readonly demo: boolean;
  /** Three numbers below 256. */
  readonly version: readonly number[];
}

export function packageVersion(): number[] {
  const { version } = JSON.parse(readFileSync(fromRoot("package.json"), "utf8")) as {
    version: string;
  };
  return version.split(".").map(Number);
}

export function firmwareConfig(makerKey: string = DEMO_MAKER_PUBLIC): FirmwareConfig {
  const key = makerKey.toLowerCase();
  try {
    if (!/^[0-9a-f]{66}$/.test(key)) throw new Error();
    secp256k1.Point.fromHex(key).assertValidity();
  } catch {
    throw new BuildRefused("--maker-key: not a compressed public key on secp256k1 (66 hex digits)");
  }
  return { makerKey: key, demo: key === DEMO_MAKER_PUBLIC, version: packageVersion() };
}

const binary = (bytes: Iterable<number>): string =>
  `"${[...bytes].map((byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join("")}"`;

/** The module that stands for config.ts; its names are those that config.ts declares. */
export function configModule(config: FirmwareConfig): Record<string, string> {
  return {
    KMAKER: binary(hexToBytes(config.makerKey)),
    DEMO: config.demo ? "1" : "0",
    FIRMWARE_VERSION: binary(config.version),
    // filled by lists.ts
    LISTS: binary([0]),
  };
}
