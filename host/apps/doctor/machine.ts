/**
 * What this machine has of what Kincard can use: Node, packages, serial ports, PC/SC readers,
 * Bluetooth. Nothing is changed, nothing is sent anywhere.
 *
 * Sources: package.json (engines, optional and peer packages); Linux, Documentation/ABI
 * (sys/class/bluetooth); docs/pcsc.md. Limits: adapters are only listed on Linux, elsewhere the
 * package finds them itself; that a radio is switched on shows when it is used.
 */

import { accessSync, constants, existsSync, readdirSync } from "node:fs";
import { LinkError } from "../../sdk/failures/failure.js";
import { loadBle } from "../../sdk/links/ble/package.js";
import { listPcscReaders } from "../../sdk/links/pcsc/pcsc.js";
import { linuxPorts, listPorts, type PortInfo } from "../flasher/console/ports.js";
import type { Finding } from "./finding.js";

/** What is asked of the machine; tests have others. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly node: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly ports: () => Promise<readonly PortInfo[]>;
  readonly readers: () => Promise<readonly { readonly name: string; readonly card: boolean }[]>;
  readonly ble: () => Promise<unknown>;
  readonly adapters: () => readonly string[] | undefined;
  readonly serialport: () => Promise<unknown>;
  readonly mayOpen: (path: string) => boolean;
}

const LEAST_NODE = [20, 19] as const;
const CARDS_ON_READERS = "cards on PC/SC readers (pcsc:)";
const OVER_AIR = "cards over Bluetooth (ble:); the phone page needs nothing";
const BY_CABLE = "boards on serial and USB cables (serial:)";
const NOBLE = "npm install --no-save @stoprocent/noble@2.8.0";
const LIBRARIES = "sudo apt-get install libpcsclite-dev g++ make python3";

function bluetoothAdapters(): readonly string[] | undefined {
  if (process.platform !== "linux") return undefined;
  const folder = "/sys/class/bluetooth";
  return existsSync(folder) ? readdirSync(folder).filter((name) => /^hci\d+$/.test(name)) : [];
}
function mayOpen(path: string): boolean {
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

export const thisMachine: Machine = {
  platform: process.platform,
  node: process.versions.node,
  env: process.env,
  ports: async () => (process.platform === "linux" ? linuxPorts() : listPorts()),
  readers: () => listPcscReaders(),
  ble: () => loadBle(),
  adapters: bluetoothAdapters,
  serialport: () => import("serialport"),
  mayOpen,
};

export async function lookAtMachine(machine: Machine = thisMachine): Promise<Finding[]> {
  return [
    node(machine),
    await serialPackage(machine),
    ...(await serialPorts(machine)),
    ...(await pcsc(machine)),
    ...(await bluetooth(machine)),
    ...firmwares(machine),
  ];
}

function node({ node }: Machine): Finding {
  const [major = 0, minor = 0] = node.split(".").map(Number);
  const good = major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1]);
  const check = "Node.js";
  if (good) return { check, state: "ok", says: node };
  return {
    ...{ check, state: "missing", says: `${node}, and ${LEAST_NODE.join(".")} is the least` },
    ...{ neededFor: "everything", mend: "install Node.js 20 from https://nodejs.org" },
  };
}

async function serialPackage({ serialport }: Machine): Promise<Finding> {
  const check = "package serialport";
  try {
    await serialport();
    return { check, state: "ok", says: "installed" };
  } catch (error) {
    const says = `it can't be loaded: ${(error as Error).message.split("\n")[0]}`;
    return { check, state: "missing", says, neededFor: BY_CABLE, mend: "npm install serialport" };
  }
}

async function serialPorts({ ports, mayOpen, platform }: Machine): Promise<Finding[]> {
  const check = "serial ports";
  const found = await ports();
  if (!found.length)
    return [{ check, state: "note", says: "none: is a board plugged in, by a cable with data?" }];
  return found.map(({ uri, path, description }): Finding => {
    const says = `${uri}, ${description}`;
    if (platform === "win32" || mayOpen(path)) return { check, state: "ok", says };
    const mend = "sudo usermod -aG dialout $USER, then log in again";
    return { check, state: "missing", says: `${says}: not yours to open`, mend };
  });
}

async function pcsc({ readers, platform }: Machine): Promise<Finding[]> {
  const check = "PC/SC readers";
  const neededFor = CARDS_ON_READERS;
  try {
    const found = await readers();
    if (!found.length) return [{ check, state: "note", says: "the service runs, no reader is in" }];
    return found.map(({ name, card }) => {
      const says = `pcsc:${name}, ${card ? "something lies on it" : "nothing lies on it"}`;
      return { check, state: "ok", says };
    });
  } catch (error) {
    const says = (error as Error).message;
    const mend = pcscMend(error, platform);
    return [{ check, state: "missing", says, neededFor, ...(mend ? { mend } : {}) }];
  }
}
function pcscMend(error: unknown, platform: NodeJS.Platform): string | undefined {
  const linux = platform === "linux";
  switch (error instanceof LinkError ? error.code : undefined) {
    case "link/no-reader-service":
      return linux
        ? "sudo apt-get install pcscd && sudo systemctl start pcscd.socket"
        : "start the smart card service of the system";
    case "link/package-missing":
      return `${linux ? `${LIBRARIES} && ` : ""}npm install --no-save smartcard@3.7.0`;
    case "link/package-unbuilt":
    case "link/package-broken":
      return `${linux ? `${LIBRARIES} && ` : ""}npm rebuild smartcard`;
    default:
      return undefined;
  }
}

async function bluetooth({ ble, adapters }: Machine): Promise<Finding[]> {
  const neededFor = OVER_AIR;
  const loaded = await ble().then(
    (): Finding => ({ check: "package noble", state: "ok", says: "installed" }),
    (error: Error): Finding => ({
      ...{ check: "package noble", state: "missing", says: error.message.split("\n")[0] ?? "" },
      ...{ neededFor, mend: NOBLE },
    }),
  );
  const found = adapters();
  if (!found) return [loaded];
  const radio: Finding = found.length
    ? { check: "Bluetooth radio", state: "ok", says: found.join(", ") }
    : { check: "Bluetooth radio", state: "note", says: "this machine has none", neededFor };
  return [loaded, radio];
}

/** Files that only developers have. */
function firmwares({ env }: Machine): Finding[] {
  const named = { KINCARD_FIRMWARE: "emulated chips", ESPRUINO_BIN: "the real interpreter" };
  return Object.entries(named).flatMap(([name, neededFor]): Finding[] => {
    const file = env[name];
    if (!file) return [];
    // A command may have words.
    const there = existsSync(file.split(" ")[0] ?? "");
    const says = there ? file : `there is no ${file}`;
    return [{ check: name, state: there ? "ok" : "missing", says, neededFor }];
  });
}
