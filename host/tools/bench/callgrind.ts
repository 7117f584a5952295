/**
 * Counting instructions of the interpreter with valgrind's callgrind (x86 builds). What stands for
 * hardware is left out: the bridge to the host, which is reached through the interpreter's native
 * `call`, and the wait for a full transmit buffer.
 *
 * Source: Callgrind manual (toggle-collect, callgrind_control). Limits: x86 instructions; `ratio`
 * turns them into Thumb-2 ones, by three snippets counted on both.
 */

import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { runScript, type Interpreter } from "../../emulator/board/interpreter/command.js";

const LEFT_OUT = ["jswrap_function_apply_or_call", "jshTransmit"];
/** Code lies in a file here, in mapped flash on a board: each piece of it costs an fopen. */
const FLASH_READ = "jshFlashRead";

export function hasCallgrind(): boolean {
  return spawnSync("callgrind_control", ["--version"]).status === 0;
}

export function callgrindPrefix(file: string): string[] {
  const toggles = LEFT_OUT.map((name) => `--toggle-collect=${name}`);
  // in this order: a toggle sets collect-atstart to no
  const options = [...toggles, "--collect-atstart=yes", `--callgrind-out-file=${file}`];
  // Turns among threads: who waits for room to write must not keep the one that writes from it.
  return ["valgrind", "-q", "--fair-sched=try", "--tool=callgrind", ...options];
}

/** What was counted, without the emulated flash. */
function total(file: string): number {
  const text = readFileSync(file, "latin1");
  const line = /^(?:totals|summary): (\d+)/m.exec(text);
  return Number(line?.[1] ?? NaN) - inclusive(text, FLASH_READ);
}

/**
 * The cost of a function and all that it calls. In a callgrind file a function's block starts with
 * `fn=(number) name` (the name only the first time); its own costs and those of its calls follow,
 * one a line, each after a position.
 */
function inclusive(text: string, name: string): number {
  const id = new RegExp(`\\((\\d+)\\) ${name}$`, "m").exec(text)?.[1];
  let inside = false;
  let sum = 0;
  for (const line of text.split("\n")) {
    if (line.startsWith("fn=")) inside = line.startsWith(`fn=(${id})`);
    else if (inside) sum += Number(/^[-+*\d]\S* (\d+)$/.exec(line)?.[1] ?? 0);
  }
  return sum;
}

/** Instructions of a running process since the last call. */
export class Counter {
  #dumps = 0;
  constructor(
    readonly pid: number,
    readonly file: string,
  ) {}

  async take(): Promise<number> {
    await promisify(execFile)("callgrind_control", ["-d", String(this.pid)]);
    const dump = `${this.file}.${++this.#dumps}`;
    const count = total(dump);
    rmSync(dump);
    return count;
  }
}

/** Thumb-2 instructions a round, counted on an ARM build with Puck.js's 13-byte variables (-Os). */
const SNIPPETS: readonly (readonly [code: string, thumb: number])[] = [
  ["", 6041],
  ["g(i);", 11094],
  ["a[i&15]^=b[i&15];", 18084],
];
const ROUNDS = 3000;
/**
 * Whole commands and the boot, counted on that ARM build too, came out at 0.87 to 0.92 of what the
 * snippets' ratio makes of them: flash is mapped there, variables are smaller.
 */
export const WHOLE = 0.9;

function script(body: string, rounds: number): string {
  return (
    "function g(i){}var a=new Uint8Array(16),b=new Uint8Array(16);" +
    `function f(){for(var i=0;i<${rounds};i++){${body}}}f();`
  );
}

/** Thumb-2 instructions for one x86 instruction, on each of three snippets. */
export function ratios({ command, args }: Interpreter): number[] {
  const folder = mkdtempSync(join(tmpdir(), "kincard-ratio-"));
  const out = join(folder, "counts");
  const count = (code: string): number => {
    writeFileSync(join(folder, "espruino.flash"), Buffer.alloc(0));
    runScript([...callgrindPrefix(out), command, ...args], folder, code);
    return total(out);
  };
  try {
    return SNIPPETS.map(([body, thumb]) => {
      const x86 = (count(script(body, 2 * ROUNDS)) - count(script(body, ROUNDS))) / ROUNDS;
      return thumb / x86;
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
