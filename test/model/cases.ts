/**
 * Every case of `npm run prove`: a model, what is defined in it, and the result that is expected.
 * A title opens with what kind of case it is (KINDS); without such a word the case is a claim of
 * the protocol.
 */
import { MAUDE } from "./cases/maude.js";
import { PROVERIF } from "./cases/proverif.js";
import { SPIN } from "./cases/spin.js";

export type Engine = "spin" | "maude" | "proverif";
export interface Case {
  readonly engine: Engine;
  /** Name of the model's file, without folder and suffix. */
  readonly model: string;
  /** `NAME` or `NAME=value`; Maude and ProVerif models take names only. */
  readonly defines: readonly string[];
  /** Maude: the claim whose breach is searched for; without one, the breach of any. */
  readonly claim?: string;
  /** engines.ts says what an engine can answer. */
  readonly want: string;
  readonly title: string;
}
/** Model, definitions, expected result, title. */
export type Row = readonly [model: string, defines: string, want: string, title: string];

export const KINDS = ["mutant", "limit", "finding", "redundant", "sane"] as const;
export type Kind = (typeof KINDS)[number] | "claim";
export function kindOf({ title }: Pick<Case, "title">): Kind {
  return KINDS.find((kind) => title.startsWith(`${kind}: `)) ?? "claim";
}

function toCase(engine: Engine, [model, words, want, title]: Row): Case {
  const defines = words.split(" ").filter(Boolean);
  if (engine !== "maude") return { engine, model, defines, want, title };
  const [claim, ...rest] = defines;
  return { engine, model, defines: rest, want, title, claim: claim === "any" ? undefined : claim };
}

export const CASES: readonly Case[] = [
  ...SPIN.map((row) => toCase("spin", row)),
  ...MAUDE.map((row) => toCase("maude", row)),
  ...PROVERIF.map((row) => toCase("proverif", row)),
];

/** The whole of a case in words: what `npm run prove -- WORD...` looks through. */
export function describe(item: Case): string {
  const { engine, model, claim, defines, title } = item;
  return [engine, model, claim ?? "", ...defines, title].filter(Boolean).join(" ");
}

/**
 * Definitions that set a scene or ask a question. Every other one takes a rule of the protocol
 * away, and twins.ts must say which planted bug does the same to the real card.
 */
export const SCENES: readonly RegExp[] = [
  /^(NT|NL|LIVES)=\d$/,
  /^(Q_\w+|LEAN|FS|FS_CODE|FS_OFFERED|KCI|EVIL_NAMED|EVIL_CHECKED|STOLEN_MAKER|NO_EXTRACTED)$/,
  /^(LOSSY|STUCK|I9_LITERAL|SANE|SANE_AGAIN|FLASH|PASSIVE|CEREMONY|SEALED)$/,
  /^(FULL|NOT_LOOKING|EVIL_BOARD|UNSEEN)$/,
  /^(ONE_LIFE|E_NAMED|F_NAMED|F_CERTIFIED|THREE|BOTH_ROLES|WITH_OTHERS|OFFERS_[123]|SEALS_3)$/,
];
export function rulesTaken({ defines }: Pick<Case, "defines">): readonly string[] {
  return defines.filter((name) => !SCENES.some((scene) => scene.test(name)));
}
