/**
 * Puts an image on a board through Espruino's prompt. Every check that can refuse comes before the
 * first byte is written, and a wallet is never touched unasked. Browser-safe: the phone page
 * flashes with this too.
 */
import type { Status } from "../../sdk/card/commands/index.js";
import type { Board } from "../../../hw/boards/board.js";
import { deadline } from "../../sdk/links/clock.js";
import { BAUD_DEFAULT } from "../../sdk/links/registry.js";
import { FlashError } from "./failures.js";
import { findBoard, type FoundBoard } from "./find.js";
import type { ImageFolder } from "./image/image.js";
import type { OpenPort } from "./console/port.js";
import { checkFirmware, checkImage, plan, type FlashChoices, type Plan } from "./plan.js";
import { NO_KERNEL, probeCard } from "./console/probe.js";
import { survey } from "./survey.js";
import { Tap } from "./console/tap.js";
import { readBack, writeImageFiles, type Progress } from "./write.js";

export interface FlashOptions extends FlashChoices {
  readonly board: Board;
  readonly port: OpenPort;
  readonly image: ImageFolder;
  readonly verify?: boolean;
  readonly dryRun?: boolean;
  /** How long a restarted board gets to answer. */
  readonly restartMs?: number;
}
/** What the flasher does, in this order. */
export type FlashStep = "find" | "survey" | "write" | "read-back" | "restart";
export interface FlashDialogue {
  say(text: string): void;
  step<T>(step: FlashStep, work: (progress: Progress) => Promise<T>): Promise<T>;
  /** Whether to go on with this plan. Called only when there is something to lose. */
  agreed(plan: Plan, card: Status | undefined): Promise<boolean>;
}
export interface FlashResult {
  readonly plan: Plan;
  readonly espruino: string;
  readonly written: boolean;
  readonly verified: boolean;
  /** The card's own status after the restart, if it answered on this port. */
  readonly status: Status | undefined;
}

/** Its boot takes well under a second, its USB or a cable's adapter a few. */
const RESTART_MS = 8000;
const RETRY_MS = 500;

export async function flash(options: FlashOptions, talk: FlashDialogue): Promise<FlashResult> {
  const { board, image, port } = options;
  if (board.unsupported)
    throw new FlashError("flash/unsupported", { board: board.title, why: board.unsupported });
  checkImage(board, image.manifest, options);
  const found = await talk.step("find", () => findBoard(port, image.folder));
  try {
    const result = await onBoard(options, found, talk);
    if (!result.written) return result;
    return { ...result, status: await restart(options, found, talk) };
  } finally {
    found.console.close();
    await found.tap.close();
  }
}

async function onBoard(
  options: FlashOptions,
  { console, card }: FoundBoard,
  talk: FlashDialogue,
): Promise<FlashResult> {
  const { board, image, verify, dryRun } = options;
  const { environment } = console;
  const stock = await talk.step("survey", () => survey(console));
  checkFirmware(board, environment, stock, options);
  const chosen = plan(stock, image.manifest, options);
  const result = { plan: chosen, espruino: environment.VERSION, status: undefined };
  talk.say(`${board.title}, Espruino ${environment.VERSION}: ${describe(chosen, image)}`);
  if (!dryRun) {
    if ((chosen.holdsCard || chosen.loses.length) && !(await talk.agreed(chosen, card)))
      throw new FlashError("flash/not-confirmed", {});
    await talk.step("write", (progress) => writeImageFiles(console, image, chosen, progress));
  }
  if (verify) await talk.step("read-back", (progress) => readBack(console, image, progress));
  return { ...result, written: !dryRun, verified: verify === true };
}

export function describe({ mode, loses, destroysWallet }: Plan, { manifest }: ImageFolder): string {
  const sizes = manifest.files.map(({ name, size }) => `${name} ${size}`).join(", ");
  if (mode === "update")
    return `it holds a card: its vault stays, and the code behind it is replaced (${sizes})`;
  const lost = loses.length ? `; these files on it are erased: ${loses.join(", ")}` : "";
  const wallet = destroysWallet ? "; the CARD it holds is DESTROYED with its key" : "";
  return `all of its Storage is erased, then written (${sizes})${lost}${wallet}`;
}

/**
 * Starts the image, and looks whether a card answers. Its UART has the image's rate from now on.
 */
async function restart(
  { board, port, restartMs = RESTART_MS }: FlashOptions,
  { console, tap }: FoundBoard,
  talk: FlashDialogue,
): Promise<Status | undefined> {
  // the Linux build can't restart itself and its card has a port of its own
  const linux = board.id === "linux";
  const sent = console.last(linux ? "load()" : "E.reboot()");
  // a restart ends a connection over the air, maybe before it is known to be sent
  await (port.moves ? sent.catch(() => undefined) : sent);
  if (linux || port.moves) return undefined;
  console.close();
  await tap.close();
  return talk.step("restart", async () => {
    for (const over = deadline(restartMs); !over();) {
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      const status = await ask(port);
      if (status) return status;
    }
    return undefined;
  });
}

async function ask(port: OpenPort): Promise<Status | undefined> {
  const [first] = port.rates;
  const duplex = await port
    .open(first === undefined ? undefined : BAUD_DEFAULT)
    .catch(() => undefined);
  if (!duplex) return undefined;
  const again = new Tap(duplex);
  try {
    const card = await probeCard(again, port.name);
    return card === NO_KERNEL ? undefined : card;
  } finally {
    await again.close();
  }
}
