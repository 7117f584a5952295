/**
 * The `espruino` package, each time in a world of its own: it keeps its one connection, its settings
 * and its registry of serial devices in globals, prints a lot, and its own serial device looks for
 * ports with a program (udevadm) whose absence ends the process. So only the parts that talk to a
 * board are loaded, without that device, and several boards can be worked on at once.
 *
 * Source: espruino 0.1.67, core/serial.js (the interface of a device), core/env.js, core/utils.js.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createContext, runInContext } from "node:vm";

type Done<T> = (value: T) => void;

/** What core/serial.js asks of a device. */
export interface SerialDevice {
  readonly name: string;
  /** Bytes given to `write` at a time. */
  readonly maxWriteLength?: number;
  getPorts(done: (ports: { path: string; description: string }[], instant: boolean) => void): void;
  open(
    path: string,
    opened: (info: object | undefined) => void,
    received: Done<ArrayBuffer>,
    disconnected: (error?: unknown) => void,
  ): void;
  write(data: string, done: () => void): void;
  close(): void;
}

export interface EspruinoTools {
  readonly Config: Record<string, unknown>;
  readonly Core: {
    readonly Serial: {
      devices: SerialDevice[];
      open(port: string, opened: Done<object | undefined>, disconnected: () => void): void;
      close(): void;
      startListening(listener: Done<ArrayBuffer> | undefined): unknown;
      setSlowWrite(slow: boolean, force?: boolean): void;
      write(data: string, showStatus?: boolean, done?: () => void): void;
    };
    readonly Env: { getData(): Record<string, unknown>; getBoardData(): Record<string, unknown> };
    readonly Utils: {
      executeExpression(
        expression: string,
        done: Done<string | undefined>,
        options?: { minTimeout?: number; maxTimeout?: number },
      ): void;
    };
  };
  init(): void;
}

const PARTS = [
  ...["espruino", "core/config", "core/utils", "core/serial", "core/env"],
  ...["plugins/boardJSON", "plugins/versionChecker"],
];

/** `settings` win over the package's defaults. */
export function loadTools(settings: Readonly<Record<string, unknown>>): EspruinoTools {
  const require = createRequire(import.meta.url);
  const quiet = () => undefined;
  const globals: Record<string, unknown> = {
    console: { log: quiet, warn: quiet, error: quiet },
    ...{ setTimeout, clearTimeout, setInterval, clearInterval, queueMicrotask },
    ...{ require, process: { platform: process.platform }, navigator: { userAgent: "node" } },
    // its own, it would take our buffers for something else
    ...{ ArrayBuffer, Uint8Array },
  };
  const context = createContext(globals);
  for (const part of PARTS) {
    const path = require.resolve(`espruino/${part}.js`);
    runInContext(readFileSync(path, "utf8"), context, { filename: path });
  }
  const tools = globals["Espruino"] as EspruinoTools & { Core: Record<string, unknown> };
  tools.Core["Notifications"] = { success: quiet, error: quiet, warning: quiet, info: quiet };
  tools.Core["Status"] = { setStatus: quiet, hasProgress: () => false, incrementProgress: quiet };
  tools.init();
  Object.assign(tools.Config, settings);
  return tools;
}
