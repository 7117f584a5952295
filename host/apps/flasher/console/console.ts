/**
 * The interpreter's prompt at the other end of a link, through the `espruino` package with our own
 * device: expressions go out, JSON comes back, every wait ends.
 */
import { fromLatin1, visible } from "../../../sdk/crypto/text.js";
import type { Duplex } from "../../../sdk/links/link.js";
import { within } from "../../../sdk/links/time/waits.js";
import { FlashError } from "../failures.js";
import type { EspruinoTools, SerialDevice } from "../espruino/parts.js";
import { loadTools } from "../espruino/tools.js";

export interface ConsoleOptions {
  /** Shown to people; also the port's name for the package. */
  readonly name: string;
  /** A folder with the board's file (PUCKJS.json ...), so that nothing is fetched. */
  readonly boardFiles: string;
  /** For tests: seconds without data until an expression counts as unanswered. */
  readonly seconds?: number;
}

/** `process.env` of the board. */
export interface BoardEnvironment {
  readonly BOARD: string;
  readonly VERSION: string;
  readonly STORAGE?: number;
  readonly MODULES?: string;
}

const OPEN_MS = 12_000;
const SECONDS = 4;
/** Most that an expression may take while data keep coming. */
const MOST_SECONDS = 60;

export class BoardConsole {
  #fail: (error: FlashError) => void = () => undefined;
  #lost: FlashError | undefined;

  readonly #tools: EspruinoTools;
  readonly #options: ConsoleOptions;

  private constructor(tools: EspruinoTools, options: ConsoleOptions) {
    this.#tools = tools;
    this.#options = options;
  }

  /** Undefined when nothing behaves like an interpreter's prompt. */
  static async open(duplex: Duplex, options: ConsoleOptions): Promise<BoardConsole | undefined> {
    const tools = loadTools({
      BOARD_JSON_URL: options.boardFiles,
      ENV_ON_CONNECT: true,
      // every write is answered before the next goes out: no blind waiting
      STORAGE_UPLOAD_METHOD: 1,
    });
    const board = new BoardConsole(tools, options);
    tools.Core.Serial.devices.push(device(duplex, options.name));
    tools.Core.Serial.startListening(() => undefined);
    const opened = new Promise<boolean>((resolve) => {
      tools.Core.Serial.open(
        options.name,
        (info) => resolve(info !== undefined),
        () => board.#end(),
      );
    });
    const there = (await board.#within(opened, OPEN_MS, "connect")) && board.#known();
    if (there) return board;
    board.close();
    return undefined;
  }

  get environment(): BoardEnvironment {
    const told = Object.entries(this.#tools.Core.Env.getBoardData());
    const shown = told.map(([name, value]) => [
      name,
      typeof value === "string" ? visible(value) : value,
    ]);
    return Object.fromEntries(shown) as unknown as BoardEnvironment;
  }

  #known(): boolean {
    const { BOARD, VERSION } = this.environment;
    return typeof BOARD === "string" && typeof VERSION === "string";
  }

  /** The value of an expression; undefined stays undefined. Throws when no answer comes. */
  async evaluate<T>(expression: string, seconds = this.#options.seconds ?? SECONDS): Promise<T> {
    const answer = new Promise<string | undefined>((resolve) => {
      const waits = { minTimeout: seconds, maxTimeout: MOST_SECONDS };
      // in an array: `undefined` has no JSON of its own
      this.#tools.Core.Utils.executeExpression(`[${expression}]`, resolve, waits);
    });
    const text = await this.#within(answer, (MOST_SECONDS + seconds) * 1000, "answer");
    try {
      return (JSON.parse(text ?? "") as [T])[0];
    } catch (cause) {
      const port = this.#options.name;
      if (text === undefined) throw new FlashError("flash/no-answer", { port, seconds }, { cause });
      throw new FlashError("flash/garbled", { port }, { cause });
    }
  }

  /** Sends a statement after which no answer can be expected. */
  async last(statement: string): Promise<void> {
    const sent = new Promise<void>((resolve) => {
      this.#tools.Core.Serial.write(`\x10${statement}\n`, false);
      setTimeout(resolve, 300);
    });
    await this.#within(sent, 2000, "send");
  }

  close(): void {
    this.#tools.Core.Serial.startListening(undefined);
    this.#tools.Core.Serial.close();
    this.#end(true);
  }

  #end(ours?: true): void {
    this.#lost ??= new FlashError("flash/ended", { port: this.#options.name, ours });
    this.#fail(this.#lost);
  }

  async #within<T>(work: Promise<T>, ms: number, step: "connect" | "answer" | "send"): Promise<T> {
    if (this.#lost) throw this.#lost;
    const ended = new Promise<never>((_, reject) => (this.#fail = reject));
    const late = () => new FlashError("flash/step-late", { port: this.#options.name, step });
    try {
      return await within(Promise.race([work, ended]), { ms, late });
    } finally {
      this.#fail = () => undefined;
    }
  }
}

/** A link as a serial device of the package: it has one port, this one. */
function device(duplex: Duplex, path: string): SerialDevice {
  return {
    name: "Kincard link",
    getPorts: (done) => done([{ path, description: "Kincard link" }], true),
    open(_, opened, received, disconnected) {
      duplex.onData((bytes) => received(Uint8Array.from(bytes).buffer));
      duplex.onClose((error) => disconnected(error));
      opened({ portName: path });
    },
    write(data, done) {
      const sent = Promise.resolve(duplex.write(fromLatin1(data)));
      // a link that can't be written to reports its end by itself
      sent.then(done, done);
    },
    close: () => void duplex.close(),
  };
}
