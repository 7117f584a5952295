/**
 * Access codes and passphrases: from a prompt without echo, or from a file descriptor. Never from
 * the command line or the environment, where other programs can read them.
 *
 * A descriptor is read up to the first line break, so that one may hand over several secrets.
 * Limits: a prompt's answer is a JavaScript string for a moment, which can't be wiped.
 */

import { read as readWithCallback } from "node:fs";
import { isatty } from "node:tty";
import { promisify } from "node:util";
import { wipe } from "../crypto/bytes.js";
import { AccessCode, CODE_LEAST, normaliseCode } from "../crypto/code.js";
import { ResumableError, UsageError } from "./failure.js";

const read = promisify(readWithCallback);
const LINE_MOST = 4096;
const RETRY_MS = 20;

export interface SecretOptions {
  readonly fd?: number;
  /** The option that sets `fd`, for errors. */
  readonly flag: string;
  /** A new secret is asked for twice. */
  readonly fresh?: boolean;
  readonly signal?: AbortSignal;
}

/** One line of a descriptor, without its line break. The caller wipes it. */
async function readLine(fd: number, flag: string): Promise<Uint8Array> {
  if (isatty(fd))
    throw new UsageError(`${flag} ${fd} is a terminal, which would show what you type`);
  const line = Buffer.alloc(LINE_MOST);
  for (let size = 0; size < LINE_MOST;) {
    const count = await readByte(fd, flag, line, size);
    if (count === 0 || line[size] === 10) {
      if (size > 0 && line[size - 1] === 13) size--;
      const text = Uint8Array.from(line.subarray(0, size));
      wipe(line);
      return text;
    }
    size++;
  }
  wipe(line);
  throw new UsageError(`${flag} ${fd} gives more than ${LINE_MOST} bytes in one line`);
}

async function readByte(fd: number, flag: string, into: Buffer, at: number): Promise<number> {
  for (;;) {
    try {
      return (await read(fd, into, at, 1, null)).bytesRead;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EOF") return 0;
      if (code !== "EAGAIN")
        throw new UsageError(
          `${flag} ${fd} can't be read (${code}): is it open?` +
            (fd > 2 ? " (npx hands on none above 2)" : ""),
        );
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

export const canAsk = () => process.stdin.isTTY === true && process.stderr.isTTY === true;

/** Asks without echo; `check` returns why the answer can't be taken. */
async function ask(
  message: string,
  { flag, fresh, signal }: SecretOptions,
  check: (text: string) => string | undefined,
): Promise<string> {
  if (!canAsk()) throw new UsageError(`there is no terminal to ask on: use ${flag} N`);
  const { isCancel, password } = await import("@clack/prompts");
  const options = { output: process.stderr, withGuide: false, mask: "", signal };
  const prompt = async (text: string, validate: (answer?: string) => string | undefined) => {
    const answer = await password({ ...options, message: text, validate });
    if (isCancel(answer)) throw new ResumableError("You stopped at a question.", NOTHING_SENT);
    return answer;
  };
  const secret = await prompt(message, (answer = "") => check(answer));
  if (!fresh) return secret;
  await prompt("The same once more", (again) =>
    again === secret ? undefined : "That is not the same.",
  );
  return secret;
}
const NOTHING_SENT = "Run the same command again when you are ready.";

/** The caller wipes the code. Throws CodeError for one that no card takes. */
export async function askCode(message: string, options: SecretOptions): Promise<AccessCode> {
  if (options.fd !== undefined) {
    const line = await readLine(options.fd, options.flag);
    try {
      return AccessCode.from(line);
    } finally {
      wipe(line);
    }
  }
  const hint = options.fresh ? ` (at least ${CODE_LEAST} characters)` : "";
  return AccessCode.from(await ask(message + hint, options, whyNotCode));
}

function whyNotCode(text: string): string | undefined {
  try {
    wipe(normaliseCode(text));
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

export async function askPassphrase(message: string, options: SecretOptions): Promise<string> {
  if (options.fd === undefined) {
    return ask(message, options, (text) => (text ? undefined : "It is empty."));
  }
  const line = await readLine(options.fd, options.flag);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(line);
  } catch {
    throw new UsageError(`${options.flag} ${options.fd} does not give valid UTF-8`);
  } finally {
    wipe(line);
  }
}
