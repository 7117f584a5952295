/** What the fuzzer needs of a target. */
import { Failure } from "../../../host/sdk/failures/failure.js";

export interface Target {
  readonly name: string;
  /** Longest input. */
  readonly most: number;
  /** Inputs to begin with, good and bad ones. */
  readonly seeds: () => readonly Uint8Array[] | Promise<readonly Uint8Array[]>;
  /** Bytes that the format knows. */
  readonly words?: readonly Uint8Array[];
  /** Throws when the program does not stand the input. */
  readonly run: (input: Uint8Array) => void | Promise<void>;
  /** Counters of another program beside this one: the card's. */
  readonly counters?: () => Uint8Array | undefined;
  readonly close?: () => void | Promise<void>;
}

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
/** As the program would have read a file or a code. */
export const text = (input: Uint8Array): string => new TextDecoder().decode(input);

export function must(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(what);
}
/** What `work` gives, or undefined for a refusal; any other error is a finding. */
export async function taken<T>(
  work: () => T | Promise<T>,
  isRefusal: (error: unknown) => boolean = (error) => error instanceof Failure,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (isRefusal(error)) return undefined;
    throw error;
  }
}
