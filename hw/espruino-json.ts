/**
 * The board file of Espruino's own tools (what they would fetch from www.espruino.com/json), made
 * from ours, so that they work offline and know the same flash map.
 *
 * Only what they read for uploading and for making .hex files: name, built-in modules, flash map.
 */
import { ESPRUINO_VERSION, storageBytes, type Board } from "./boards/board.js";

export interface EspruinoBoardFile {
  readonly info: {
    readonly name: string;
    readonly boardname: string;
    readonly variables: number;
    readonly binary_name: string;
    readonly binary_version: string;
    readonly builtin_modules: readonly string[];
  };
  readonly chip: {
    readonly part: string;
    readonly family: string;
    readonly ram: number;
    readonly flash: number;
    readonly speed: number;
    readonly saved_code: {
      readonly address: number;
      readonly page_size: number;
      readonly pages: number;
    };
  };
  readonly devices: Readonly<Record<string, { readonly pin: string }>>;
}

export function espruinoJson(board: Board): EspruinoBoardFile {
  const { chip, storage, leds, buttons } = board;
  const pins = (name: string, list: readonly string[]) =>
    list.map((pin, i) => [`${name}${i + 1}`, { pin }] as const);
  return {
    info: {
      name: board.title,
      boardname: board.boardName,
      variables: board.jsVars,
      binary_name: board.binary.replace("%v", ESPRUINO_VERSION),
      binary_version: ESPRUINO_VERSION,
      builtin_modules: board.modules,
    },
    chip: {
      part: chip.part,
      family: chip.family,
      ram: chip.ram / 1024,
      flash: chip.flash / 1024,
      speed: chip.speed,
      saved_code: {
        address: storage.address,
        page_size: chip.page,
        pages: storageBytes(board) / chip.page,
      },
    },
    devices: Object.fromEntries([...pins("LED", leds), ...pins("BTN", buttons)]),
  };
}
