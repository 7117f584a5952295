/**
 * Random bytes for keys. Raw samples of the board's RNG pass the health tests of SP 800-90B 4.4 and
 * are conditioned by HMAC-SHA-256 (a vetted component, SP 800-90B 3.1.5.1.1) under a pool that
 * moves on with every call: 64 raw bytes in for each 32 out, and with them Kcard and the record's
 * number, so that cards with the same poor generator still part ways. Any failure is final until
 * the next boot.
 */
import { At, Raw, Rec } from "../wire/layout.js";
import { samples } from "../board/board.js";
import { copy, equal, health, hmac, keyok, sha256, zero } from "../wire/kernel.js";
import type { Flag, Offset } from "../types.js";
import { Label, LabelSize } from "../wire/generated.js";

/** A generator that only repeats itself passes the tests: the longest cycle that is looked for. */
const enum Cycle {
  LONGEST = 64,
}

export let failed: Flag = 1;
/** 1 once the start-up samples were looked at. */
export let seeded: Flag = 0;

/**
 * The 1,024 start-up samples (SP 800-90B 4.3); they seed the pool, once. The generator takes 120 us
 * for each: not before the card is heard, but before it hears its first command. Uses COMMAND.
 */
export function randomStart(): void {
  if (seeded) return;
  seeded = 1;
  zero(At.HEALTH, At.HEALTH_SIZE);
  let lag =
    samples(At.SAMPLES, At.SAMPLES_SIZE / 4) && health(At.HEALTH, At.SAMPLES, At.SAMPLES_SIZE)
      ? Cycle.LONGEST
      : 1;
  while (lag > 1 && !equal(At.SAMPLES, At.SAMPLES + lag, At.SAMPLES_SIZE - lag)) lag -= 4;
  failed = lag ? 1 : 0;
  sha256(At.POOL, At.SAMPLES, At.SAMPLES_SIZE);
  zero(At.SAMPLES, At.SAMPLES_SIZE);
}

/** 32 bytes at `to`. 0 if the RNG failed; nothing is written then. */
export function random(to: Offset): Flag {
  if (
    failed ||
    !samples(At.RAW + Raw.SAMPLES, Raw.SAMPLES_SIZE / 4) ||
    !health(At.HEALTH, At.RAW + Raw.SAMPLES, Raw.SAMPLES_SIZE)
  ) {
    failed = 1;
    return 0;
  }
  copy(At.RAW + Raw.SEQ, At.REC + Rec.SEQ, Rec.SEQ_SIZE);
  copy(At.RAW + Raw.KCARD, At.REC + Rec.KCARD, Rec.KCARD_SIZE);
  copy(At.RAW, At.LABELS + Label.RNG_BYTES, LabelSize.RNG_BYTES);
  hmac(to, At.POOL, At.RAW, Raw.SIZE);
  copy(At.RAW, At.LABELS + Label.RNG_STATE, LabelSize.RNG_STATE);
  hmac(At.POOL, At.POOL, At.RAW, Raw.SIZE);
  return 1;
}

/** A private key in 1..n-1 at `to`, by rejection (which happens once in 2^128 tries). */
export function randomKey(to: Offset): Flag {
  while (random(to)) {
    if (keyok(to)) return 1;
  }
  return 0;
}
