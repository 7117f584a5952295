/**
 * What a number means on the card. Types alone: nothing of them is left in the bundle.
 *
 * There are two ways to say how something went, and each function's type says which is its own:
 * a Flag is true when it is 1; a Refusal is 0 unless something was refused.
 */
import type { Ok } from "./wire/layout.js";
import type { SW } from "./wire/generated.js";

/** Yes (1) or no (0): what was asked holds, what was tried is done. */
export type Flag = 0 | 1;

/** A place in the arena, in bytes from its begin. Plain sums pass for it, an Address does not. */
export type Offset = number & { readonly "is a"?: "place in the arena" };
/** A place in the processor's memory or in flash, as the board counts. */
export type Address = number & { readonly "is a"?: "address" };

/** The numbers of an enum and no others: any number passes for an enum. */
type Value<E extends number> = E extends E
  ? `${E}` extends `${infer N extends number}`
    ? N
    : never
  : never;
export type StatusWord = Value<SW>;
/** How a command ends: bytes of the answer in OUT << 16, and the status word. */
export type Answer = StatusWord | Value<Ok> | (number & { readonly "is a": "answer" });
/** 0: go on. Else the answer of a command that is refused. */
export type Refusal = 0 | Answer;
