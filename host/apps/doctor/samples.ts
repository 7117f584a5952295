/**
 * Raw samples of a board's random number generator, as SP 800-90B wants them: consecutive, one a
 * byte, before any conditioning. They are read at Espruino's prompt, where `E.hwRand()` is the same
 * call that a card makes; a card itself gives none away.
 */
import { fromBase64 } from "../../sdk/crypto/text.js";
import { Failure } from "../../sdk/failures/failure.js";
import type { BoardConsole } from "../flasher/console/console.js";
import { FlashError } from "../flasher/failures.js";
import { atPrompt } from "./board.js";

/** Of 32 bits, in one answer: it has to fit a small board's memory twice, and as base64 once. */
const WORDS = 375;
/** Until an answer counts as missing: its line takes 2 s at 9600 baud. */
const ANSWER_S = 8;

export interface Samples {
  readonly bytes: Uint8Array;
  /** The board, and its Espruino's version. */
  readonly board: string;
  readonly espruino: string;
}
export interface SampleOptions {
  readonly count: number;
  readonly signal: AbortSignal;
  /** 0..1. */
  readonly progress: (done: number) => void;
}

/**
 * `count` samples. @throws FlashError when there is no prompt (flash/card-here: a card, whose
 * console is closed), or what answers is no block of samples; what `signal` says.
 */
export function readSamples(uri: string, options: SampleOptions): Promise<Samples> {
  return atPrompt(uri, async ({ console }) => {
    const { BOARD: board, VERSION: espruino } = console.environment;
    const bytes = new Uint8Array(options.count);
    for (let at = 0; at < bytes.length;) {
      options.signal.throwIfAborted();
      const block = await blockOf(
        console,
        Math.min(WORDS, Math.ceil((bytes.length - at) / 4)),
        uri,
      );
      bytes.set(block.subarray(0, bytes.length - at), at);
      at += block.length;
      options.progress(Math.min(1, at / bytes.length));
    }
    return { bytes, board, espruino };
  });
}

async function blockOf(console: BoardConsole, words: number, uri: string): Promise<Uint8Array> {
  const expression = `btoa(new Uint8Array(new Int32Array(${words}).map(E.hwRand).buffer))`;
  const text = await console.evaluate<unknown>(expression, ANSWER_S);
  const block = typeof text === "string" ? decoded(text) : undefined;
  if (block?.length !== 4 * words) throw new FlashError("flash/garbled", { port: uri });
  return block;
}
function decoded(text: string): Uint8Array | undefined {
  try {
    return fromBase64(text);
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}
