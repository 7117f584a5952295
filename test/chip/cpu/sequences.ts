/**
 * Random instruction sequences for the comparison with QEMU: drawn from the instruction set's own
 * space, kept if our decoder takes them and they stay within r0..r12 and the memory at r8, in IT
 * blocks and under forward branches too. guest/sequences.c runs them.
 */

import { decode16 } from "../../../host/emulator/arm/decode/thumb16.js";
import { decode32 } from "../../../host/emulator/arm/decode/thumb32.js";
import type { Body } from "../../../host/emulator/arm/decode/instruction.js";
import { Seeded } from "../../../host/emulator/seeded.js";
import { SEED } from "../../kernel/random.js";

export const TABLE = 0x40000;
const CODE = 0x10000;
const HEAD = 12;
const STATE_WORDS = 47;
/**
 * Its memory, and a small number for offsets: only writeback changes the first, nothing the other.
 */
const BASE = 8;
const INDEX = 10;

/** Many small numbers, the same for the same seed and purpose. */
export class Random {
  readonly #source: Seeded;

  constructor(purpose: string) {
    this.#source = new Seeded(`${SEED}/${purpose}`);
  }

  next(): number {
    return this.#source.next32() >>> 0;
  }

  /** 0 .. limit - 1. */
  below(limit: number): number {
    return this.next() % limit;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }
}

export interface Sequence {
  readonly code: readonly number[];
  /** r0..r12, APSR, FPSCR, s0..s31. */
  readonly state: readonly number[];
}

const WRITES = ["rd", "rt", "rt2", "lo", "hi"];
const READS = ["rn", "rm", "ra"];
const CONTROL = [
  "b",
  "bl",
  "bx",
  "cbz",
  "tb",
  "it",
  "svc",
  "bkpt",
  "cps",
  "hint",
  "barrier",
  "exclusive",
];
const ACCESS = ["load", "store", "dual", "multiple", "vmem"];

type Fields = Readonly<Record<string, unknown>>;

const low = (r: number): boolean => r < 13;
const free = (r: number): boolean => low(r) && r !== BASE && r !== INDEX;

function accessFits(body: Body, fields: Fields): boolean {
  if (fields["rn"] !== BASE) return false;
  const offset = fields["offset"];
  if (typeof offset === "number") return Math.abs(offset) < 256;
  if (body.op === "multiple") return body.list.every((r) => (body.load ? free(r) : low(r)));
  const operand = offset as { kind: string; value: number; reg: number };
  return operand.kind === "imm" ? operand.value < 256 : operand.reg === INDEX;
}

/**
 * No exclusive accesses: QEMU's monitor knows addresses and values, a Cortex-M4's neither
 * (guest/interrupts.c has some).
 *
 * True for instructions that keep to the rules of the head. */
function usable(body: Body): boolean {
  const fields = body as unknown as Fields;
  if (CONTROL.includes(body.op)) return false;
  if (body.op === "msr") return body.special < 4 && body.mask === 1 && low(body.rn);
  if (body.op === "mrs") return body.special === 0 && free(body.rd);
  if (body.op === "vsystem" && body.rt === 15) return true;
  const named = (names: readonly string[]): number[] =>
    names.map((name) => fields[name]).filter((r): r is number => typeof r === "number" && r >= 0);
  if (!named(WRITES).every(free) || !named(READS).every(low)) return false;
  const operand = fields["b"] as { reg?: number } | undefined;
  if (operand?.reg !== undefined && !low(operand.reg)) return false;
  return ACCESS.includes(body.op) ? accessFits(body, fields) : true;
}

/** First units of the groups; how often each is drawn. */
const GROUPS: readonly (readonly [base: number, mask: number])[] = [
  ...[0xea00, 0xeb00, 0xf000, 0xf100, 0xf200, 0xf300].map((b) => [b, 0xff] as const),
  ...[0xfa00, 0xfa80, 0xfa80, 0xfb00, 0xfb00].map((b) => [b, b & 0x80 ? 0x7f : 0xff] as const),
  ...[0xee00, 0xee00, 0xee00, 0xee00].map((b) => [b, 0xff] as const),
  ...[0xec00, 0xed00, 0xf800, 0xf900, 0xe800, 0xe900].map((b) => [b, 0x1ff] as const),
];

/** Memory instructions would seldom have r8 as their base by chance. */
function aimed(random: Random, wide: number): number {
  return wide >>> 9 === 0x74 || wide >>> 9 === 0x7c || wide >>> 9 === 0x76
    ? (wide & ~15) | (random.below(8) ? BASE : wide & 15)
    : wide;
}

function draw(random: Random, insideIt: boolean): number[] {
  for (;;) {
    const [hw1, hw2] = [random.below(0x10000), random.below(0x10000)];
    try {
      if (random.below(4) === 0) {
        const narrow = random.pick([hw1 & 0x3fff, 0x4000 | (hw1 & 0x7ff), 0xb200 | (hw1 & 0xfff)]);
        if (usable(decode16(narrow, 0x1000, insideIt))) return [narrow];
        continue;
      }
      const [base, mask] = random.pick(GROUPS);
      const first = aimed(random, base | (hw1 & mask));
      const float = base >>> 8 === 0xee || base >>> 9 === 0x76;
      const second = float ? (hw2 & 0xf1ff) | 0x0a00 : base >>> 8 === 0xfa ? hw2 | 0xf000 : hw2;
      const plain = float && random.below(8) ? second & ~0x100 : second;
      if (usable(decode32(first, plain, 0x1000))) return [first, plain];
    } catch {
      // not an instruction: draw again
    }
  }
}

/** One sequence, ending in BX LR. */
function sequence(random: Random, length: number): number[] {
  const code: number[] = [];
  for (let made = 0; made < length;) {
    const kind = random.below(8);
    if (kind === 0) {
      const block = 1 + random.below(4);
      const mask = ((random.below(8) << 1) | 1) << (4 - block);
      code.push(0xbf00 | (random.below(14) << 4) | (mask & 15));
      for (let i = 0; i < block; i++, made++) code.push(...draw(random, true));
    } else if (kind === 1) {
      const skipped: number[] = [];
      for (let i = random.below(4); i >= 0; i--, made++) skipped.push(...draw(random, false));
      code.push(0xd000 | (random.below(14) << 8) | (skipped.length - 1), ...skipped);
    } else {
      code.push(...draw(random, false));
      made++;
    }
  }
  return [...code, 0x4770];
}

const EDGES = [0, 1, 0x7fffffff, 0x80000000, 0xffffffff, 0x7fff8000, 0x00ff0080, 0x0000ffff];
const FLOATS = [0x3f800000, 0xbf800000, 0x7f800000, 0x7fc00000, 0x00000001, 0x80000000, 0x4f000000];

function word(random: Random): number {
  return random.below(3) ? random.next() : random.pick(EDGES);
}

function float(random: Random): number {
  const kind = random.below(4);
  if (kind === 0) return random.pick(FLOATS);
  return kind === 1 ? random.next() : (random.next() & 0x80ffffff) | 0x3e000000;
}

/** N and Z are never set together: no instruction does that. */
function initial(random: Random): number[] {
  const state = Array.from({ length: 13 }, () => word(random));
  state[BASE] = random.below(3) ? 0 : random.below(8);
  state[INDEX] = random.below(32);
  const nz = random.pick([0, 0x40000000, 0x80000000]);
  const apsr = (nz | (random.next() & 0x380f0000)) >>> 0;
  const fpscr = random.below(4) ? 0 : (random.next() & 0xf7c0009f) >>> 0;
  return [...state, apsr, fpscr, ...Array.from({ length: 32 }, () => float(random))];
}

export function randomSequences(random: Random, count: number, length: number): Sequence[] {
  return Array.from({ length: count }, () => ({
    code: sequence(random, 1 + random.below(length)),
    state: initial(random),
  }));
}

/** The program's image with a table of sequences; `whole`: the number of the only one to show. */
export function withSequences(
  program: Uint8Array,
  sequences: readonly Sequence[],
  whole?: number,
): Uint8Array {
  const image = new Uint8Array(0x80000);
  image.set(program);
  const view = new DataView(image.buffer);
  view.setUint32(TABLE, sequences.length, true);
  view.setUint32(TABLE + 4, whole ?? 0, true);
  view.setUint32(TABLE + 8, whole === undefined ? 0 : 1, true);
  let code = CODE;
  sequences.forEach((each, n) => {
    const at = TABLE + HEAD + n * 4 * (STATE_WORDS + 1);
    view.setUint32(at, code, true);
    each.state.forEach((value, i) => view.setUint32(at + 4 + 4 * i, value >>> 0, true));
    for (const unit of each.code) {
      view.setUint16(code, unit, true);
      code += 2;
    }
    code = (code + 3) & ~3;
  });
  if (code > TABLE || program.length > CODE) throw new RangeError("too many sequences");
  return image;
}

export const MOST = Math.floor((0x80000 - TABLE - HEAD) / (4 * (STATE_WORDS + 1)));
