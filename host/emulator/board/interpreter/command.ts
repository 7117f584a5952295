/**
 * The interpreter that `ESPRUINO_BIN` names: a command that starts a Linux build of Espruino, its
 * words separated by spaces ("qemu-arm /path/to/espruino"). What it can do is asked of it once.
 *
 * Limits: no quoting; the build must have Serial1 with a `path`, as every Linux build has.
 */

import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Interpreter {
  readonly command: string;
  readonly args: readonly string[];
  readonly version: string;
  readonly flash: { readonly address: number; readonly size: number; readonly page: number };
  /** Flash lies in its address space, as on boards. */
  readonly mapped: boolean;
  /** It runs the kernel's Thumb-2 code itself, from its mapped flash. */
  readonly native: boolean;
  /** Variables of the interpreter: how many there are, and bytes of each (13 on a Puck.js). */
  readonly variables: { readonly total: number; readonly bytes: number };
}

const MARK = "KINCARD PROBE ";
/** `movs r0, #42; bx lr`: crashes a build that can't run it, hence said last. */
const PROBE = `
var F = require("Flash"), S = require("Storage"), m = process.memory(), at = m.flash_code_start;
var a = at || F.getFree()[0].addr;
print("${MARK}" + JSON.stringify({ version: process.version, mapped: !!at,
  flash: { address: a, size: process.env.STORAGE || process.env.FLASH, page: F.getPage(a).length },
  variables: { total: m.total, bytes: m.blocksize } }));
if (at) {
  S.write("code", "\\x2a\\x20\\x70\\x47");
  print("${MARK}" + E.nativeCall(E.getAddressOf(S.read("code"), true) | 1, "int()")());
}
`;

/** The words of ESPRUINO_BIN, or nothing. */
export function interpreterWords(value = process.env.ESPRUINO_BIN): string[] {
  return (value ?? "").split(" ").filter((word) => word !== "");
}

/** Runs a script to its end, without the boot code, in `folder` (whose espruino.flash it uses). */
export function runScript(words: readonly string[], folder: string, script: string): string {
  const file = join(folder, "script.js");
  writeFileSync(file, script);
  const [command = "", ...args] = words;
  const options = { cwd: folder, timeout: 20_000, killSignal: "SIGKILL", input: "" } as const;
  const done = spawnSync(command, [...args, "script.js"], { ...options, encoding: "latin1" });
  rmSync(file);
  if (done.error && !done.stdout) throw done.error;
  return done.stdout;
}

/** Asks the interpreter what it is. Throws a sentence when it does not answer. */
export function probe(words = interpreterWords()): Interpreter {
  const folder = mkdtempSync(join(tmpdir(), "kincard-probe-"));
  try {
    const said = runScript(words, folder, PROBE)
      .split("\n")
      .filter((line) => line.includes(MARK))
      .map((line) => line.slice(line.indexOf(MARK) + MARK.length).trim());
    if (!said[0]) throw new Error(`${words.join(" ")} does not answer as Espruino does`);
    const [command = "", ...args] = words;
    return { command, args, ...JSON.parse(said[0]), native: said[1] === "42" };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Starts it with the boot code of `folder`, as a group of its own that can be killed whole. */
export function startInterpreter(
  { command, args }: Interpreter,
  folder: string,
  prefix: readonly string[] = [],
): ChildProcess {
  const [first = "", ...rest] = [...prefix, command, ...args];
  return spawn(first, rest, { cwd: folder, stdio: ["pipe", "pipe", "pipe"], detached: true });
}
