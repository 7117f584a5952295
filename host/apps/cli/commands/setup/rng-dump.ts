/** `kincard rng-dump`: raw samples of a board's generator, for NIST's tool (docs/randomness.md). */

import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import { readSamples, type Samples } from "../../../doctor/samples.js";
import { FlashError } from "../../../flasher/failures.js";
import { writeAtomic } from "../../../../sdk/files/atomic.js";
import { either } from "../../../../sdk/failures/text.js";
import { LINKS, parseLinkUri } from "../../../../sdk/links/registry.js";
import type { CliContext } from "../../context.js";
import { CliError, EXIT } from "../../failure.js";
import { assertCanWrite } from "../../files.js";
import { readWhole, withJson, type CommonOptions } from "../../options.js";
import { act } from "../../run.js";

interface Options extends CommonOptions {
  readonly board: string;
  readonly out: string;
  readonly bytes: number;
  readonly append?: boolean;
}

const CONSOLES = [LINKS.serial, LINKS.ble, LINKS.tcp].map(({ form }) => form);
/** What `ea_non_iid` wants, and the most that is kept in memory. */
const [USUAL, MOST] = [1_000_000, 100_000_000];
const CLOSED =
  "Raw samples are read at Espruino's prompt, before the image is put on. A blank card, or a DEMO " +
  "image, opens its console while the button is held at power-up.";

export function addRngDump(program: Command): void {
  const command = program
    .command("rng-dump")
    .description("raw random samples of a board at Espruino's prompt (docs/randomness.md)");
  withJson(command)
    .requiredOption("--board <uri>", `where its console is: ${either(CONSOLES)}`, (uri) => {
      parseLinkUri(uri);
      return uri;
    })
    .requiredOption("--out <file>", "where they go: a byte a sample, nothing else")
    .option("--bytes <n>", `how many (default ${USUAL})`, readWhole(1, MOST), USUAL)
    .option("--append", "add them to the file: a row of a restart test, after each power-up")
    .action(act(rngDump));
}

async function rngDump(context: CliContext, options: Options) {
  const { out, signal } = context;
  const { board: uri, bytes: count, out: file } = options;
  await assertCanWrite("--out", file);
  context.resume = `Nothing was written to ${file}: samples must be consecutive, so begin again.`;
  const samples = await out
    .step(`Reading ${count} samples at ${uri}`, (progress) =>
      readSamples(uri, { count, signal, progress }),
    )
    .catch((error: unknown) => {
      if (!(error instanceof FlashError && error.code === "flash/card-here")) throw error;
      throw new CliError(EXIT.REFUSED, "A card runs here, and shows no raw samples.", CLOSED);
    });
  const rows = options.append ? await held(file) : new Uint8Array(0);
  await writeAtomic(file, Buffer.concat([rows, samples.bytes]));
  if (isLinux(samples)) out.warn("this Espruino is no board: its numbers are rand()'s.");
  const { board, espruino } = samples;
  const total = rows.length + count;
  return {
    json: { file, bytes: count, total, board, espruino },
    text: [
      `${count} samples of a ${board} (Espruino ${espruino}) are in ${file}` +
        `${options.append ? `, ${total} in all` : ""}.`,
      "How to assess them: docs/randomness.md.",
    ],
  };
}
const isLinux = ({ board }: Samples): boolean => /linux/i.test(board);

/** What the file holds; nothing when there is none. */
async function held(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return new Uint8Array(0);
    throw error;
  }
}
