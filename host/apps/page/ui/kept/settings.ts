/**
 * What the page knows before it meets a card: kincard.json beside it (whose cards are genuine, and
 * the virtual boards of `kincard web`), and the maker's key if the user gave another one. All of it
 * is public.
 */

import { Failure } from "../../../../sdk/failures/failure.js";
import { fromHex, toHex } from "../../../../sdk/crypto/bytes.js";
import { isPoint } from "../../../../sdk/crypto/curve.js";
import { SCRYPT, SIZES } from "../../../../sdk/wire/generated.js";
import { CONFIG_FILE } from "../../config.js";
import type { BoardConfig, PageConfig } from "../../config.js";

const MAKER_KEY = "maker's key";
const MAKER_ITEM = "kincard.maker";
const COST_ITEM = "kincard.cost";

/** The file's content, and what of it can't be used, as the end of a sentence about it. */
export interface LoadedConfig extends PageConfig {
  readonly fault?: string;
}

/** A missing file is a page without virtual boards; a broken one too, and it is said. */
export async function loadConfig(): Promise<LoadedConfig> {
  let text: string;
  try {
    const answer = await fetch(CONFIG_FILE, { cache: "no-store" });
    if (!answer.ok) return {};
    text = await answer.text();
  } catch {
    return {};
  }
  return readConfig(text);
}

export function readConfig(text: string): LoadedConfig {
  let config: unknown;
  try {
    config = JSON.parse(text);
  } catch {
    return { fault: "is no JSON" };
  }
  if (typeof config !== "object" || config === null || Array.isArray(config))
    return { fault: "holds no settings" };
  const { boards, ...rest } = config as PageConfig;
  if (boards === undefined) return rest;
  if (Array.isArray(boards) && boards.every(isBoard)) return config;
  return { ...rest, fault: 'has "boards" that are no list of name, url and label' };
}

function isBoard(value: unknown): value is BoardConfig {
  const { name, url, label } = (value ?? {}) as Partial<Record<keyof BoardConfig, unknown>>;
  return [name, url, label].every((text) => typeof text === "string");
}

/** Throws a Failure (input/...). */
export function readMaker(text: string): Uint8Array {
  const hex = text.trim();
  const length = 2 * SIZES.POINT;
  if (hex.length !== length) {
    throw new Failure("input/hex-length", { characters: hex.length, needed: length });
  }
  const key = fromHex(hex, MAKER_KEY, SIZES.POINT);
  if (!isPoint(key)) throw new Failure("input/point", { what: MAKER_KEY });
  return key;
}

export const savedMaker = () => localStorage.getItem(MAKER_ITEM) ?? undefined;

export function saveMaker(text: string | undefined): void {
  if (text === undefined) localStorage.removeItem(MAKER_ITEM);
  else localStorage.setItem(MAKER_ITEM, text.trim().toLowerCase());
}

/** The least cost of an access code that the user accepts; undefined: the usual one. */
export function savedCost(): number | undefined {
  const cost = Number(localStorage.getItem(COST_ITEM) ?? SCRYPT.DEFAULT);
  return Number.isInteger(cost) && cost >= SCRYPT.LEAST && cost < SCRYPT.DEFAULT ? cost : undefined;
}
/** Throws a Failure (code/cost) for what is none below the usual, which "" is. */
export function saveCost(text: string): void {
  const cost = text.trim() === "" ? SCRYPT.DEFAULT : Number(text);
  if (!Number.isInteger(cost) || cost < SCRYPT.LEAST || cost > SCRYPT.DEFAULT)
    throw new Failure("code/cost", { cost, least: SCRYPT.LEAST, most: SCRYPT.DEFAULT });
  if (cost === SCRYPT.DEFAULT) localStorage.removeItem(COST_ITEM);
  else localStorage.setItem(COST_ITEM, String(cost));
}

/** Whose cards are genuine: the user's word before the host's. What is no key is left out. */
export function trustedMakers({ maker, makers }: PageConfig): Uint8Array[] {
  const own = savedMaker();
  const listed: unknown[] = Array.isArray(makers) ? makers : [];
  const found = new Map<string, Uint8Array>();
  for (const text of own === undefined ? [maker, ...listed] : [own]) {
    if (typeof text !== "string") continue;
    try {
      const key = readMaker(text);
      found.set(toHex(key), key);
    } catch {
      // One bad line must not hide the others.
    }
  }
  return [...found.values()];
}
