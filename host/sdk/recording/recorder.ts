/**
 * Records what passes on links, while it passes: nothing but what whoever carries the bytes sees.
 * Browser-safe; where the lines go is the sink's business.
 */

import { toHex } from "../crypto/bytes.js";
import { LinkError } from "../failures/failure.js";
import { now } from "../links/clock.js";
import { withTransmit } from "../links/link.js";
import type { Transport, Unsealed, Witness } from "../links/link.js";
import type { CommandName } from "../wire/generated.js";
import { Explainer } from "./explain.js";
import { CARRIED, entryLine, headerLine } from "./format.js";
import type { Entry, Exchange, Inside } from "./format.js";
import { plainParts } from "./parts.js";

/** Takes one line, without its end. */
export type Sink = (line: string) => void;

export interface RecordingOptions {
  /**
   * Record what is inside every seal, access codes too. Only for virtual cards that the caller made:
   * of a real card nothing secret may ever be written down.
   */
  readonly inside?: boolean;
}

export class Recording {
  readonly #sink: Sink;
  readonly #inside: boolean;
  readonly #began = now();
  readonly #explainers = new Map<string, Explainer>();
  /** Of the sealed command that a link is busy with: what its exchanges are written with at its end. */
  readonly #held = new Map<string, Exchange[]>();

  constructor(sink: Sink, { inside = false }: RecordingOptions = {}) {
    this.#sink = sink;
    this.#inside = inside;
    sink(headerLine({ inside }));
  }

  /**
   * The same link; every exchange on it is recorded under `name`. `inside`: false for a real card
   * among virtual ones.
   */
  link(transport: Transport, name = transport.name, inside = true): Transport {
    const transmit: Transport["transmit"] = async (apdu, options) => {
      const at = now();
      try {
        const answer = await transport.transmit(apdu, options);
        this.#exchange(name, at, apdu, answer);
        return answer;
      } catch (error) {
        const lost = error instanceof LinkError ? error.failure : "failed";
        this.#exchange(name, at, apdu, new Uint8Array(0), lost);
        throw error;
      }
    };
    return {
      ...withTransmit(transport, transmit),
      witness: this.#witness(name, inside && this.#inside),
    };
  }

  /** What happens, for people. */
  note(text: string, link?: string): void {
    const at = this.#since(now());
    this.#write(link === undefined ? { at, note: text } : { at, note: text, link });
  }

  /** The last exchange of a sealed command takes what was inside. */
  #witness(link: string, inside: boolean): Witness {
    return (name) => {
      if (!inside && !CARRIED.has(name)) return undefined;
      const held: Exchange[] = [];
      this.#held.set(link, held);
      return (unsealed) => {
        this.#held.delete(link);
        const last = unsealed && held.pop();
        for (const earlier of held) this.#write(earlier);
        if (last) this.#write({ ...last, inside: insideOf(name, unsealed) });
      };
    };
  }

  #exchange(link: string, at: number, command: Uint8Array, answer: Uint8Array, lost?: string) {
    const known = this.#explainers.get(link);
    const explainer = known ?? new Explainer();
    if (!known) this.#explainers.set(link, explainer);
    const told = explainer.explain(command, lost === undefined ? answer : undefined);
    const exchange: Exchange = {
      ...{ at: this.#since(at), ms: round(now() - at), link, name: told.name },
      ...{ sealed: told.sealed, command: command.slice(), commandParts: told.command },
      ...{ answer: answer.slice(), answerParts: told.answer },
      ...(lost === undefined ? {} : { lost }),
    };
    const held = this.#held.get(link);
    if (held) held.push(exchange);
    else this.#write(exchange);
  }

  #since(moment: number): number {
    return round(moment - this.#began);
  }
  #write(entry: Entry): void {
    this.#sink(entryLine(entry));
  }
}

function insideOf(name: CommandName, { command, answer }: Unsealed): Inside {
  const data = answer.length - 2;
  const taken = toHex(answer.subarray(data)) === "9000";
  const frame = { name: "SW", size: 2, cover: "frame" } as const;
  const counts = { name: "counts", size: data, cover: "public" } as const;
  const parts = taken ? plainParts(name, "answer", data) : data ? [counts] : [];
  return {
    ...{ name, command: command.slice(), answer: answer.slice() },
    commandParts: plainParts(name, "command", command.length),
    answerParts: [...parts, frame],
  };
}

const round = (milliseconds: number) => Math.round(10 * milliseconds) / 10;
