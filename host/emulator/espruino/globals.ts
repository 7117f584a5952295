/**
 * The globals of an Espruino board, as far as a card's bundle may use them: `E`, timers, base64,
 * `process` and `require`. Serial port, pins and memory pokes are in espruino-io.ts.
 *
 * Source: Espruino 2v29 (src/jswrap_*.c). What is not here is undefined, as on a build without it.
 */

import { crc32 } from "../../sdk/links/line/crc32.js";
import { BoardTrap, Reboot } from "../faults.js";
import { atob, btoa, toBinaryString, toBytes } from "./bytes.js";
import { nativeCall } from "./native-call.js";
import type { Callback, Life } from "./life.js";
import { installIo } from "./pins.js";
import { installNrf } from "./nrf/nrf.js";

/** A Puck.js: 2630 variables of 13 bytes, 512 KB of flash. */
const VARIABLES = 2630;
const FLASH_LENGTH = 512 * 1024;

export function installEspruino(life: Life): void {
  const { globals } = life.realm;
  globals.global = globals;
  globals.save = life.api(() => undefined);
  globals.E = makeE(life);
  globals.process = makeProcess(life);
  globals.require = life.api((name: unknown) => library(life, String(name)));
  globals.atob = life.api((text: unknown) => atob(text));
  globals.btoa = life.api((data: unknown) => btoa(data));
  globals.print = life.api((...args: unknown[]) => life.options.print(args.join(" ")));
  globals.console = { log: globals.print };
  installTime(life);
  installIo(life);
  installNrf(life);
}

function makeE(life: Life): Record<string, unknown> {
  const { realm, options } = life;
  const flags: Record<string, unknown> = {};
  return api(life, {
    hwRand() {
      try {
        return options.random.next32() | 0;
      } catch (error) {
        // The pool's timeout is an InternalError that the bundle can catch.
        throw realm.newError(error instanceof Error ? error.message : String(error));
      }
    },
    CRC32: (data: unknown) => crc32(toBytes(data)),
    nativeCall: nativeCall(life),
    getAddressOf(value: unknown, flat: unknown) {
      if (!flat) throw new BoardTrap("E.getAddressOf without `true` is a variable's own address");
      return life.addressOf(value);
    },
    toUint8Array: (...values: unknown[]) => realm.newBytes(toBytes(...values)),
    toArrayBuffer: (text: unknown) =>
      typeof text === "string" ? realm.newBuffer(toBytes(text)) : undefined,
    toString: (...values: unknown[]) => toBinaryString(toBytes(...values)),
    setConsole(device: unknown, options: unknown) {
      life.console = device === null ? null : String(device);
      life.consoleForced = (options as { force?: boolean } | undefined)?.force === true;
    },
    getConsole: () => life.console,
    setFlags: (more: unknown) => void Object.assign(flags, more),
    getFlags: () => ({ ...flags }),
    getErrorFlags: () => realm.newArray([]),
    defrag: () => undefined,
    setPassword: () => undefined,
    lockConsole: () => undefined,
    enableWatchdog: () => undefined,
    kickWatchdog: () => undefined,
    on: (event: unknown, callback: unknown) => life.on(`E.${String(event)}`, callback),
    removeListener: (event: unknown, callback: unknown) => life.off(`E.${String(event)}`, callback),
    reboot() {
      throw new Reboot("the bundle restarts the board");
    },
  });
}

function api(life: Life, members: Record<string, Callback>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).map(([name, body]) => [name, life.api(body)]));
}

function makeProcess(life: Life): Record<string, unknown> {
  const { mapped, flash } = life.options;
  const board = {
    stackEndAddress: 0x20004000,
    stackFree: 8192,
    flash_start: 0,
    flash_binary_end: flash.address,
    flash_code_start: flash.address,
    flash_length: FLASH_LENGTH,
  };
  const memory = {
    free: 1500,
    usage: VARIABLES - 1500,
    total: VARIABLES,
    history: 0,
    gc: 0,
    gctime: 1,
    blocksize: 13,
  };
  const made = api(life, {
    memory: (collect: unknown) => {
      // It collects unless told not to.
      if (collect !== false) life.nfc.sinceCollected = 0;
      return { ...memory, ...(mapped ? board : {}) };
    },
    on: (event: unknown, callback: unknown) => life.on(`process.${String(event)}`, callback),
  });
  return Object.assign(made, {
    version: "2v29",
    env: {
      VERSION: "2v29",
      BOARD: mapped ? "VIRTUAL" : "LINUX",
      EMULATED: true,
      STORAGE: flash.size,
      SERIAL: "00000000-00000000",
      MODULES: "Flash,Storage",
    },
  });
}

function installTime(life: Life): void {
  const { globals } = life.realm;
  const { clock, options } = life;
  let offset = 0;
  const starter = (repeat: boolean) =>
    life.api((callback: unknown, milliseconds: unknown, ...args: unknown[]) => {
      if (typeof callback !== "function") throw new BoardTrap("a timer needs a function");
      const run = () => options.invoke(() => (callback as Callback)(...args));
      return clock.set(run, Number(milliseconds ?? 0), repeat);
    });
  const stopper = life.api((...ids: unknown[]) => {
    if (ids.length === 0) clock.clearAll();
    else if (ids[0] === undefined) {
      throw new BoardTrap("clearTimeout(undefined) is an error on the interpreter");
    } else clock.clear(Number(ids[0]));
  });
  Object.assign(globals, {
    setTimeout: starter(false),
    setInterval: starter(true),
    clearTimeout: stopper,
    clearInterval: stopper,
    getTime: life.api(() => clock.now + offset),
    setTime: life.api((seconds: unknown) => {
      offset = Number(seconds ?? 0) - clock.now;
    }),
  });
}

function library(life: Life, name: string): unknown {
  if (name === "Storage") return storageLibrary(life);
  if (name === "Flash") return flashLibrary(life);
  throw life.realm.newError(`Module ${name} not found`);
}

function storageLibrary(life: Life): Record<string, unknown> {
  const { log, realm } = life;
  return api(life, {
    read(name: unknown, offset: unknown, length: unknown) {
      const found = log.read(String(name), Number(offset ?? 0), Number(length ?? 0));
      if (!found) return undefined;
      return life.nativeString(toBinaryString(found.bytes), found.address);
    },
    readArrayBuffer(name: unknown) {
      const found = log.read(String(name));
      return found && realm.newBuffer(found.bytes);
    },
    write: (name: unknown, data: unknown, offset: unknown, size: unknown) =>
      log.write(String(name), toBytes(data), Number(offset ?? 0), Number(size ?? 0)),
    erase: (name: unknown) => log.erase(String(name)),
    eraseAll: () => log.eraseAll(),
    compact: () => void log.compact(),
    list: () => realm.newArray(log.list()),
    getFree: () => log.getFree(),
  });
}

function flashLibrary(life: Life): Record<string, unknown> {
  const { flash, mapped } = life.options;
  const { realm } = life;
  const strike = () => {
    if (life.mishaps.strikes("flash")) throw realm.newError("Flash: it failed this once");
  };
  return api(life, {
    getPage(address: unknown) {
      const at = Number(address);
      const known = mapped ? at >= 0 && at < FLASH_LENGTH : flash.contains(at);
      if (!known) return undefined;
      return { addr: at - (at % flash.page), length: flash.page };
    },
    // On a Puck.js nothing is left between the firmware and Storage; Linux lists all it has.
    getFree: () => realm.newArray(mapped ? [] : [{ addr: flash.address, length: flash.size }]),
    erasePage(address: unknown) {
      strike();
      flash.erase(Number(address));
    },
    write(data: unknown, address: unknown) {
      strike();
      flash.write(Number(address), toBytes(data));
    },
    read(length: unknown, address: unknown) {
      const count = Number(length);
      return count > 0 ? realm.newBytes(flash.read(Number(address), count)) : undefined;
    },
  });
}
