/**
 * The tools that check our processor: GCC for ARM and QEMU (Debian: gcc-arm-none-eabi,
 * libnewlib-arm-none-eabi, qemu-system-arm), gdb-multiarch. Without them the suites that need them
 * are skipped by name; with KINCARD_REQUIRE_CHIP=1 that is a failure.
 */

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const GUEST = fileURLToPath(new URL("guest", import.meta.url));
const PREFIX = process.env["ARM_PREFIX"] ?? "arm-none-eabi-";
const QEMU = process.env["QEMU_SYSTEM_ARM"] ?? "qemu-system-arm";
const QUIET = ["-display", "none", "-monitor", "none", "-serial", "none"];

const works = (command: string): boolean => spawnSync(command, ["--version"]).status === 0;

export const GDB = process.env["GDB_MULTIARCH"] ?? "gdb-multiarch";
export const GCC = `${PREFIX}gcc`;

/** A suite that needs the tools: skipped by name without them, or failing if it may not be. */
export function describeWithTools(title: string, body: () => void, tools = [GCC, QEMU]): void {
  const missing = tools.filter((tool) => !works(tool));
  if (!missing.length) describe(title, body);
  else if (process.env["KINCARD_REQUIRE_CHIP"] === "1") {
    describe(title, () => {
      it("has its tools", () => {
        throw new Error(`missing: ${missing.join(", ")}`);
      });
    });
  } else describe.skip(`${title} (no ${missing.join(", ")})`, body);
}

function run(command: string, args: readonly string[], timeout = 60_000): string {
  const options = { encoding: "utf8", timeout, maxBuffer: 1 << 26 } as const;
  const { status, stdout, stderr, error } = spawnSync(command, args, options);
  if (status !== 0) throw new Error(`${command} ended with ${status}: ${error ?? stderr}`);
  return stdout + stderr;
}

/** Calls back with a folder that is gone afterwards. */
export function inFolder<T>(use: (folder: string) => T): T {
  const folder = mkdtempSync(path.join(tmpdir(), "kincard-chip-"));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A program of guest/ as an image for address 0. */
export function compile(program: string, flags: readonly string[]): Uint8Array {
  return inFolder((folder) => compileIn(folder, program, flags).image);
}

/** The same into a folder that stays, with the ELF file beside it. */
export function compileIn(folder: string, program: string, flags: readonly string[]) {
  const source = (name: string): string => path.join(GUEST, name);
  const target = ["-mcpu=cortex-m4", "-mthumb", "-mfpu=fpv4-sp-d16"];
  const elf = path.join(folder, "guest.elf");
  const bin = path.join(folder, "guest.bin");
  run(`${PREFIX}gcc`, [
    ...[...target, ...flags, "-Wall", "-Wextra", "-Werror", "-nostartfiles"],
    ...["-T", source("guest.ld"), source("start.c"), source(`${program}.c`)],
    ...["-o", elf, "-lm"],
  ]);
  run(`${PREFIX}objcopy`, ["-O", "binary", elf, bin]);
  return { elf, image: Uint8Array.from(readFileSync(bin)) };
}

/** Runs an image in QEMU's Cortex-M4 until it exits with 0; what it printed. */
export function runQemu(image: Uint8Array): string {
  return inFolder((folder) => {
    const file = path.join(folder, "guest.bin");
    writeFileSync(file, image);
    const device = `loader,file=${file},addr=0,force-raw=on`;
    return run(QEMU, ["-M", "mps2-an386", "-semihosting", ...QUIET, "-device", device]);
  });
}
