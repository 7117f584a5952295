/**
 * A board's outside: serial port, lights, button, and the few registers a bundle may poke.
 *
 * Source: Espruino 2v29 (src/jswrap_serial.c, jswrap_io.c). Limits: pins are LED1..3 (as many as
 * the board has) and BTN1 only; setWatch does not debounce.
 */

import { BoardTrap, hex } from "../faults.js";
import { toBytes } from "./bytes.js";
import type { Life } from "./life.js";

/**
 * NVMC ICACHECNF: switching the instruction cache on changes nothing that can be seen here, but the
 * SoftDevice starts a board anew whose program writes there while it is enabled.
 */
const ICACHECNF = 0x4001e540;

export interface Pin {
  readonly name: string;
  read(): boolean;
  write(value: unknown): void;
  set(): void;
  reset(): void;
  mode(mode: string): void;
}

export function installIo(life: Life): void {
  const { globals } = life.realm;
  const { options } = life;
  globals.Serial1 = serialPort(life);
  for (let i = 1; i <= options.lights; i++) globals[`LED${i}`] = lamp(life, `LED${i}`);
  if (options.lights) globals.LED = globals.LED1;
  if (options.button) {
    const button = pin(life, "BTN1", options.isPressed, () => {
      throw new BoardTrap("the button is an input");
    });
    globals.BTN = globals.BTN1 = button;
  }
  const asPin = (value: unknown): Pin => {
    if (value && typeof value === "object" && "mode" in value) return value as Pin;
    throw new BoardTrap("not a pin");
  };
  Object.assign(globals, {
    digitalRead: life.api((which: unknown) => Number(asPin(which).read())),
    // Of a list of pins the last one takes the lowest bit.
    digitalWrite: life.api((which: unknown, value: unknown) => {
      if (!Array.isArray(which)) return asPin(which).write(value);
      const pins = Array.from(which as unknown[], asPin);
      life.changeLeds(() => {
        for (const [bit, each] of pins.reverse().entries()) each.write((Number(value) >> bit) & 1);
      });
    }),
    pinMode: life.api((which: unknown) => void asPin(which)),
    ...watches(life, asPin),
    ...registers(life),
  });
}

function pin(life: Life, name: string, read: () => boolean, write: (value: boolean) => void): Pin {
  return {
    name,
    read: life.api(read),
    write: life.api((value: unknown) => write(Boolean(value))),
    set: life.api(() => write(true)),
    reset: life.api(() => write(false)),
    mode: life.api(() => undefined),
  };
}

function lamp(life: Life, name: string): Pin {
  life.leds[name] = false;
  return pin(
    life,
    name,
    () => life.leds[name] === true,
    (value) => life.changeLeds(() => void (life.leds[name] = value)),
  );
}

function serialPort(life: Life): Record<string, unknown> {
  const { emit } = life.options;
  const text = (value: unknown) => toBytes(String(value));
  const members = {
    setup: () => undefined,
    write: (...data: unknown[]) => emit(toBytes(...data)),
    print: (value: unknown) => emit(text(value)),
    println: (value: unknown) => emit(text(`${String(value)}\r\n`)),
    on: (event: unknown, callback: unknown) => life.on(`Serial1.${String(event)}`, callback),
    removeListener: (event: unknown, callback: unknown) =>
      life.off(`Serial1.${String(event)}`, callback),
    removeAllListeners: (event: unknown) => life.off(`Serial1.${String(event ?? "data")}`),
    setConsole: () => {
      life.console = "Serial1";
    },
    unsetup: () => undefined,
    flush: () => undefined,
  };
  return Object.fromEntries(
    Object.entries(members).map(([name, body]) => [
      name,
      life.api(body as (...args: unknown[]) => unknown),
    ]),
  );
}

interface WatchOptions {
  readonly repeat?: boolean;
  readonly edge?: "rising" | "falling" | "both";
}

function watches(life: Life, asPin: (value: unknown) => Pin): Record<string, unknown> {
  const active = new Map<number, () => void>();
  let nextId = 1;
  const stop = (id: number) => {
    active.get(id)?.();
    active.delete(id);
  };
  return {
    setWatch: life.api((callback: unknown, which: unknown, given: unknown) => {
      if (typeof callback !== "function") throw new BoardTrap("setWatch needs a function");
      const watched = asPin(which);
      const wants: WatchOptions = typeof given === "object" ? (given as WatchOptions) : {};
      const repeat = typeof given === "boolean" ? given : wants.repeat;
      const id = nextId++;
      let lastTime = 0;
      const heard = (state: unknown) => {
        const edge = state ? "rising" : "falling";
        if ((wants.edge ?? "both") !== "both" && wants.edge !== edge) return;
        const time = life.clock.now;
        if (!repeat) stop(id);
        (callback as (event: object) => void)({ state, time, lastTime, pin: watched });
        lastTime = time;
      };
      life.on(`pin.${watched.name}`, heard);
      active.set(id, () => life.off(`pin.${watched.name}`, heard));
      return id;
    }),
    clearWatch: life.api((id: unknown) => stop(Number(id))),
  };
}

function registers(life: Life): Record<string, unknown> {
  const peek = (width: 1 | 2 | 4) =>
    life.api((address: unknown) => {
      if (Number(address) === ICACHECNF) return 0;
      const bytes = life.memory.read(Number(address), width);
      return bytes.reduceRight((sum, byte) => sum * 256 + byte, 0);
    });
  const poke = life.api((address: unknown) => {
    if (Number(address) === ICACHECNF && !life.softDevice) return;
    throw new BoardTrap(`poke of ${hex(Number(address))}: not a register this emulation knows`);
  });
  return {
    peek8: peek(1),
    peek16: peek(2),
    peek32: peek(4),
    poke8: poke,
    poke16: poke,
    poke32: poke,
  };
}
