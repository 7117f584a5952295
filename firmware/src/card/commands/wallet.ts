/**
 * The wallet key at work (docs/protocol.md section 7): PUBLIC_KEY, SIGN. BIP32 derivation happens
 * in the kernel; no private child leaves the card.
 */
import { At } from "../../board/arena.js";
import { A } from "../../board/board.js";
import { copy, derive, pubkey, sign as ecdsa, zero } from "../../board/kernel.js";
import { Size, SW } from "../../wire/generated.js";
import { compressTo } from "../identity.js";

/**
 * Walks the path in DATA (depth, then big-endian indices) from NODE; the node to CHILD, and with
 * `parent` set, its parent's public key to POINT2 (at depth 0: zeros). 0 or a refusal.
 */
function walk(rest: number, length: number, parent: number): number {
  const depth = A[At.DATA];
  if (depth > Size.PATH_MAX || length !== 1 + 4 * depth + rest) return SW.DATA;
  copy(At.CHILD, At.NODE, Size.NODE);
  zero(At.POINT2, 64);
  let at = At.DATA + 1;
  const end = at + 4 * depth;
  while (at < end) {
    if (parent && at + 4 === end) pubkey(At.POINT2, At.CHILD);
    const index = (A[at] << 24) | (A[at + 1] << 16) | (A[at + 2] << 8) | A[at + 3];
    if (!derive(At.CHILD, At.CHILD, index)) return SW.PATH;
    at += 4;
  }
  return 0;
}

export function publicKey(_p1: number, length: number): number {
  const word = walk(0, length, 1);
  if (word) return word;
  pubkey(At.POINT, At.CHILD);
  compressTo(At.OUT, At.POINT);
  copy(At.OUT + 33, At.CHILD + 32, 32);
  if (A[At.DATA]) compressTo(At.OUT + 65, At.POINT2);
  else zero(At.OUT + 65, Size.POINT);
  return (98 << 16) | SW.OK;
}

export function sign(_p1: number, length: number): number {
  const word = walk(32, length, 0);
  if (word) return word;
  copy(At.HASH, At.DATA + 1 + 4 * A[At.DATA], 32);
  if (!ecdsa(At.SIG, At.HASH, At.CHILD)) return SW.KERNEL;
  copy(At.OUT, At.SIG, 65);
  return (65 << 16) | SW.OK;
}
