/**
 * Access codes and passphrases: from a prompt without echo, or from a file descriptor. Never from
 * the command line or the environment, where other programs can read them.
 *
 * A descriptor is read up to the first line break, so that one may hand over several secrets.
 * Limits: a prompt's answer is a JavaScript string for a moment, which can't be wiped.
 */

import { closeSync, constants, fstatSync, openSync, read as readWithCallback } from "node:fs";
import { promisify } from "node:util";
import { wipe } from "../../../sdk/crypto/bytes.js";
import { capital } from "../../../sdk/crypto/text.js";
import { AccessCode, CODE_LEAST, normaliseCode } from "../../../sdk/crypto/code.js";
import { assertPassphrase } from "../../../sdk/maker/seal.js";
import { whyNotReadable } from "./descriptor.js";
import { resumable, usageError } from "../failure.js";
import { readHidden } from "./hidden-line.js";

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
type FromDescriptor = SecretOptions & { readonly fd: number };

/** Reads that may block: the program can't end by itself while one does. */
let blocking = 0;
export const isBlocked = () => blocking > 0;

/**
 * A pipe, opened once more so that reading it does not block: what is in it stays shared with
 * whoever else reads it. Undefined for anything else, and where the system has no such way.
 */
function unblocked(fd: number): number | undefined {
  try {
    if (!fstatSync(fd).isFIFO()) return undefined;
    return openSync(`/proc/self/fd/${fd}`, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch {
    return undefined;
  }
}

/** One line of a descriptor, without its line break. The caller wipes it. */
async function readLine({ fd, flag, signal }: FromDescriptor): Promise<Uint8Array> {
  const why = whyNotReadable(fd);
  if (why) throw usageError(`${flag} ${fd} ${why}`);
  const pipe = unblocked(fd);
  try {
    return await lineOf({ fd, flag, signal }, pipe ?? fd);
  } finally {
    if (pipe !== undefined) closeSync(pipe);
  }
}

async function lineOf(from: FromDescriptor, open: number): Promise<Uint8Array> {
  const { fd, flag } = from;
  const line = Buffer.alloc(LINE_MOST);
  try {
    for (let size = 0; size < LINE_MOST; size++) {
      const count = await readByte(from, open, line, size);
      if (count !== 0 && line[size] !== 10) continue;
      if (size > 0 && line[size - 1] === 13) size--;
      return Uint8Array.from(line.subarray(0, size));
    }
  } finally {
    wipe(line);
  }
  throw usageError(`${flag} ${fd} gives a line of more than ${LINE_MOST} bytes`);
}

async function readByte(
  { fd, flag, signal }: FromDescriptor,
  open: number,
  into: Buffer,
  at: number,
): Promise<number> {
  for (;;) {
    if (signal?.aborted) throw resumable("Interrupted.", NOTHING_SENT);
    try {
      return await readUnless(signal, open, into, at);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EOF") return 0;
      if (code === undefined) throw error;
      if (code !== "EAGAIN") throw usageError(`${flag} ${fd} can't be read (${code})`);
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

/** How many bytes were read: 1, or 0 at the end. */
async function readUnless(
  signal: AbortSignal | undefined,
  from: number,
  into: Buffer,
  at: number,
): Promise<number> {
  blocking++;
  const reading = read(from, into, at, 1, null).finally(() => blocking--);
  reading.catch(() => undefined);
  const over = new AbortController();
  const stopped = new Promise<never>((_, reject) => {
    const stop = () => reject(resumable("Interrupted.", NOTHING_SENT));
    signal?.addEventListener("abort", stop, { once: true, signal: over.signal });
  });
  try {
    return (await Promise.race([reading, stopped])).bytesRead;
  } finally {
    over.abort();
  }
}

export const canAsk = () => process.stdin.isTTY === true && process.stderr.isTTY === true;

/** Asks without echo; `check` returns why the answer can't be taken. */
async function ask(
  message: string,
  { flag, fresh, signal }: SecretOptions,
  check: (text: string) => string | undefined,
): Promise<string> {
  if (!canAsk()) throw usageError(`there is no terminal to ask on: use ${flag} N`);
  const options = { input: process.stdin, output: process.stderr, signal };
  const prompt = async (text: string, validate: (answer: string) => string | undefined) => {
    const wrong = (given: string) => {
      const why = validate(given);
      return why && capital(why);
    };
    const answer = await readHidden(text, { ...options, check: wrong });
    if (answer === undefined) throw resumable("You stopped at a question.", NOTHING_SENT);
    return answer;
  };
  const secret = await prompt(message, check);
  if (!fresh) return secret;
  await prompt("The same once more", (again) =>
    again === secret ? undefined : "That is not the same.",
  );
  return secret;
}
const NOTHING_SENT = "Run the same command again when you are ready.";

/** What some editors put before UTF-8: nobody types it, and the next app would refuse the code. */
const MARK = [0xef, 0xbb, 0xbf];
const hasMark = (line: Uint8Array) => MARK.every((byte, at) => line[at] === byte);

/** The caller wipes the code. Throws CodeError for one that no card takes. */
export async function askCode(message: string, options: SecretOptions): Promise<AccessCode> {
  const { fd } = options;
  if (fd !== undefined) {
    const line = await readLine({ ...options, fd });
    try {
      return AccessCode.from(hasMark(line) ? line.subarray(MARK.length) : line);
    } finally {
      wipe(line);
    }
  }
  const hint = options.fresh ? ` (at least ${CODE_LEAST} characters)` : "";
  const check = (text: string) => whyNot(() => wipe(normaliseCode(text)));
  return AccessCode.from(await ask(message + hint, options, check));
}

function whyNot(check: () => void): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

export async function askPassphrase(message: string, options: SecretOptions): Promise<string> {
  const { fd } = options;
  if (fd === undefined) {
    return ask(message, options, (text) => whyNot(() => assertPassphrase(text)));
  }
  const line = await readLine({ ...options, fd });
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(line);
  } catch {
    throw usageError(`${options.flag} ${fd} does not give valid UTF-8`);
  } finally {
    wipe(line);
  }
}
