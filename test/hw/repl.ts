/**
 * A board with nothing but Espruino's prompt, for tests of the flasher: the interpreter's line
 * editor (echo, echo off, Ctrl-C, prompt) over the Storage log that virtual boards use. What is
 * evaluated is evaluated by Node: this says nothing about the interpreter's language.
 */
import { crc32 } from "node:zlib";
import { createContext, runInContext } from "node:vm";
import { seededRandom } from "../../host/emulator/entropy.js";
import { NorFlash } from "../../host/emulator/flash/nor.js";
import { StorageLog } from "../../host/emulator/espruino/storage/storage-log.js";
import type { Duplex } from "../../host/sdk/links/link.js";
import { storageBytes, type Board } from "../../hw/boards/board.js";

export interface ReplOptions {
  readonly environment?: Readonly<Record<string, unknown>>;
  /** Printed before every answer, as by a program that runs on the board. */
  readonly noise?: string;
  /** The link is cut when that many lines were evaluated. */
  readonly diesAfter?: number;
  /** Called for every evaluated line. */
  readonly onLine?: (line: string, board: ReplBoard) => void;
}
const binary = (data: unknown): Buffer =>
  typeof data === "string" ? Buffer.from(data, "latin1") : Buffer.from(data as Uint8Array);

export class ReplBoard {
  readonly flash: NorFlash;
  readonly log: StorageLog;
  lines = 0;
  /** Statements that restart a board. */
  restarts = 0;
  /** Of E.hwRand(). */
  readonly random = seededRandom("prompt");
  readonly #context: object;
  #line = "";
  #echo = true;

  constructor(
    readonly board: Board,
    private readonly link: Duplex,
    private readonly options: ReplOptions = {},
  ) {
    const { address } = board.storage;
    const size = storageBytes(board);
    const { page, nor: chip } = board.chip;
    this.flash = new NorFlash({ address, size, page, chip });
    this.log = new StorageLog(this.flash);
    this.#context = createContext(this.#globals());
    link.onData((bytes) => {
      for (const byte of bytes) this.#type(byte);
    });
  }

  #globals(): object {
    const { log, flash, board, options } = this;
    const storage = {
      read(name: string, offset?: number, length?: number) {
        const found = log.read(name, offset, length);
        return found && Buffer.from(found.bytes).toString("latin1");
      },
      write: (name: string, data: unknown, offset?: number, size?: number) =>
        log.write(name, new Uint8Array(binary(data)), offset, size),
      erase: (name: string) => log.erase(name),
      eraseAll: () => log.eraseAll(),
      list: () => log.list(),
      getFree: () => log.getFree(),
    };
    const raw = { read: (length: number, at: number) => flash.read(at, length) };
    return {
      require: (name: string) => (name === "Storage" ? storage : raw),
      process: {
        env: {
          BOARD: board.boardName,
          VERSION: "2v29",
          STORAGE: flash.size,
          CONSOLE: "Bluetooth",
          ...options.environment,
        },
        memory: () => ({ flash_code_start: flash.address }),
      },
      E: {
        CRC32: (data: unknown) => crc32(binary(data)),
        toString: (data: unknown) => binary(data).toString("latin1"),
        reboot: () => void this.restarts++,
        hwRand: () => this.random.next32(),
      },
      atob: (text: string) => Buffer.from(text, "base64").toString("latin1"),
      btoa: (data: unknown) => binary(data).toString("base64"),
      print: (...words: unknown[]) => this.#send(`${words.join(" ")}\r\n`),
    };
  }

  #send(text: string): void {
    try {
      void this.link.write(Buffer.from(text, "latin1"));
    } catch {
      // the host has gone
    }
  }

  #type(byte: number): void {
    const key = String.fromCharCode(byte);
    if (byte === 16 && this.#line === "") this.#echo = false;
    else if (byte === 3) {
      this.#line = "";
      this.#send("\r\n>");
    } else if (byte === 10) this.#enter();
    else {
      this.#line += key;
      if (this.#echo) this.#send(key);
    }
  }

  #enter(): void {
    const [line, echo] = [this.#line, this.#echo];
    this.#line = "";
    this.#echo = true;
    if (line) this.lines++;
    if (this.lines === this.options.diesAfter) return void this.link.close();
    this.options.onLine?.(line, this);
    if (echo) this.#send("\r\n");
    if (line && this.options.noise) this.#send(this.options.noise);
    try {
      const value: unknown = line ? runInContext(line, this.#context) : undefined;
      if (echo && line) this.#send(`=${JSON.stringify(value)}\r\n`);
    } catch (error) {
      this.#send(`Uncaught ${String(error)}\r\n    at REPL (:1:1)\r\n`);
    }
    this.#send(">");
  }
}
