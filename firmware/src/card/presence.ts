/**
 * What a physical act is worth (docs/protocol.md section 6). On a board with a button a command
 * that needs one only arms: the button must then be seen released, and held without a break. The
 * command, asked again in its channel, is then carried out, once. Without a button what wears the
 * flash is counted and slowed. Here too is the light: what is armed, or a run's pattern (section
 * 14).
 */
import type { Answer, Flag, Refusal } from "../types.js";
import { At, Gesture, Rec } from "../wire/layout.js";
import { big, bytes, hasButton, later, light, now, pressed } from "../board/board.js";
import { delay, Early, waitAnswer } from "../vault/tries.js";
import { Cmd, Consent, Press, SW, Tries } from "../wire/generated.js";

const enum Watch {
  EVERY_S = 0.1,
  /** Bits of the count of looks: how fast the light blinks, 2.5 and 0.6 times a second. */
  FAST = 2,
  SLOW = 8,
}

/** The command that waits for its gesture (none: 0), how long it is held, and until when. */
export let armed: Cmd = 0;
let hold = 0;
let until = 0;
/** When the button was last seen released (never: `until`); 1 once it was held long enough. */
let released = 0;
let meantIt: Flag = 0;
let looks = 0;
let watching: Flag = 0;
/** When, without a button, the next drop is taken. */
let dropNotBefore = 0;
/** Until when the run of CONSENT lasts: no other begins before. */
let runUntil = 0;
/** What the run blinks, a digit for each tick: which lights. "": nothing. And since when. */
let pattern = "";
let shownSince = 0;

/** The gesture is spent, or its channel gone. */
export function disarm(): void {
  armed = 0;
}

/** Looks at the button, while armed only. */
function watch(): void {
  const time = now();
  if (time >= until) armed = 0;
  if (time >= runUntil) pattern = "";
  watching = armed || pattern ? 1 : 0;
  if (watching) {
    if (!meantIt && !pressed()) released = time;
    if (time - released >= hold) meantIt = 1;
    later(watch, Watch.EVERY_S);
  }
  const dark = looks++ & (hold > Press.DROP_S ? Watch.FAST : Watch.SLOW);
  if (pattern && (!armed || (armed === Cmd.SEAL && !meantIt)))
    light(pattern.charCodeAt(((time - shownSince) * Consent.TICKS) % pattern.length) & 7);
  else light(armed && (meantIt || !dark) ? 1 : 0);
}
function startWatch(): void {
  if (!watching) later(watch, 0);
  watching = 1;
}

/** Seconds until a run of CONSENT may begin; of the one that is under way. */
export function runLeft(): number {
  return Math.max(0, Math.ceil(runUntil - now()));
}
/**
 * A run that lasts so many seconds, or as long none (after power-up); 0: what it was for is done.
 * What blinked is forgotten, and what was armed: ACCEPT makes of a drop's RESET another act.
 */
export function runFor(seconds: number): void {
  disarm();
  runUntil = now() + seconds;
  pattern = "";
}
/** Blinks the pattern of HASH until the run is over. */
export function show(): void {
  let rest = big(At.HASH) & 0x7fffffff;
  let digits = Consent.DIGITS as number;
  pattern = "0000";
  while (digits--) {
    pattern += ["1000", "202000", "40404000"][rest % Consent.VALUES];
    rest = (rest / Consent.VALUES) | 0;
  }
  shownSince = now();
  startWatch();
}

/** Seconds until the next drop is taken on a board without a button. */
export function dropWaiting(): number {
  return hasButton() ? 0 : Math.max(0, Math.ceil(dropNotBefore - now()));
}
/** Starts the waiting time for the drops counted so far: at boot and after each. */
export function startDropDelay(): void {
  dropNotBefore = now() - Early.S + delay(bytes[At.REC + Rec.DROPS], Tries.DROPS_FREE);
}

/**
 * Refuses `command` until the button was held for it for `seconds`; without a button, before its
 * time. Then a drop is counted, for the commit that follows: each erases flash, and a stranger in
 * radio range must not be able to make many of them.
 */
export function actRefusal(command: Cmd, seconds: number): Refusal {
  const time = now();
  if (!hasButton()) {
    const wait = dropWaiting();
    if (wait) return waitAnswer(SW.WAIT, bytes[At.REC + Rec.DROPS], wait);
    if (bytes[At.REC + Rec.DROPS] < 255) bytes[At.REC + Rec.DROPS]++;
    startDropDelay();
    return 0;
  }
  if (armed !== command) {
    armed = command;
    hold = seconds;
    until = released = command === Cmd.SEAL ? runUntil : time + Press.WITHIN_S;
    meantIt = 0;
    looks = 0;
    startWatch();
  }
  if (meantIt) return 0;
  bytes[At.OUT + Gesture.HOLD] = Math.min(hold, Math.ceil(hold - time + released));
  // Sums of seconds are a hair off: a whole number must not become the next.
  bytes[At.OUT + Gesture.LEFT] = Math.ceil(until - time - 0.01);
  return ((Gesture.SIZE << 16) | SW.PRESENCE) as Answer;
}
