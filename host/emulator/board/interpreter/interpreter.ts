/**
 * A board made of the real Espruino interpreter: its own folder with its own `espruino.flash`,
 * booted from the image's boot code, its serial port a pseudo terminal. A power cut is SIGKILL.
 *
 * Limits: time is the machine's own and can't be advanced; a cut falls between two flash operations
 * (at the n-th kernel call) or wherever SIGKILL hits.
 */

import type { ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BUNDLE_PATH } from "../../espruino/bundle.js";
import { defaultKernel } from "../../kernel/default.js";
import { systemRandom, type RandomSource } from "../../entropy.js";
import type { KernelFactory } from "../../espruino/life.js";
import { Listeners } from "../../listeners.js";
import type { Board, BoardStatus } from "../board.js";
import type { Duplex } from "../../../sdk/links/link.js";
import { openSerial } from "../../../sdk/links/line/serial.js";
import { BAUD_DEFAULT } from "../../../sdk/links/registry.js";
import { HostBridge } from "./bridge.js";
import { probe, runScript, startInterpreter, type Interpreter } from "./command.js";
import { Bridge, FLASH_NAME, places, writeFlash, type Image, type Places } from "./layout.js";
import { PtyPair } from "./pty.js";
import { radioDuplex, type PacketCounts } from "./radio.js";
import { shimSource } from "./shim.js";

export interface InterpreterBoardOptions {
  /** Default: what ESPRUINO_BIN names. */
  readonly interpreter?: Interpreter;
  readonly kernel: Uint8Array;
  /** The boot code; the build's bundle unless told otherwise. */
  readonly bundle?: Uint8Array;
  readonly factory?: KernelFactory;
  readonly random?: RandomSource;
  readonly button?: boolean;
  /** The card takes flash for mapped, as it is on boards (default: as the interpreter has it). */
  readonly mapped?: boolean;
  /** Bytes of one packet: the card has a radio in place of its serial port (shim.ts). */
  readonly radio?: number;
  /** Words before the interpreter's command: a profiler. */
  readonly prefix?: readonly string[];
}

/** Boards that run now: killed when this process ends. */
const running = new Set<ChildProcess>();
process.once("exit", () => running.forEach(kill));

function kill(child: ChildProcess): void {
  running.delete(child);
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // It ended by itself just now.
  }
}

export class InterpreterBoard implements Board {
  /** What the interpreter printed on its console since power-on. */
  console = "";
  /** Kernel calls handed over since power-on; on builds that run the kernel themselves only RNG. */
  calls = 0;
  /** The most JsVars in use at a kernel call since it was last set to 0. */
  variables = 0;
  /** Of its radio, in place of the serial port. */
  readonly packets: PacketCounts = { in: 0, out: 0 };
  powerOns = 0;
  readonly hasButton: boolean;
  #child: ChildProcess | undefined;
  #ended: Promise<void> = Promise.resolve();
  #bridge: HostBridge | undefined;
  #cutAt = Infinity;
  #killed = false;
  #pressed = false;
  readonly #powered = new Listeners<boolean>();

  private constructor(
    readonly interpreter: Interpreter,
    /** The folder, removed by `close`. */
    readonly folder: string,
    private readonly pty: PtyPair,
    private readonly places: Places,
    private readonly image: Image,
    private readonly options: InterpreterBoardOptions,
  ) {
    this.hasButton = options.button ?? true;
  }

  /** A new board, powered off, with a fresh image in its flash. */
  static async make(options: InterpreterBoardOptions): Promise<InterpreterBoard> {
    const interpreter = options.interpreter ?? probe();
    const bundle = options.bundle ?? readFileSync(BUNDLE_PATH);
    const pty = await PtyPair.open();
    const folder = mkdtempSync(join(tmpdir(), "kincard-board-"));
    const at = places(interpreter, options.kernel.length);
    const { button = true, mapped = interpreter.mapped, radio } = options;
    const wiring = { serial: pty.board, button, mapped, radio };
    const image = { kernel: options.kernel, bundle, shim: shimSource(interpreter, at, wiring) };
    const board = new InterpreterBoard(interpreter, folder, pty, at, image, options);
    board.flash();
    return board;
  }

  /** Puts the image on an erased flash; the power must be off. `vault` = its file's name. */
  flash(vault?: string): void {
    if (this.#child) throw new Error("power the board off first");
    writeFlash(this.flashPath, this.interpreter, this.image, vault);
  }

  get flashPath(): string {
    return join(this.folder, FLASH_NAME);
  }
  get on(): boolean {
    return this.#child !== undefined;
  }
  /** For `openLink`: the host's end of the serial cable. */
  get uri(): string {
    return `serial:${this.pty.port}`;
  }
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  async duplex(): Promise<Duplex> {
    const serial = await openSerial(this.pty.port, BAUD_DEFAULT);
    const { radio } = this.options;
    return radio === undefined ? serial : radioDuplex(serial, radio, this.packets);
  }

  async powerOn(): Promise<void> {
    if (this.#child) return;
    await this.pty.flush();
    const { interpreter, options } = this;
    this.console = "";
    this.calls = 0;
    this.#cutAt = Infinity;
    this.#killed = false;
    this.powerOns++;
    this.#bridge = new HostBridge({
      file: this.flashPath,
      places: this.places,
      flashAddress: interpreter.flash.address,
      kernel: { bytes: options.kernel, factory: options.factory ?? defaultKernel },
      random: options.random ?? systemRandom(),
      onCall: (variables) => this.#called(variables),
    });
    this.#bridge.press(this.#pressed);
    const child = startInterpreter(interpreter, this.folder, options.prefix);
    this.#child = child;
    running.add(child);
    this.#powered.tell(true);
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (data: Buffer) => (this.console += data.toString("latin1")));
    }
    // What is typed when the power has just gone is read by nobody.
    child.stdin?.on("error", () => undefined);
    this.#ended = new Promise((resolve) => {
      child.once("error", () => resolve());
      child.once("close", () => {
        if (this.#child === child) this.#gone();
        resolve();
      });
    });
  }

  /** Pulls the plug, at this moment. */
  async powerOff(): Promise<void> {
    if (this.#child) kill(this.#child);
    await this.#ended;
    this.#gone();
  }

  /** Pulls the plug at the n-th kernel call from now (builds that don't run the kernel). */
  cutAtCall(n: number): void {
    this.#cutAt = this.calls + n;
  }

  /** Whether it runs until the power goes, by itself or by `cutAtCall`. */
  ended(): Promise<void> {
    return this.#ended;
  }

  press(): void {
    this.#hold(true);
  }
  release(): void {
    this.#hold(false);
  }
  #hold(down: boolean): void {
    if (!this.hasButton) throw new Error("this board has no button");
    this.#pressed = down;
    this.#bridge?.press(down);
  }

  /** Types on the interpreter's own console, which on a board is its prompt's link. */
  type(bytes: Uint8Array | string): void {
    this.#child?.stdin?.write(bytes);
  }

  onPower(listener: (on: boolean) => void): () => void {
    return this.#powered.add(listener);
  }

  status(): BoardStatus {
    return { power: this.on ? "on" : "off", button: this.hasButton };
  }

  /** Runs a script on the flash, without the card's code; the power must be off. */
  run(script: string): string {
    if (this.#child) throw new Error("power the board off first");
    const { command, args } = this.interpreter;
    return runScript([command, ...args], this.folder, script);
  }

  /** Without the bridge, which is no part of a board. */
  dump(): Uint8Array {
    const bytes = new Uint8Array(readFileSync(this.flashPath));
    return bytes.fill(255, this.places.bridge, this.places.bridge + Bridge.SIZE);
  }

  async close(): Promise<void> {
    await this.powerOff();
    this.pty.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #called(variables: number): boolean {
    if (this.#killed) return false;
    this.variables = Math.max(this.variables, variables);
    this.calls++;
    if (this.calls < this.#cutAt) return true;
    if (this.#child) kill(this.#child);
    this.#killed = true;
    return false;
  }
  #gone(): void {
    const child = this.#child;
    if (child) running.delete(child);
    this.#child = undefined;
    this.#bridge?.close();
    this.#bridge = undefined;
    if (child) this.#powered.tell(false);
  }
}
