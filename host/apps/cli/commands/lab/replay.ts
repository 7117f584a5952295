/** `kincard replay`: a recorded run once more, against whatever cards, and what differs. */

import type { Command } from "commander";
import { toHex } from "../../../../sdk/crypto/bytes.js";
import { visible } from "../../../../sdk/crypto/text.js";
import type { Transport } from "../../../../sdk/links/link.js";
import { readRecordingFile } from "../../../../sdk/recording/file.js";
import { linksOf, replay } from "../../../../sdk/recording/index.js";
import type { Compared, Likeness } from "../../../../sdk/recording/index.js";
import { outcome } from "../../../viewer/words.js";
import type { CliContext } from "../../context.js";
import { EXIT, usageError } from "../../failure.js";
import { withCards, withJson } from "../../options.js";
import type { CardOptions } from "../../options.js";
import { act } from "../../run.js";

interface Options extends CardOptions {
  readonly exact?: boolean;
}

export function addReplay(program: Command): void {
  const text = "send a recorded run's commands to cards once more, and compare the answers";
  const command = program
    .command("replay")
    .description(text)
    .argument("<file>", "what `--record` wrote: its last run")
    .option("--exact", "every byte must be the same, not only status words and lengths");
  withCards(withJson(command), true).action(act(run));
}

async function run(context: CliContext, options: Options, [file = ""]: readonly string[]) {
  const runs = await readRecordingFile(file);
  const last = runs.at(-1);
  const links = last ? linksOf(last) : [];
  if (!last || links.length !== options.card.length) {
    throw usageError(
      `the recorded run was with ${links.length} cards: give --card so often, in the order of ` +
        `${links.map(visible).join(", ") || "their first commands"}`,
    );
  }
  const cards = new Map<string, Transport>();
  for (const [at, link] of links.entries())
    cards.set(link, await context.open(options.card[at] as string));
  const counts: Record<Likeness, number> = { same: 0, alike: 0, sealed: 0, different: 0 };
  const lines: string[] = [];
  for await (const compared of replay(last, cards, context.signal)) {
    counts[compared.likeness]++;
    if (compared.likeness === "alike" || compared.likeness === "different")
      lines.push(difference(compared));
  }
  const failed =
    counts.different > 0 || (options.exact === true && counts.alike + counts.sealed > 0);
  const text = [
    ...lines,
    `${counts.same} answers are the same, ${counts.alike} are alike (other random numbers), ` +
      `${counts.different} differ; ${counts.sealed} commands were sealed for the recorded card alone`,
  ];
  return { json: { ...counts, differences: lines }, text, exit: failed ? EXIT.REFUSED : EXIT.OK };
}

function difference({ exchange, likeness, answer, parts }: Compared): string {
  const { name, link } = exchange;
  const head = `${visible(link)}  ${visible(name)}`;
  if (likeness === "alike") return `${head}: other ${parts.map(visible).join(", ")}`;
  const now = answer ? `${answer.length} bytes, ${toHex(answer.slice(-2))}` : "nothing";
  const was = `${exchange.answer.length} bytes, ${visible(outcome(exchange))}`;
  return `${head}: ${now}; recorded: ${was}`;
}
