/** `kincard demo`: the whole story on three virtual boards in this process. */

import type { Command } from "commander";
import { Stage } from "../../../demo/stage.js";
import { tell } from "../../../demo/story.js";
import type { CliContext } from "../../context.js";
import { withJson, withRecord } from "../../options.js";
import type { CommonOptions } from "../../options.js";
import { act } from "../../run.js";

export function addDemo(program: Command): void {
  const text = "watch three virtual cards make a wallet and back it up";
  const command = withJson(program.command("demo").description(text));
  withRecord(command, "record it, with what the cards see, for `kincard view`").action(
    act(demo, { inside: true }),
  );
}

async function demo({ signal, recording }: CliContext, { json }: CommonOptions) {
  const stage = new Stage(json ? process.stderr : process.stdout);
  stage.onChapter = (text) => recording?.note(text);
  return { json: await tell(stage, signal, recording), text: [] };
}
