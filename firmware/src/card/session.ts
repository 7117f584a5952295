/**
 * The authenticated channel's state (docs/protocol.md section 5): keys and counters in the arena,
 * and how far the host has come. It ends with any failure; ending wipes everything it held.
 */
import { At } from "../wire/layout.js";
import { later, now } from "../board/board.js";
import { zero } from "../wire/kernel.js";
import { disarm } from "./presence.js";
import type { Flag } from "../types.js";
import { Tries } from "../wire/generated.js";

export const enum Level {
  NONE = 0,
  OPEN = 1,
  CODE = 2,
}

export let level: Level = Level.NONE;
let lastUse = 0;
let timing: Flag = 0;

export function endSession(): void {
  if (level) zero(At.SESSION, At.SESSION_SIZE);
  level = Level.NONE;
  disarm();
}
export function startSession(): void {
  level = Level.OPEN;
  lastUse = now();
  if (!timing) idle();
}
export function codeHolds(): void {
  level = Level.CODE;
}
/** The wallet key is gone; the channel stays. */
export function codeLost(): void {
  zero(At.UNLOCKED, At.UNLOCKED_SIZE);
  if (level) level = Level.OPEN;
}
/** Called before every command: a channel that lay idle is gone. */
export function ageSession(): void {
  if (now() - lastUse > Tries.IDLE_S) endSession();
}
/** Called with a fresh command of the channel, for others than its host's don't keep it open. */
export function useSession(): void {
  lastUse = now();
}
/** The timer that wipes an idle channel also when no command comes. */
function idle(): void {
  const left = Tries.IDLE_S - (now() - lastUse);
  timing = 0;
  if (!level) return;
  if (left <= 0) {
    endSession();
    return;
  }
  timing = 1;
  later(idle, left + 0.01);
}
