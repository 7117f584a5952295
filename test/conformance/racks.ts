/**
 * The racks there are: virtual boards reached over TCP, boards made of the real interpreter
 * (ESPRUINO_BIN) reached over pseudo terminals, boards by their link URIs, and any of them mixed.
 */
import { readFileSync } from "node:fs";
import { KERNEL_PATH } from "../../host/emulator/espruino/bundle.js";
import { listenCard } from "../../host/emulator/board/listen.js";
import { InterpreterBoard } from "../../host/emulator/board/interpreter/interpreter.js";
import { airTo, duplexOf, airAround, type HostRadio } from "../ble/support.js";
import { makeBoard, type TestBoard } from "../support/boards.js";
import { placeAt, type Levers, type Place, type Rack } from "../../host/apps/conform/rack.js";

/** What every virtual board can; for planning before there is one. */
const nothing = (): void => undefined;
const never = async (): Promise<void> => undefined;
export const VIRTUAL: Levers = { power: { off: never, on: never }, button: nothing, time: nothing };
/** The interpreter's time is the machine's own. */
export const INTERPRETER: Levers = { power: VIRTUAL.power!, button: nothing };

function rack(name: string, made: readonly { place: Place; close(): Promise<void> }[]): Rack {
  const close = async () => {
    for (const one of made) await one.close();
  };
  return { name, places: made.map(({ place }) => place), close };
}

/** Virtual boards in this process, reached like those of other processes. */
export async function virtualRack(seeds: readonly string[], options: TestBoard = {}) {
  const made = [];
  const boards = [];
  for (const seed of seeds) {
    const board = makeBoard({ seed, ...options });
    boards.push(board);
    const listening = await listenCard(board, "tcp:127.0.0.1:0");
    board.powerOn();
    const place = placeAt(listening.uri, {
      power: { off: async () => board.powerOff(), on: async () => board.powerOn() },
      button: (held) => (held ? board.press() : board.release()),
      time: (seconds) => board.advance(seconds),
    });
    const close = async () => {
      await listening.close();
      board.powerOff();
    };
    made.push({ place, close });
  }
  return { ...rack("virtual boards", made), boards };
}

/** Virtual boards over the emulated radio. */
export function airRack(seeds: readonly string[], air: HostRadio = {}): Rack {
  const made = seeds.map((seed) => {
    const board = makeBoard({ seed });
    board.powerOn();
    const place: Place = {
      name: `${seed} over the air`,
      open: (options) => airTo(board, air, options),
      wire: async () => duplexOf(airAround(board).connect(air.mtu), air),
      levers: {
        power: { off: async () => board.powerOff(), on: async () => board.powerOn() },
        button: (held) => (held ? board.press() : board.release()),
        time: (seconds) => board.advance(seconds),
      },
    };
    return { place, close: async () => board.powerOff() };
  });
  return rack("virtual boards over the air", made);
}

/** Boards made of the interpreter that ESPRUINO_BIN names. */
export async function interpreterRack(count: number): Promise<Rack> {
  const kernel = new Uint8Array(readFileSync(KERNEL_PATH));
  const made = [];
  for (let index = 0; index < count; index++) {
    const board = await InterpreterBoard.make({ kernel });
    await board.powerOn();
    const place = placeAt(board.uri, {
      power: { off: () => board.powerOff(), on: () => board.powerOn() },
      button: (held) => (held ? board.press() : board.release()),
    });
    made.push({ place, close: () => board.close() });
  }
  return rack("interpreters", made);
}

/** Boards by their links, with no lever but the person beside them. */
export function boardRack(uris: readonly string[], maker?: Uint8Array): Rack {
  const made = uris.map((uri) => ({ place: placeAt(uri, {}, maker), close: never }));
  return rack("boards", made);
}

export function mixedRack(...racks: readonly Rack[]): Rack {
  const close = async () => {
    for (const one of racks) await one.close();
  };
  const name = racks.map((one) => one.name).join(" and ");
  return { name, places: racks.flatMap(({ places }) => places), close };
}
