/**
 * A run: how far one ceremony has come. Public bytes only (ids, messages), never a code or a key.
 * Browser-safe.
 *
 * A run is the relay's memory and as untrusted as the relay: everything in it is checked by the
 * cards, and what the user is told comes from the cards' own signed words (app.ts).
 */

import { Failure } from "../../failures/failure.js";
import { fromHex, toHex } from "../../crypto/bytes.js";
import { parseJson } from "../../crypto/text.js";
import { SIZES } from "../../wire/generated.js";

/** The wallet that is copied. */
export interface SourceIdentity {
  /** Card id [16]. */
  readonly id: Uint8Array;
  readonly setId: Uint8Array;
  /** Master public key. */
  readonly publicKey: Uint8Array;
}

/** One destination's messages as far as they exist. */
export interface RunCopy {
  readonly id: Uint8Array;
  offer?: Uint8Array;
  /** When the relay was given that offer: ISO 8601, UTC. */
  offered?: string;
  transfer?: Uint8Array;
  receipt?: Uint8Array;
  /**
   * It was met as a COPY, and none of its messages is carried: the source has to give one again.
   */
  holdsKey?: true;
}

export interface Run {
  /** Kmaker. */
  readonly maker: Uint8Array;
  readonly setSize: number;
  source?: SourceIdentity;
  /** By position: the first destination, the second. */
  readonly copies: (RunCopy | undefined)[];
  /** What was being done when this was written; undefined between steps. */
  doing?: string;
}

/** Where a run is kept. `save` must be whole or not at all (file.ts). */
export interface RunStore {
  load(): Promise<Run | undefined>;
  save(run: Run): Promise<void>;
  /** The ceremony is complete: nothing has to be remembered any more. */
  clear(): Promise<void>;
}

/** Keeps a run for as long as the program lives. */
export function memoryRun(): RunStore {
  let text: string | undefined;
  return {
    load: async () => (text === undefined ? undefined : parseRun(text)),
    save: async (run) => void (text = formatRun(run)),
    clear: async () => void (text = undefined),
  };
}

export function formatRun(run: Run): string {
  const hex = (bytes?: Uint8Array) => bytes && toHex(bytes);
  const { source } = run;
  const content = {
    kincard: "run",
    version: 1,
    maker: toHex(run.maker),
    setSize: run.setSize,
    source: source && {
      id: hex(source.id),
      setId: hex(source.setId),
      publicKey: hex(source.publicKey),
    },
    copies: Array.from(run.copies, (copy) =>
      copy
        ? {
            id: hex(copy.id),
            offer: hex(copy.offer),
            offered: copy.offered,
            transfer: hex(copy.transfer),
            receipt: hex(copy.receipt),
            holdsKey: copy.holdsKey,
          }
        : null,
    ),
    doing: run.doing,
  };
  return JSON.stringify(content, null, 2) + "\n";
}

type Fields = Record<string, unknown>;

/** Throws a Failure (run/content) for anything that is not a whole run. */
export function parseRun(text: string): Run {
  try {
    const fields = object(parseJson(text));
    const { setSize, copies, doing } = fields;
    if (fields.kincard !== "run" || fields.version !== 1) throw new TypeError("not a run");
    if (setSize !== 2 && setSize !== 3) throw new TypeError("an impossible set size");
    if (!Array.isArray(copies) || copies.length >= setSize) throw new TypeError("wrong copies");
    return {
      maker: need(fields, "maker", SIZES.POINT),
      setSize,
      ...(fields.source === undefined ? {} : { source: parseSource(object(fields.source)) }),
      copies: copies.map((copy: unknown) => (copy === null ? undefined : parseCopy(object(copy)))),
      ...(typeof doing === "string" ? { doing } : {}),
    };
  } catch (error) {
    // The parser's own sentence quotes the file, which may be another one: a file with a code, say.
    const why = error instanceof SyntaxError ? "it is not JSON" : (error as Error).message;
    throw new Failure("run/content", { detail: why });
  }
}

function parseSource(fields: Fields): SourceIdentity {
  return {
    id: need(fields, "id", SIZES.ID),
    setId: need(fields, "setId", SIZES.SET_ID),
    publicKey: need(fields, "publicKey", SIZES.POINT),
  };
}

function parseCopy(fields: Fields): RunCopy {
  const copy: RunCopy = { id: need(fields, "id", SIZES.ID) };
  if (fields.offer !== undefined) copy.offer = need(fields, "offer", SIZES.OFFER);
  if (fields.offered !== undefined) copy.offered = time(fields, "offered");
  if (fields.transfer !== undefined) copy.transfer = need(fields, "transfer", SIZES.TRANSFER);
  if (fields.receipt !== undefined) copy.receipt = need(fields, "receipt", SIZES.RECEIPT);
  if (fields.holdsKey === true) copy.holdsKey = true;
  return copy;
}

function object(value: unknown): Fields {
  if (typeof value !== "object" || value === null) throw new TypeError("a part is missing");
  return value as Fields;
}

function need(fields: Fields, name: string, size: number): Uint8Array {
  const value = fields[name];
  if (typeof value !== "string") throw new TypeError(`${name} is missing`);
  return fromHex(value, name, size);
}

function time(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value === "string" && !Number.isNaN(Date.parse(value))) return value;
  throw new TypeError(`${name} is no time`);
}
