/** `kincard view`: a recording to look at, on the terminal or as one page that needs nothing. */

import { readFile } from "node:fs/promises";
import { Option } from "commander";
import type { Command } from "commander";
import { writeAtomic } from "../../../../sdk/files/atomic.js";
import { DEMO_MAKER } from "../../../../sdk/maker/demo.js";
import { MakerStore } from "../../../../sdk/maker/store.js";
import { learn, readRecording } from "../../../../sdk/recording/index.js";
import { viewerPage } from "../../../viewer/html.js";
import { viewRun } from "../../../viewer/terminal.js";
import { learnedWords } from "../../../viewer/words.js";
import { painter } from "../../../terminal/style.js";
import type { CliContext } from "../../context.js";
import { assertCanWrite } from "../../files.js";
import { readMakerKey, withJson } from "../../options.js";
import type { CommonOptions, TrustOptions } from "../../options.js";
import { act } from "../../run.js";

interface Options extends CommonOptions, TrustOptions {
  readonly bytes?: boolean;
  readonly html?: string;
}

export function addView(program: Command): void {
  const command = program
    .command("view")
    .description("look at a recording: what each byte is, and what the relay learned")
    .argument("<file>", "what `--record` wrote")
    .option("--bytes", "every byte, of sealed messages too")
    .option("--html <file>", "write it as one page that opens without a network")
    .option("--maker <folder>", "the maker whose cards are genuine: its folder")
    .addOption(new Option("--maker-key <hex>", "or its public key").argParser(readMakerKey));
  withJson(command).action(act(view));
}

async function view(_: CliContext, options: Options, [file = ""]: readonly string[]) {
  if (options.html !== undefined) await assertCanWrite("--html", options.html);
  const recording = await readFile(file, "utf8");
  const runs = readRecording(recording);
  const makers = await makersOf(options);
  const learned = runs.map((run) => learn(run, makers));
  const json = { runs: learned.map((each) => ({ ...each, messages: each.messages.map(shown) })) };
  if (options.html !== undefined) {
    await writeAtomic(options.html, viewerPage(recording, makers));
    return { json, text: [`${options.html} shows it; open it in any browser.`] };
  }
  const paint = painter(process.stdout);
  const text = runs.flatMap((run, index) => [
    ...(runs.length > 1 ? ["", paint("bold", `Run ${index + 1} of ${runs.length}`)] : []),
    ...viewRun(run, { paint, bytes: options.bytes === true, makers }),
  ]);
  return { json, text: text.length ? text : learned.flatMap(learnedWords) };
}

const shown = ({ bytes, ...rest }: ReturnType<typeof learn>["messages"][number]) => ({
  ...rest,
  bytes: Buffer.from(bytes).toString("hex"),
});

/** Virtual cards' chains are genuine too: their maker's key is published. */
async function makersOf({ maker, makerKey }: TrustOptions): Promise<Uint8Array[]> {
  if (maker !== undefined) return [DEMO_MAKER, (await MakerStore.open(maker)).publicKey];
  return makerKey === undefined || makerKey === "demo" ? [DEMO_MAKER] : [DEMO_MAKER, makerKey];
}
