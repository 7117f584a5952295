/**
 * One line typed without echo, with what people press in it: cursor keys, Home and End move,
 * although nothing is seen, and nothing that a key sends beside text gets into the answer (an arrow
 * that did would cost a try of the code). CR and LF both end it: some terminals and pasted lines
 * send LF.
 *
 * It draws nothing but its question and a line break, so TERM=dumb is as good as any.
 * Limits: the answer is a JavaScript string, which can't be wiped.
 */

import { emitKeypressEvents } from "node:readline";
import type { Key } from "node:readline";

/** What stands before and after the cursor, which nobody sees. */
export interface Line {
  readonly before: string;
  readonly after: string;
}
export const EMPTY: Line = { before: "", after: "" };

const clusters = new Intl.Segmenter("en", { granularity: "grapheme" });
const split = (text: string) => Array.from(clusters.segment(text), ({ segment }) => segment);
const allBut = (text: string, which: "first" | "last") =>
  split(text)
    .slice(...(which === "first" ? [1] : [0, -1]))
    .join("");

type Edit = (line: Line) => Line;
const left: Edit = ({ before, after }) => {
  const last = split(before).at(-1) ?? "";
  return { before: before.slice(0, before.length - last.length), after: last + after };
};
const right: Edit = ({ before, after }) => {
  const [first = ""] = split(after);
  return { before: before + first, after: after.slice(first.length) };
};
const home: Edit = ({ before, after }) => ({ before: "", after: before + after });
const end: Edit = ({ before, after }) => ({ before: before + after, after: "" });
const backspace: Edit = ({ before, after }) => ({ before: allBut(before, "last"), after });
const remove: Edit = ({ before, after }) => ({ before, after: allBut(after, "first") });
const clear: Edit = () => EMPTY;

const KEYS: Readonly<Partial<Record<string, Edit>>> = {
  ...{ left, right, home, end, backspace, delete: remove },
  ...{ "^a": home, "^e": end, "^b": left, "^f": right, "^h": backspace, "^u": clear },
};

/** The line after a key; what is no text and moves nothing changes nothing. */
export function edit(line: Line, text: string | undefined, key: Key): Line {
  const known = KEYS[`${key.ctrl ? "^" : ""}${key.name ?? ""}`];
  if (known) return known(line);
  const plain = text && !key.ctrl && !key.meta && !/[\p{Cc}\p{Surrogate}]/u.test(text);
  return plain ? { ...line, before: line.before + text } : line;
}

type Input = NodeJS.ReadableStream & { setRawMode?(raw: boolean): unknown };

export interface HiddenOptions {
  readonly input: Input;
  readonly output: NodeJS.WritableStream;
  readonly signal?: AbortSignal;
  /**
   * Why an answer can't be taken: it is said, and asked for again, with no moment of echo between.
   */
  readonly check?: (answer: string) => string | undefined;
}

/** Undefined: Ctrl-C, Ctrl-D, Escape, the signal, or the terminal is gone. */
export function readHidden(
  question: string,
  { input, output, signal, check }: HiddenOptions,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    let line = EMPTY;
    const finish = (answer: string | undefined) => {
      input.off("keypress", press);
      input.off("end", stop);
      signal?.removeEventListener("abort", stop);
      input.setRawMode?.(false);
      input.pause();
      line = EMPTY;
      output.write("\n");
      resolve(answer);
    };
    const stop = () => finish(undefined);
    const take = () => {
      const answer = line.before + line.after;
      const wrong = check?.(answer);
      if (wrong === undefined) return finish(answer);
      line = EMPTY;
      output.write(`\n${wrong}\n${question}: `);
    };
    const press = (text: string | undefined, key: Key) => {
      if (key.name === "return" || key.name === "enter") take();
      else if (key.name === "escape" || (key.ctrl && /^[cd]$/.test(key.name ?? ""))) stop();
      else line = edit(line, text, key);
    };
    // First, or what is typed as soon as the question shows would be echoed.
    input.setRawMode?.(true);
    output.write(`${question}: `);
    if (signal?.aborted) return stop();
    emitKeypressEvents(input);
    input.on("keypress", press);
    input.on("end", stop);
    signal?.addEventListener("abort", stop);
    input.resume();
  });
}
