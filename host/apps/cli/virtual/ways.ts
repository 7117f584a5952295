/**
 * How a virtual board of either kind is reached by other programs: what `kincard virtual` opens for
 * it, what it refuses to open, and what it says of it (docs/cli.md).
 */

import { rmSync } from "node:fs";
import type { Air } from "../../../emulator/air/air.js";
import type { NfcCoil } from "../../../emulator/air/coil.js";
import type { SteerableBoard } from "../../../emulator/board/board.js";
import { isLoopbackListen, listenCard, listenControl } from "../../../emulator/board/listen.js";
import type { Listening } from "../../../emulator/board/listen.js";
import { listenAir } from "../../../emulator/reach/air.js";
import { listenCoil } from "../../../emulator/reach/coil.js";
import { Plug } from "../../../emulator/reach/plug.js";
import { listenSerial } from "../../../emulator/reach/serial.js";
import { usageError } from "../failure.js";
import { putInReader } from "../cards/reader.js";
import type { ReaderOption } from "../cards/reader.js";
import { untilStopped } from "../stopped.js";

export interface WayOptions {
  readonly listen?: string;
  readonly serial?: string;
  readonly ble?: string | true;
  readonly nfc?: string;
  readonly reader?: ReaderOption;
  readonly control?: string;
  /** HOST:PORT. */
  readonly gdb?: string;
  readonly lan?: boolean;
}
export interface ReachableBoard extends SteerableBoard {
  readonly air: Air | undefined;
  readonly nfc: NfcCoil;
}
/** Where it is reached, by the words that say so. */
export type Ways = Partial<Record<(typeof WORDS)[number], string>>;

const WORDS = ["control", "gdb", "reader", "ble", "nfc", "serial", "listening"] as const;
const ANY_PORT = "tcp:127.0.0.1:0";

export const tcpOf = (place: string): string => (place.startsWith("tcp:") ? place : `tcp:${place}`);
const airAt = (ble: string | true): string => (ble === true ? ANY_PORT : ble);

/** Whether something is plugged into its serial pins. */
export const hasCable = ({ listen, serial, reader }: WayOptions): boolean =>
  listen !== undefined || serial !== undefined || reader !== undefined;

/** Throws for ways that are none, or that exclude each other. */
export function checkWays(options: WayOptions): void {
  const { listen, serial, ble, nfc, reader } = options;
  if (serial !== undefined && serial !== "pty")
    throw usageError(`--serial ${serial}: there is "pty", a pseudo terminal of this machine`);
  // Two clients at once would read each other's answers.
  if (reader !== undefined && (listen !== undefined || serial !== undefined))
    throw usageError("--reader has the board's cable: leave --listen and --serial out");
  if ([listen, serial, ble, nfc, reader].every((way) => way === undefined))
    throw usageError(
      "say how the card is reached: --listen tcp:HOST:PORT, --serial pty, --ble, " +
        "--nfc tcp:HOST:PORT, or --reader",
    );
  refuseOthers(options);
}

/** Any address beyond this machine's own needs a word of the user's, and is warned of. */
function refuseOthers({ listen, control, ble, nfc, gdb, lan }: WayOptions): void {
  const all = [listen, control, ble && airAt(ble), nfc, gdb && tcpOf(gdb)];
  const open = all.filter((uri) => uri !== undefined && !isLoopbackListen(uri));
  if (!open.length) return;
  if (!lan)
    throw usageError(
      `${open.join(" and ")} can be reached from other machines, and nothing protects the board ` +
        "from them: use 127.0.0.1, or say --lan",
    );
  console.error(`Warning: whoever reaches ${open.join(" or ")} can use and steer this board.`);
}

/** Closes what was opened, the newest first. */
export class OpenWays {
  readonly ways: Ways = {};
  readonly #open: (() => Promise<void>)[] = [];

  async add(word: keyof Ways, opening: Promise<Listening>): Promise<void> {
    const { uri, close } = await opening;
    this.ways[word] = uri;
    this.#open.unshift(close);
  }
  async close(): Promise<void> {
    for (const close of this.#open.splice(0)) await close();
  }
}

/** Opens all that is asked for, and switches the board on; what is open is `ways`' to close. */
async function connect(options: WayOptions, board: ReachableBoard, ways: OpenWays): Promise<void> {
  const { listen, serial, ble, nfc, reader, control } = options;
  const plug = new Plug(board);
  if (listen !== undefined) await ways.add("listening", listenCard(board, listen, plug));
  if (serial !== undefined) await ways.add("serial", listenSerial(board, plug));
  if (ble !== undefined) {
    if (!board.air) throw usageError("--ble: this board has no Bluetooth");
    await ways.add("ble", listenAir(board.air, airAt(ble)));
  }
  if (nfc !== undefined) await ways.add("nfc", listenCoil(board.nfc, nfc));
  if (control !== undefined) await ways.add("control", listenControl(board, control));
  await board.powerOn();
  if (reader === undefined) return;
  const slot = putInReader(board, reader);
  await ways.add(
    "reader",
    slot.then(({ place, close }) => ({ uri: place, close })),
  );
}

/** A line a way; where the card's own bytes are comes last. */
export function sayWays(ways: Ways): void {
  for (const word of WORDS) if (ways[word] !== undefined) console.log(`${word} ${ways[word]}`);
}

/** A board with its flash in a file, as long as this program runs. */
interface KeptBoard extends ReachableBoard {
  readonly flash: { close(): void };
  readonly lastEnd: { readonly message: string } | undefined;
  onPower(listener: (on: boolean) => void): () => void;
}
interface Keeping {
  /** More ways, opened before the board is switched on. */
  readonly before?: (ways: OpenWays) => Promise<void>;
  /** Says how it is reached. */
  readonly announce: (ways: OpenWays) => void;
}

/**
 * Opens the ways and keeps the board until SIGINT or SIGTERM. What could not be started leaves no
 * new file.
 */
export async function keepAlive(
  board: KeptBoard,
  options: WayOptions & { readonly flash: string },
  isNew: boolean,
  { before, announce }: Keeping,
): Promise<void> {
  const open = new OpenWays();
  let [started, stopping] = [false, false];
  board.onPower((on) => {
    if (!on && !stopping && board.lastEnd) console.error(board.lastEnd.message);
  });
  try {
    await before?.(open);
    await connect(options, board, open);
    started = true;
    const stopped = untilStopped();
    announce(open);
    await stopped;
  } finally {
    stopping = true;
    board.powerOff();
    await open.close();
    board.flash.close();
    if (isNew && !started) rmSync(options.flash, { force: true });
  }
}
