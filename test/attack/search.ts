/**
 * Every order of moves up to a depth, states merged by what can still matter (keyOf); and random
 * runs that fast-check makes and shrinks.
 */
import fc from "fast-check";
import { forgedMoves, keyOf, relayMoves, userMoves, type Move } from "./moves.js";
import { Broken, play } from "./rules.js";
import { World, type Frozen } from "./world.js";

export interface Found {
  readonly rule: string;
  readonly moves: readonly string[];
}
export interface Searched {
  readonly states: number;
  readonly moves: number;
  /** Levels that were searched whole. */
  readonly depth: number;
  readonly found: Found | undefined;
  /** Status words, how often. */
  readonly words: Readonly<Record<string, number>>;
}
interface Node {
  readonly frozen: Frozen;
  readonly path: readonly string[];
}

/** As deep as `most` levels, or until `out` says so; what a level had left to do is not counted. */
export function search(
  w: World,
  most: number,
  out: () => boolean = () => false,
  dice: () => number = () => 0,
): Searched {
  const seen = new Set([keyOf(w)]);
  const words: Record<string, number> = {};
  let level: Node[] = [{ frozen: w.freeze(), path: [] }];
  let moves = 0;
  for (let depth = 0; depth < most; depth++) {
    const next: Node[] = [];
    for (const { frozen, path } of level) {
      w.thaw(frozen);
      let fresh = true;
      const key = keyOf(w);
      const names = movesFor(w, dice()).map(({ name }) => name);
      for (let i = 0; i < names.length; i++) {
        if (out()) return { states: seen.size, moves, depth, found: undefined, words };
        if (!fresh || keyOf(w) !== key) w.thaw(frozen);
        fresh = true;
        const move = movesFor(w, 0).find(({ name }) => name === names[i]) ?? undefined;
        if (!move) continue;
        moves++;
        try {
          const word = play(w, move);
          if (word) words[word] = (words[word] ?? 0) + 1;
        } catch (error) {
          if (!(error instanceof Broken)) throw error;
          const found = { rule: error.message, moves: [...path, move.name] };
          return { states: seen.size, moves, depth, found, words };
        }
        const after = keyOf(w);
        fresh = after === key;
        if (seen.has(after)) continue;
        seen.add(after);
        next.push({ frozen: w.freeze(), path: [...path, move.name] });
      }
    }
    level = next;
    if (!level.length)
      return { states: seen.size, moves, depth: depth + 1, found: undefined, words };
  }
  return { states: seen.size, moves, depth: most, found: undefined, words };
}
const movesFor = (w: World, dice: number): Move[] => [
  ...userMoves(w),
  ...relayMoves(w),
  ...forgedMoves(w, dice),
];

/** One run: each number chooses the next move among those that there are, the `likely` first. */
function run(
  w: World,
  start: Frozen,
  choices: readonly number[],
  log: string[],
  likely?: RegExp,
): void {
  w.thaw(start);
  for (const choice of choices) {
    const user = userMoves(w);
    const attacker = [...relayMoves(w), ...forgedMoves(w, choice >>> 8)];
    const all = choice & 1 && attacker.length ? attacker : [...user, ...attacker];
    if (!all.length) return;
    // Three times in four one of those that are looked for, if there is one.
    const liked = choice & 6 && likely ? all.filter(({ name }) => likely.test(name)) : [];
    const moves = liked.length ? liked : all;
    const move = moves[(choice >>> 3) % moves.length]!;
    log.push(move.name);
    play(w, move);
  }
}

export interface Tried {
  readonly runs: number;
  readonly moves: number;
  readonly found: Found | undefined;
}
/**
 * Random runs of up to `length` moves; a broken rule comes with the shortest run found, or with
 * `endOnFailure` the first one.
 */
export function tryRandomly(
  w: World,
  seed: number,
  options: {
    runs: number;
    length: number;
    milliseconds?: number;
    endOnFailure?: boolean;
    /** Names of moves that most are taken from. */
    likely?: RegExp;
  },
): Tried {
  const start = w.freeze();
  let moves = 0;
  let runs = 0;
  const choices = fc.array(fc.nat({ max: 0x7fffffff }), {
    ...{ minLength: Math.min(8, options.length), maxLength: options.length, size: "max" as const },
  });
  const property = fc.property(choices, (list) => {
    const log: string[] = [];
    runs++;
    try {
      run(w, start, list, log, options.likely);
    } finally {
      moves += log.length;
    }
  });
  const limit = options.milliseconds ? { interruptAfterTimeLimit: options.milliseconds } : {};
  const result = fc.check(property, {
    seed,
    numRuns: options.runs,
    endOnFailure: !!options.endOnFailure,
    ...limit,
  });
  if (!result.failed || !result.counterexample) return { runs, moves, found: undefined };
  const error = result.errorInstance as Error;
  if (!(error instanceof Broken)) throw error;
  const log: string[] = [];
  try {
    run(w, start, result.counterexample[0], log, options.likely);
  } catch {
    // The rule that broke, again.
  }
  return { runs, moves, found: { rule: error.message, moves: log } };
}
