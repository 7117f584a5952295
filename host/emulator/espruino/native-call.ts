/**
 * `E.nativeCall` of a virtual board: signature and address are checked, then the kernel's entry is
 * run over the board's memory.
 *
 * Source: jswrap_espruino_nativeCall of Espruino 2v29 (3 bits a type in 16 bits: at most four
 * arguments) and firmware/kernel/abi.ts (entry i at base + 4 i, Thumb bit set). Limits: integer
 * arguments only; code is the kernel's file in flash, or a string handed over.
 */

import { BoardTrap, hex } from "../faults.js";
import { KERNEL_FILE } from "../board/fresh.js";
import { latin1 } from "./bytes.js";
import type { KernelRunner } from "../arm/memory.js";
import type { Life } from "./life.js";

interface Signature {
  readonly returns: string;
  readonly count: number;
}

const MOST_ENTRIES = 256;

function parse(life: Life, signature: unknown): Signature {
  const found = /^\s*(void|bool|int)\s*\(([^()]*)\)\s*$/.exec(String(signature));
  const kinds = found?.[2]?.trim() ? (found[2].split(",") as string[]) : [];
  const bad = kinds.findIndex((kind) => kind.trim() !== "int");
  if (typeof signature !== "string" || !found || bad >= 0 || kinds.length > 4) {
    const at = kinds.length > 4 ? 6 : Math.max(bad, 0) + 1;
    throw life.realm.newError(`Error Parsing signature at argument number ${at}`);
  }
  return { returns: found[1] as string, count: kinds.length };
}

interface Code {
  readonly base: number;
  readonly runner: KernelRunner;
}

export function nativeCall(life: Life): (...args: unknown[]) => unknown {
  let installed: Code | undefined;

  function kernelInFlash(): Code {
    if (!life.options.mapped) throw new BoardTrap("nativeCall: flash is not mapped here");
    const file = life.log.read(KERNEL_FILE);
    if (!file) throw new BoardTrap(`nativeCall: there is no ${KERNEL_FILE} in Storage`);
    if (installed?.base !== file.address) {
      const runner = life.options.kernel(life.memory, file.address, file.bytes);
      installed = { base: file.address, runner };
    }
    return installed as Code;
  }

  function fromString(data: string): Code {
    const bytes = latin1(data);
    const base = life.addCode(bytes);
    return { base, runner: life.options.kernel(life.memory, base, bytes) };
  }

  return (address, signature, data) => {
    if (typeof address !== "number") throw new BoardTrap("nativeCall: no address");
    const { returns, count } = parse(life, signature);
    const code = typeof data === "string" ? fromString(data) : kernelInFlash();
    const at = typeof data === "string" ? address : address - code.base;
    if (!(at & 1)) throw new BoardTrap(`nativeCall of ${hex(address)}: the Thumb bit is not set`);
    const entry = (at & ~1) / 4;
    if (!Number.isInteger(entry) || entry < 0 || entry >= MOST_ENTRIES) {
      throw new BoardTrap(`nativeCall of ${hex(address)}: no entry of the kernel is there`);
    }
    return life.api((...args: unknown[]) => {
      if (args.length !== count || !args.every((arg) => Number.isInteger(arg))) {
        const given = args.map((arg) => typeof arg).join(", ");
        throw new BoardTrap(`kernel entry ${entry}: ${count} integers wanted, got (${given})`);
      }
      life.ctrlC.longWork(life.console);
      life.options.flash.shake();
      const result = code.runner.call(
        entry,
        args.map((arg) => (arg as number) >>> 0),
      );
      if (returns === "void") return undefined;
      return returns === "bool" ? result !== 0 : result | 0;
    });
  };
}
