/**
 * Runs a list of calls of the kernel in QEMU's Cortex-M4 (qemu-system-arm, machine mps2-an386) and
 * returns what each answered, what it left in the arena and how many instructions it took.
 *
 * Instructions are counted by the board's timer: with `-icount shift=10` an instruction takes
 * 1,024 ns of its time, 25.6 ticks at 25 MHz. What an empty call takes is subtracted.
 */

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { CODE_ADDRESS } from "../../../host/tools/measure/arena.js";
import { CALLS_ADDRESS, HALF, RESULTS_FILE, emptyRoutine, harness } from "./harness.js";

const QEMU = process.env["QEMU_SYSTEM_ARM"] ?? "qemu-system-arm";
const TICKS_PER_INSTRUCTION = 25.6;
const HEAD = 24;

export interface ArmCall {
  /** Where the routine starts in the blob. */
  readonly offset: number;
  readonly args: readonly number[];
  /** What the start of the arena holds; at least one byte. */
  readonly before: Uint8Array;
}

export interface ArmResult {
  readonly result: number;
  readonly instructions: number;
  readonly after: Uint8Array;
}

/** The version line, or undefined if there is no QEMU. */
export function qemuVersion(): string | undefined {
  const { status, stdout } = spawnSync(QEMU, ["--version"], { encoding: "utf8" });
  return status === 0 ? stdout.split("\n")[0] : undefined;
}

const padded = (call: ArmCall): number => (call.before.length + 3) & ~3;

/** Splits a list so that calls and results fit the board's memory. */
export function batches<T extends ArmCall>(calls: readonly T[]): T[][] {
  const out: T[][] = [[]];
  let bytes = 0;
  for (const call of calls) {
    bytes += HEAD + padded(call);
    if (bytes > HALF - 1024) {
      out.push([]);
      bytes = HEAD + padded(call);
    }
    (out[out.length - 1] as T[]).push(call);
  }
  return out;
}

function encode(calls: readonly ArmCall[]): Buffer {
  const one = (address: number, args: readonly number[], before: Uint8Array): Buffer => {
    const length = (before.length + 3) & ~3;
    const buffer = Buffer.alloc(HEAD + length);
    buffer.writeUInt32LE(address | 1, 0);
    buffer.writeUInt32LE(length, 4);
    [0, 1, 2, 3].forEach((i) => buffer.writeUInt32LE((args[i] ?? 0) >>> 0, 8 + 4 * i));
    buffer.set(before, HEAD);
    return buffer;
  };
  const list = calls.map(({ offset, args, before }) => one(CODE_ADDRESS + offset, args, before));
  return Buffer.concat([one(emptyRoutine(), [], new Uint8Array(4)), ...list, Buffer.alloc(4)]);
}

function decode(calls: readonly ArmCall[], results: Buffer): ArmResult[] {
  const empty = results.readUInt32LE(4);
  let at = 12;
  return calls.map((call) => {
    const result = results.readUInt32LE(at);
    const ticks = results.readUInt32LE(at + 4);
    const after = Uint8Array.from(results.subarray(at + 8, at + 8 + call.before.length));
    at += 8 + padded(call);
    // the empty call is one instruction, its return
    const instructions = Math.round((ticks - empty) / TICKS_PER_INSTRUCTION) + 1;
    return { result, instructions, after };
  });
}

export function runInQemu(blob: Uint8Array, calls: readonly ArmCall[]): ArmResult[] {
  const folder = mkdtempSync(path.join(tmpdir(), "kincard-arm-"));
  try {
    const size = 12 + calls.reduce((sum, call) => sum + 8 + padded(call), 0);
    writeFileSync(path.join(folder, "harness.bin"), harness(size));
    writeFileSync(path.join(folder, "kernel.bin"), blob);
    writeFileSync(path.join(folder, "calls.bin"), encode(calls));
    const load = (file: string, address: number): string[] => [
      "-device",
      `loader,file=${file},addr=0x${address.toString(16)},force-raw=on`,
    ];
    const quiet = ["-display", "none", "-monitor", "none", "-serial", "none"];
    const args = [
      ...["-M", "mps2-an386", "-icount", "shift=10", "-semihosting", ...quiet],
      ...load("harness.bin", 0),
      ...load("kernel.bin", CODE_ADDRESS),
      ...load("calls.bin", CALLS_ADDRESS),
    ];
    const options = { cwd: folder, encoding: "utf8", timeout: 15 * 60_000 } as const;
    const { status, stderr, error } = spawnSync(QEMU, args, options);
    if (status !== 0) throw new Error(`QEMU ended with ${status}: ${error ?? stderr}`);
    return decode(calls, readFileSync(path.join(folder, RESULTS_FILE)));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
