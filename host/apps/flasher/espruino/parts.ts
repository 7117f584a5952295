/**
 * What the flasher uses of the `espruino` package, and how it is made ready. Browser-safe.
 *
 * Source: espruino 0.1.67, core/serial.js (the interface of a device), core/env.js, core/utils.js.
 */

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

/** Settings and switched-off voices: `settings` win over the package's defaults. */
export function prepareTools(
  tools: EspruinoTools,
  settings: Readonly<Record<string, unknown>>,
): EspruinoTools {
  const core = tools.Core as unknown as Record<string, unknown>;
  core["Notifications"] = { success: quiet, error: quiet, warning: quiet, info: quiet };
  core["Status"] = { setStatus: quiet, hasProgress: () => false, incrementProgress: quiet };
  tools.init();
  Object.assign(tools.Config, settings);
  return tools;
}
export const quiet = (): undefined => undefined;
