/**
 * Runs one command: its result to stdout, its failure as sentences and an exit code, Ctrl-C as a
 * stop that loses nothing.
 */

import type { Command } from "commander";
import { CliContext } from "./context.js";
import { EXIT, failureOf, resumable } from "./failure.js";
import type { ExitCode } from "./failure.js";
import type { RecordingOptions } from "../../sdk/recording/index.js";
import type { CommonOptions } from "./options.js";
import { Output } from "./output.js";
import type { Result } from "./output.js";
import { isBlocked } from "./asking/secrets.js";

export type Action<Options> = (
  context: CliContext,
  options: Options,
  args: readonly string[],
) => Promise<CommandResult>;
export interface CommandResult extends Result {
  /** When it is done, but not all of it (default: 0). */
  readonly exit?: ExitCode;
}

const STOPPED =
  "Each card either finishes what it was doing or drops it whole. Run the same command again.";

/**
 * For commander's `action`. `inside`: the cards are this program's own, and what is inside their
 * channels may be recorded too.
 */
export function act<Options extends CommonOptions>(
  action: Action<Options>,
  recording: RecordingOptions = {},
) {
  return async (...input: unknown[]): Promise<void> => {
    const command = input.at(-1) as Command;
    const options = command.optsWithGlobals<Options>();
    const out = new Output(options.json === true);
    const stop = new AbortController();
    const context = new CliContext(out, stop.signal);
    const interrupt = () => {
      // The second one means it.
      if (stop.signal.aborted) end();
      stop.abort();
    };
    const end = () => {
      // process.exit() waits for a descriptor that nobody writes to; the signal does not.
      if (!isBlocked()) process.exit(130);
      process.off("SIGINT", interrupt);
      process.kill(process.pid, "SIGINT");
    };
    process.on("SIGINT", interrupt);
    try {
      if (options.record !== undefined) await context.record(options.record, recording);
      const result = await action(context, options, command.args);
      const told = await out.result(result);
      process.exitCode = told ? (result.exit ?? EXIT.OK) : EXIT.FILES;
    } catch (error) {
      const stopped = stop.signal.aborted
        ? resumable("Interrupted.", context.resume ?? STOPPED)
        : error;
      await report(out, stopped, stop.signal.aborted ? [] : await context.states());
    } finally {
      await context.close();
      process.off("SIGINT", interrupt);
    }
  };
}

/** Tells of a failure and sets the exit code. */
export async function report(
  out: Output,
  error: unknown,
  cards: readonly string[] = [],
): Promise<void> {
  const { exit, what, next, cards: lines, statusWord } = failureOf(error, cards);
  out.say(`${out.paint(["red", "bold"], "Error:")} ${what}`);
  for (const line of lines) out.say(`  ${line}`);
  if (next) out.say(`${out.paint("bold", "Next:")} ${next}`);
  if (out.json) {
    const failed = { what, next, cards: lines, exit, ...(statusWord ? { statusWord } : {}) };
    await out.result({ json: { error: failed }, text: [] });
  }
  if (process.env.KINCARD_DEBUG) console.error(error);
  process.exitCode = exit;
}
