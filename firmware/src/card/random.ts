/**
 * Random bytes for keys. Raw samples of the board's RNG pass the health tests of SP 800-90B 4.4 and
 * are conditioned by HMAC-SHA-256 (a vetted component, SP 800-90B 3.1.5.1.1) under a pool that moves
 * on with every call: 64 raw bytes in for each 32 out. Any failure is final until the next boot.
 */
import { At } from "../board/arena.js";
import { samples } from "../board/board.js";
import { copy, health, hmac, keyok, sha256, zero } from "../board/kernel.js";
import { Label, LabelSize } from "../wire/generated.js";

export let failed = 1;

/** The 1,024 start-up samples (SP 800-90B 4.3); they seed the pool. Uses FRAME, DATA. */
export function randomStart(): void {
  zero(At.HEALTH, 16);
  failed = samples(At.MSG, 256) && health(At.HEALTH, At.MSG, 1024) ? 0 : 1;
  sha256(At.POOL, At.MSG, 1024);
  zero(At.MSG, 1024);
}

/** 32 bytes at `to`. 0 if the RNG failed; nothing is written then. */
export function random(to: number): number {
  if (failed || !samples(At.RAW + 20, 16) || !health(At.HEALTH, At.RAW + 20, 64)) {
    failed = 1;
    return 0;
  }
  copy(At.RAW, At.LABELS + Label.RNG_BYTES, LabelSize.RNG_BYTES);
  hmac(to, At.POOL, At.RAW, 84);
  copy(At.RAW, At.LABELS + Label.RNG_STATE, LabelSize.RNG_STATE);
  hmac(At.POOL, At.POOL, At.RAW, 84);
  return 1;
}

/** A private key in 1..n-1 at `to`, by rejection (which happens once in 2^128 tries). */
export function randomKey(to: number): number {
  while (random(to)) {
    if (keyok(to)) return 1;
  }
  return 0;
}
