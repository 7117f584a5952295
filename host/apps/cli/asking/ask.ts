/**
 * Questions whose answer may be seen, through Node's own readline: it draws nothing where TERM is
 * dumb, moves the cursor elsewhere, and takes CR and LF alike. What is asked may hold a card's or a
 * board's words: nothing in them steers the terminal.
 */

import { createInterface } from "node:readline";
import { capital } from "../../../sdk/crypto/text.js";
import { safe } from "../../terminal/safe.js";

export interface AskOptions {
  readonly signal?: AbortSignal;
  /** Why an answer can't be taken: it is said, and asked for again. */
  readonly check?: (answer: string) => string | undefined;
  readonly input?: NodeJS.ReadableStream;
  readonly output?: NodeJS.WritableStream;
}

/** Undefined: Ctrl-C, Ctrl-D, the signal, or the terminal is gone. */
export function askLine(
  question: string,
  { signal, check, input = process.stdin, output = process.stderr }: AskOptions = {},
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const lines = createInterface({ input, output, historySize: 0 });
    const stop = () => lines.close();
    let answer: string | undefined;
    lines.on("close", () => {
      signal?.removeEventListener("abort", stop);
      // The cursor stands behind a question that nobody answered.
      if (answer === undefined) output.write("\n");
      resolve(answer);
    });
    lines.on("SIGINT", stop);
    lines.on("line", (line) => {
      const wrong = check?.(line);
      if (wrong !== undefined) {
        output.write(`${safe(capital(wrong))}\n`);
        return lines.prompt();
      }
      answer = line;
      lines.close();
    });
    if (signal?.aborted) return stop();
    signal?.addEventListener("abort", stop);
    lines.setPrompt(safe(question));
    lines.prompt();
  });
}

/** Anything but a yes is a no. */
export async function askYes(question: string, options?: AskOptions): Promise<boolean> {
  const check = (answer: string) =>
    /^\s*(y|yes|n|no|)\s*$/i.test(answer) ? undefined : "answer y or n.";
  const answer = await askLine(`${question} [y/N] `, { ...options, check });
  return /^\s*y/i.test(answer ?? "");
}
