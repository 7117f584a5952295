/**
 * What a board says and does at Espruino's prompt, against what its board file and data sheets say:
 * the questions that an emulated chip can't settle. Changes nothing that lasts but one erase of a
 * page that is empty already.
 *
 * Sources: hw/boards; nRF52832 Product Specification 1.4, chapter NVMC (a page is erased in 85 ms
 * at most, a word written in 67.5 us), ICACHECNF at 0x4001e540.
 */
import { isKnownVersion, storageBytes, storageEnd, type Board } from "../../../hw/boards/board.js";
import { BOARDS } from "../../../hw/boards/index.js";
import type { BoardConsole } from "../flasher/console/console.js";
import type { Survey } from "../flasher/survey.js";
import type { Check } from "./check.js";
import { compared, measured } from "./check.js";

const CACHE = "0x4001e540";
/** Milliseconds of a loop that does nothing, and of the same with the cache on. */
const LOOP = "(function(){var t=getTime(),i;for(i=0;i<3000;i++);return 1000*(getTime()-t);})()";
const SAMPLES = "[E.hwRand(),E.hwRand(),E.hwRand(),E.hwRand()]";
const MEMORY = "[process.memory().total,process.env.STORAGE]";
const LONGEST_ERASE = 95;

/** Builds of one board differ in their Storage. */
function boardOf(name: string, storage: number | undefined): Board | undefined {
  const named = BOARDS.filter(({ boardName }) => boardName === name);
  return named.find((board) => storageBytes(board) === storage) ?? named[0];
}

export async function checkPrompt(
  console: BoardConsole,
  found: Survey,
  overAir: boolean,
): Promise<Check[]> {
  const { BOARD, VERSION, STORAGE, MODULES = "" } = console.environment;
  const board = boardOf(BOARD, STORAGE);
  const checks = [
    compared("Espruino", `${BOARD} ${VERSION}`, isKnownVersion(VERSION) && board !== undefined, {
      expected: "a board of docs/boards.md, 2v29",
    }),
  ];
  if (!board) return checks;
  const [variables, storage] = await console.evaluate<[number, number]>(MEMORY);
  const size = storageBytes(board);
  checks.push(
    compared("variables", String(variables), variables >= board.jsVars, {
      expected: `${board.jsVars}`,
    }),
    compared("Storage", `${storage} bytes`, storage === size, { expected: `${size} bytes` }),
    compared(
      "modules",
      MODULES,
      board.modules.every((name) => MODULES.split(",").includes(name)),
      {
        expected: board.modules.join(","),
      },
    ),
  );
  const random = await console.evaluate<number[]>(SAMPLES);
  checks.push(
    compared(
      "random samples",
      `${new Set(random).size} of ${random.length} differ`,
      new Set(random).size === random.length,
      { expected: "all" },
    ),
  );
  if (board.chip.runsKernel) {
    if (!overAir) checks.push(...(await cache(console)));
    checks.push(...(await erase(console, board, found)));
  }
  return checks;
}

/** Turned on as the card's program does it: a board that starts anew here could never be a card. */
async function cache(console: BoardConsole): Promise<Check[]> {
  const slow = await console.evaluate<number>(LOOP, 10);
  const on = `(function(){NRF.restart(function(){poke32(${CACHE},1)});return peek32(${CACHE});})()`;
  const value = await console.evaluate<number>(on, 6);
  const fast = await console.evaluate<number>(LOOP, 10);
  return [
    compared("instruction cache", value === 1 ? "on" : `ICACHECNF ${value}`, value === 1, {
      expected: "on, and the board has not started anew",
    }),
    measured("a loop without and with the cache", `${slow.toFixed(0)} and ${fast.toFixed(0)} ms`),
  ];
}

/** Only where nothing lies: a board without files, its last page. */
async function erase(console: BoardConsole, board: Board, found: Survey): Promise<Check[]> {
  if (found.files.length) return [];
  const page = storageEnd(board) - board.chip.page;
  const empty = `require("Flash").read(${board.chip.page},${page}).every(function(b){return b==255})`;
  if (!(await console.evaluate<boolean>(empty, 20))) return [];
  const work = `require("Flash").erasePage(${page});`;
  const ms = await console.evaluate<number>(
    `(function(){var t=getTime();${work}return 1000*(getTime()-t);})()`,
  );
  return [
    compared("erase of a page", `${ms.toFixed(0)} ms`, ms > 0 && ms < LONGEST_ERASE, {
      expected: "85 ms at most",
    }),
  ];
}
