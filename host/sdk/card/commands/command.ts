/**
 * What a command is: its name in the wire table, how arguments become P1 and data, how the answer
 * becomes a result. The commands are in codecs.ts. Browser-safe.
 */

import { Failure } from "../../failures/failure.js";
import { COMMANDS } from "../../wire/generated.js";
import type { CommandName } from "../../wire/generated.js";

export interface Encoded {
  readonly p1?: number;
  readonly data?: Uint8Array;
}

export interface Command<In, Out> {
  readonly name: CommandName;
  readonly ins: number;
  /** The answer may be longer than 256 bytes. */
  readonly long: boolean;
  readonly encode: (input: In) => Required<Encoded>;
  readonly decode: (answer: Uint8Array) => Out;
}

export function command<In, Out>(
  name: CommandName,
  encode: (input: In) => Encoded,
  decode: (answer: Uint8Array) => Out,
  long = false,
): Command<In, Out> {
  const entry = COMMANDS.find((candidate) => candidate.name === name);
  if (!entry) throw new RangeError(`no command ${name} in the wire table`);
  const [least, most] = entry.data;
  return {
    ...{ name, ins: entry.ins, long, decode },
    encode: (input) => {
      const { p1 = 0, data = new Uint8Array(0) } = encode(input);
      if (data.length < least || data.length > most || p1 > entry.p1) {
        throw new RangeError(`${name} does not take ${data.length} bytes with P1 ${p1}`);
      }
      return { p1, data };
    },
  };
}

/** For commands without arguments. */
export const nothing = (): Encoded => ({});

/** For answers of one fixed length. */
export function sized(name: string, size: number): (answer: Uint8Array) => Uint8Array {
  return (answer) => {
    if (answer.length === size) return answer;
    const what = `the card's answer to ${name}`;
    throw new Failure("format/size", { what, bytes: answer.length, needed: size });
  };
}

/** For commands that answer nothing but 9000. */
export function silent(name: string): (answer: Uint8Array) => void {
  const check = sized(name, 0);
  return (answer) => void check(answer);
}
