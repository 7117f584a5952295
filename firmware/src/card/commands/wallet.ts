/**
 * The wallet key at work (docs/protocol.md section 7): PUBLIC_KEY, SIGN. BIP32 derivation happens
 * in the kernel; no private child leaves the card.
 */
import type { Answer, Flag, Refusal } from "../../types.js";
import { At, Key, Ok, Path } from "../../wire/layout.js";
import { big, bytes } from "../../board/board.js";
import { copy, derive, pubkey, ecdsaSign, zero } from "../../wire/kernel.js";
import { Size, SW } from "../../wire/generated.js";
import { compressTo } from "../identity.js";

/**
 * Walks the path in DATA (depth, then big-endian indices) from NODE; the node to CHILD, and with
 * `parent` set, its parent's public key to POINT2 (at depth 0: zeros). Refuses a path that is none.
 */
function walk(rest: number, length: number, parent: Flag): Refusal {
  const depth = bytes[At.DATA + Path.DEPTH];
  if (depth > Size.PATH_MAX || length !== Path.INDICES + 4 * depth + rest) return SW.DATA;
  copy(At.CHILD, At.NODE, Size.NODE);
  zero(At.POINT2, At.POINT2_SIZE);
  let at = At.DATA + Path.INDICES;
  const end = at + 4 * depth;
  while (at < end) {
    if (parent && at + 4 === end) pubkey(At.POINT2, At.CHILD);
    if (!derive(At.CHILD, At.CHILD, big(at))) return SW.PATH;
    at += 4;
  }
  return 0;
}

export function publicKey(_p1: number, length: number): Answer {
  const refusal = walk(0, length, 1);
  if (refusal) return refusal;
  pubkey(At.POINT, At.CHILD);
  compressTo(At.OUT + Key.PUBLIC_KEY, At.POINT);
  copy(At.OUT + Key.CHAIN_CODE, At.CHILD + Size.KEY, Key.CHAIN_CODE_SIZE);
  if (bytes[At.DATA + Path.DEPTH]) compressTo(At.OUT + Key.PARENT, At.POINT2);
  else zero(At.OUT + Key.PARENT, Size.POINT);
  return Ok.PUBLIC_KEY;
}

export function sign(_p1: number, length: number): Answer {
  const refusal = walk(Size.HASH, length, 0);
  if (refusal) return refusal;
  copy(At.HASH, At.DATA + Path.INDICES + 4 * bytes[At.DATA + Path.DEPTH], Size.HASH);
  if (!ecdsaSign(At.SIG, At.HASH, At.CHILD)) return SW.KERNEL;
  copy(At.OUT, At.SIG, At.SIG_SIZE);
  return Ok.SIGN;
}
