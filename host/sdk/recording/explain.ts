/**
 * Takes a link's APDUs in their order, and says what each byte is: also where a command's data came
 * in several parts, and its answer in several pages (docs/protocol.md 3). Browser-safe.
 */

import { CLA, COMMANDS, INS_GET_RESPONSE, INS_SELECT } from "../wire/generated.js";
import type { CommandName } from "../wire/generated.js";
import { framePart, plainParts, publicPart, sealedParts } from "./parts.js";
import type { Part } from "./parts.js";

export type ApduName = CommandName | "SELECT" | "GET RESPONSE" | "unknown";
export interface Explained {
  readonly name: ApduName;
  /** GET RESPONSE: the command whose answer it fetches; else the same. */
  readonly shown: ApduName;
  /** Through the authenticated channel. */
  readonly sealed: boolean;
  readonly command: readonly Part[];
  readonly answer: readonly Part[];
  /** Of the whole command: false for the parts of a chain before the last. */
  readonly complete: boolean;
}

/** Where data lies in a command APDU (ISO 7816-4 5.1, short or extended). */
interface Cut {
  readonly lc: number;
  readonly data: number;
  readonly le: number;
}

export function cutCommand(apdu: Uint8Array): Cut {
  const rest = apdu.length - 4;
  if (rest <= 0) return { lc: 0, data: 0, le: 0 };
  if (rest === 1) return { lc: 0, data: 0, le: 1 };
  const extended = apdu[4] === 0 && rest >= 3;
  const lc = extended ? 3 : 1;
  const said = extended ? (apdu[5] as number) * 256 + (apdu[6] as number) : (apdu[4] as number);
  const data = Math.min(said, rest - lc);
  return { lc, data, le: rest - lc - data };
}

/** The data of a command APDU. */
export function dataOf(apdu: Uint8Array): Uint8Array {
  const { lc, data } = cutCommand(apdu);
  return apdu.slice(4 + lc, 4 + lc + data);
}

interface Sent {
  readonly name: ApduName;
  readonly sealed: boolean;
}

export class Explainer {
  /** Bytes of the chain that is being collected. */
  #collected = 0;
  /** Whose answer is being fetched, and how much of it came. */
  #last: Sent = { name: "unknown", sealed: false };
  #fetched = 0;

  /** `answer`: without it, what was sent and never answered. */
  explain(apdu: Uint8Array, answer?: Uint8Array): Explained {
    const cla = apdu[0] as number;
    const name = nameOf(apdu);
    const chained = name !== "GET RESPONSE" && (cla & CLA.CHAIN) !== 0;
    const sealed = (cla & ~CLA.CHAIN) === CLA.CHANNEL;
    const { lc, data, le } = cutCommand(apdu);
    const command = [
      framePart("CLA INS P1 P2", Math.min(4, apdu.length)),
      ...(lc ? [framePart("Lc", lc)] : []),
      ...this.#data({ name, sealed }, data, !chained),
      ...(le ? [framePart("Le", le)] : []),
    ];
    this.#collected = chained ? this.#collected + data : 0;
    if (name !== "GET RESPONSE") {
      this.#last = { name, sealed };
      this.#fetched = 0;
    }
    const shown = name === "GET RESPONSE" ? this.#last : { name, sealed };
    const said = answer ? this.#answer(shown, answer) : [];
    return {
      name,
      shown: shown.name,
      sealed: shown.sealed,
      command,
      answer: said,
      complete: !chained,
    };
  }

  #data({ name, sealed }: Sent, size: number, last: boolean): readonly Part[] {
    if (size === 0) return [];
    if (sealed) return sealedParts("command", size, last);
    if (!isCommand(name)) return [publicPart(name === "SELECT" ? "AID" : "data", size)];
    return plainParts(name, "command", size, this.#collected);
  }

  #answer({ name, sealed }: Sent, answer: Uint8Array): readonly Part[] {
    const size = Math.max(0, answer.length - 2);
    const sw1 = answer.at(-2);
    const taken = sw1 === 0x90 || sw1 === 0x61;
    const from = this.#fetched;
    this.#fetched += size;
    const data =
      size === 0
        ? []
        : sealed && taken
          ? sealedParts("answer", size, sw1 === 0x90)
          : isCommand(name) && taken
            ? plainParts(name, "answer", size, from)
            : [publicPart(name === "SELECT" ? "version, suite, firmware" : "counts", size)];
    return [...data, framePart("SW", answer.length - size)];
  }
}

const isCommand = (name: ApduName): name is CommandName =>
  COMMANDS.some((entry) => entry.name === name);

function nameOf(apdu: Uint8Array): ApduName {
  const ins = apdu[1];
  if (apdu[0] === CLA.ISO) {
    return ins === INS_SELECT ? "SELECT" : ins === INS_GET_RESPONSE ? "GET RESPONSE" : "unknown";
  }
  return COMMANDS.find((entry) => entry.ins === ins)?.name ?? "unknown";
}
