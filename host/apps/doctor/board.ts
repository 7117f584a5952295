/**
 * A board at a link: which it is, a card's or a prompt's, and the checks for that. Node only.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BOARDS } from "../../../hw/boards/index.js";
import { espruinoJson } from "../../../hw/espruino-json.js";
import { Failure } from "../../sdk/failures/failure.js";
import { BAUD_DEFAULT, openLink, parseLinkUri } from "../../sdk/links/registry.js";
import { findBoard, type FoundBoard } from "../flasher/find.js";
import { portOf } from "../flasher/console/open.js";
import { survey } from "../flasher/survey.js";
import { checkCard } from "./card-check.js";
import type { Check } from "./check.js";
import { checkPrompt } from "./prompt-check.js";

export type Answering = "card" | "prompt";
export interface BoardReport {
  readonly uri: string;
  readonly answers: Answering;
  readonly checks: readonly Check[];
}
/** Espruino's console before the image is on. */
const CONSOLE_BAUD = 9600;

/** Finds a prompt; throws a FlashError that says what is there instead. */
export async function atPrompt<T>(
  uri: string,
  work: (found: FoundBoard) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "kincard-doctor-"));
  try {
    // Espruino's own tools ask for the board's file: offline it is here.
    for (const board of BOARDS) {
      const name = join(folder, `${board.boardName}.json`);
      writeFileSync(name, JSON.stringify(espruinoJson(board)));
    }
    const port = portOf(uri, { console: CONSOLE_BAUD, image: BAUD_DEFAULT });
    const found = await findBoard(port, folder);
    try {
      return await work(found);
    } finally {
      found.console.close();
      await found.tap.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A sentence: "Espruino 2v29 on a PUCKJS" or why nothing else. */
export async function whoAnswers(uri: string): Promise<string> {
  return atPrompt(uri, async ({ console, card }) => {
    const { BOARD, VERSION } = console.environment;
    const beside = card ? `, and a card that is ${card.state}` : "";
    return `Espruino ${VERSION} on a ${BOARD}${beside}`;
  });
}

async function atCard(uri: string, signal: AbortSignal): Promise<readonly Check[]> {
  const transport = await openLink(uri, { signal });
  try {
    return await checkCard(transport, parseLinkUri(uri).scheme);
  } finally {
    await transport.close();
  }
}

/** A card if one answers, else a prompt; throws what kept both from being found. */
export async function checkBoard(uri: string, signal: AbortSignal): Promise<BoardReport> {
  const { scheme } = parseLinkUri(uri);
  try {
    return { uri, answers: "card", checks: await atCard(uri, signal) };
  } catch (error) {
    // A prompt echoes, or says nothing that a card would say.
    if (scheme === "pcsc" || signal.aborted || !isLinkError(error)) throw error;
  }
  const checks = await atPrompt(uri, async ({ console }) =>
    checkPrompt(console, await survey(console), scheme === "ble"),
  );
  return { uri, answers: "prompt", checks };
}

const isLinkError = (error: unknown): boolean =>
  error instanceof Failure && error.code.startsWith("link/");
