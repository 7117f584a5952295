/**
 * Breadth first over every state that a card can reach, with every action in each: the word it says
 * and the state that follows are what docs/protocol.md says (rules.ts), and what it writes is
 * nothing where it refuses. Each commit is cut as well: what is left is the state before or after.
 */
import { STATUS_WORDS } from "../../host/sdk/wire/generated.js";
import { ALL, isIn, type Part } from "../support/parts.js";
import { statusWord } from "../support/words.js";
import { ACTIONS, CONSENT_ACTIONS, consentWants } from "./actions.js";
import { Driver, type Stand } from "./driver.js";
import { expected, worth, type Action } from "./rules.js";
import { BLANK, booted, closed, keyOf, recordKey, type State } from "./state.js";

export interface Explored {
  readonly states: number;
  readonly records: number;
  /** States in which every action was tried: all of them, or those of a part. */
  readonly looked: number;
  readonly transitions: number;
  readonly cuts: number;
  readonly words: readonly string[];
  /** Nothing is left to look at. */
  readonly whole: boolean;
  readonly faults: readonly string[];
}
export interface ExploreOptions {
  readonly bundle?: string;
  /** The card has on-card consent, or hasn't; undefined: it hasn't, and no run is explored. */
  readonly asks?: boolean;
  /** Says when to stop. */
  readonly over?: () => boolean;
  /** Which of the actions are tried in a state (default: all). */
  readonly wanted?: (action: Action, s: State) => boolean;
  /**
   * Of the states: in the others only what leads to states that were not known is done.
   */
  readonly part?: Part;
  /** The same, of those that are looked for (default: any). */
  readonly looksAt?: (s: State) => boolean;
  readonly cuts?: boolean;
  readonly faultsMost?: number;
  readonly progress?: (
    done: Pick<Explored, "states" | "looked" | "transitions">,
    left: number,
  ) => void;
}

interface Node {
  readonly s: State;
  readonly stand: Stand;
  readonly path: readonly string[];
}
const standAt = (driver: Driver, s: State): Stand => ({ frozen: driver.freeze(), s, then: [] });
/** A run, or what is left of one, can't be brought back by flash and channel alone. */
const isInMemory = ({ run }: State): boolean =>
  run !== undefined && (run.stage > 0 || run.lit || (run.lasts && !run.boot));

export function explore(seed: string, options: ExploreOptions = {}): Explored {
  const { over = () => false, wanted = () => true, cuts = false, faultsMost = 1 } = options;
  const { part = ALL, looksAt = () => true } = options;
  const { bundle, asks } = options;
  const driver = new Driver(seed, {
    ...(bundle && { bundle }),
    ...(asks !== undefined && { asks }),
  });
  const blank = asks === undefined ? BLANK : { ...BLANK, run: booted(asks) };
  const actions = asks === undefined ? ACTIONS : CONSENT_ACTIONS;
  const first: Node = { s: blank, stand: standAt(driver, blank), path: [] };
  const queue = [first];
  const seen = new Set([keyOf(blank)]);
  const records = new Set([recordKey(blank)]);
  const cutAt = new Set<string>();
  const words = new Set<string>();
  const faults: string[] = [];
  let [transitions, cutCount, reached, looked] = [0, 0, 0, 0];
  const result = (whole: boolean): Explored => ({
    ...{ states: seen.size, records: records.size, looked, transitions, cuts: cutCount },
    ...{ words: [...words].sort(), whole, faults },
  });
  for (let node = queue.shift(); node; node = queue.shift()) {
    const { s, stand, path } = node;
    options.progress?.({ states: seen.size, looked, transitions }, queue.length);
    const whole = isIn(part, reached++) && looksAt(s);
    const todo = actions.filter((action) => {
      if (!wanted(action, s) || (s.run && !consentWants(action, s))) return false;
      return whole || !seen.has(keyOf(expected(s, action).next));
    });
    if (!todo.length) continue;
    driver.thaw(stand, s);
    for (const action of todo) {
      if (over()) return result(false);
      const want = expected(s, action);
      if (!whole && seen.has(keyOf(want.next))) continue;
      transitions++;
      const fault = step(driver, s, want.next, action, STATUS_WORDS[want.word].value);
      words.add(fault.word);
      if (fault.text) {
        faults.push(`${[...path, action.name].join(" > ")} in ${keyOf(s)}: ${fault.text}`);
        if (faults.length >= faultsMost) return result(false);
      }
      const changed = recordKey(want.next) !== recordKey(s);
      if (!fault.text && !seen.has(keyOf(want.next))) {
        seen.add(keyOf(want.next));
        records.add(recordKey(want.next));
        const next = isInMemory(want.next)
          ? { ...stand, then: [...stand.then, action] }
          : standAt(driver, want.next);
        queue.push({ s: want.next, stand: next, path: [...path, action.name] });
      }
      if (changed && cuts && !cutAt.has(`${recordKey(s)} ${action.name}`)) {
        cutAt.add(`${recordKey(s)} ${action.name}`);
        cutCount += cutEverywhere(driver, s, want.next, action, stand, faults);
      }
      // Time has passed, which a run has not for ever.
      const timed = isInMemory(s) || s.run?.lasts;
      if (changed || fault.text || timed) driver.thaw(stand, s);
      else if (keyOf(want.next) !== keyOf(s) || fault.probed) driver.channel(s);
    }
    if (whole) looked++;
  }
  return result(true);
}

/** One action; what differs from what was expected. */
function step(
  driver: Driver,
  s: State,
  next: State,
  action: Action,
  word: number,
): { word: string; text?: string; probed: boolean } {
  const { flash } = driver.card.board;
  const written = flash.operations;
  const said = driver.perform(action);
  const name = statusWord(said);
  const fail = (text: string) => ({ word: name, text, probed: false });
  if (said !== word) return fail(`says ${name}, not ${statusWord(word)}`);
  const counts = ["CODE", "CUT"].includes(action.command) || name === "OK";
  if (!counts && flash.operations !== written) return fail(`says ${name}, and wrote flash`);
  if (driver.runs?.complaint) return fail(driver.runs.complaint);
  const now = driver.look(next);
  if (keyOf(now) !== keyOf(next)) return fail(`leads to ${keyOf(now)}, not ${keyOf(next)}`);
  // An act that is armed has its own light. The probe below ends the channel, and what is armed.
  const light = name === "PRESENCE" ? undefined : driver.runs?.light(next.run?.lit ?? false);
  if (light) return fail(light);
  // What the channel is worth shows by a probe, where it may have changed.
  const probed = keyOf(next) !== keyOf(s);
  if (probed) {
    const level = statusWord(driver.probe());
    if (level !== worth(next))
      return fail(`leaves a channel that says ${level}, not ${worth(next)}`);
  }
  return { word: name, probed };
}

/** The same action, cut before each flash operation and after its last. */
function cutEverywhere(
  driver: Driver,
  s: State,
  next: State,
  action: Action,
  stand: Stand,
  faults: string[],
): number {
  const ends = [recordKey(closed(s)), recordKey(closed(next))];
  for (let n = 1; ; n++) {
    driver.thaw(stand, s);
    const { card } = driver;
    const cut = card.cutDuring(n, "before", {}, () => void driver.perform(action));
    card.board.flash.cancelCut();
    if (!cut) return n - 1;
    card.boot();
    const left = recordKey(driver.look(closed(s)));
    if (!ends.includes(left))
      faults.push(`${action.name} in ${keyOf(s)}, cut before operation ${n}: ${left}`);
  }
}
