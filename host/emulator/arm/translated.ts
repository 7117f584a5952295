/**
 * What this process has translated already: every board runs the same kernel, and a test makes
 * hundreds of boards. A block is known by its address, its bytes and the two instructions' worth
 * behind it, which may decide where it ends.
 */

import { readBlock } from "./decode/block.js";
import { blockSource } from "./emit/block.js";

/** A block's function, made for one machine: its registers and memory are in `scope`. */
export type Bind = (scope: object) => () => number;

export interface Translation {
  readonly bind: Bind;
  /** Instructions. */
  readonly size: number;
}
interface Kept extends Translation {
  readonly code: Uint8Array;
}

const BEHIND = 8;
/** More than any kernel has; only made-up programs come here, and they start anew. */
const MOST = 20_000;

let kept = new Map<number, Kept[]>();
let count = 0;

/** Whether `code` holds these bytes at `offset`. */
function same(known: Uint8Array, code: Uint8Array, offset: number): boolean {
  if (offset + known.length > code.length) return false;
  for (let i = 0; i < known.length; i++) if (known[i] !== code[offset + i]) return false;
  return true;
}

/** The block at `pc`, `offset` in `code`; `names` are those of the scope it will be bound to. */
export function translated(
  pc: number,
  code: Uint8Array,
  offset: number,
  fetch: (address: number) => number,
  measured: boolean,
  names: readonly string[],
): Translation {
  const key = 2 * pc + Number(measured);
  const list = kept.get(key) ?? [];
  const found = list.find((one) => same(one.code, code, offset));
  if (found) return found;
  const block = readBlock(fetch, pc);
  const body = blockSource(block, measured);
  const bind = new Function(
    "scope",
    `"use strict";const {${names.join(",")}}=scope;return()=>{${body}};`,
  ) as Bind;
  const length = block.reduce((sum, { size }) => sum + size, BEHIND);
  const entry = { bind, size: block.length, code: code.slice(offset, offset + length) };
  if (++count > MOST) [kept, count] = [new Map(), 1];
  kept.set(key, [...list, entry]);
  return entry;
}
