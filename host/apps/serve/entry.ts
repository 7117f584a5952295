/**
 * What a line of the table of methods is: its name, its parameters, what it gives, and what it does.
 * The server dispatches by the table, reads parameters by it, and describes itself from it
 * (openrpc.ts): there is nothing to keep in step.
 */

import type { CardSource } from "../../sdk/signers/source.js";
import type { NetworkName } from "../../sdk/wallet/kinds.js";
import { RPC, RpcError } from "./rpc.js";

/** JSON Schema, draft 7, which is OpenRPC's. */
export interface Schema {
  readonly [keyword: string]: unknown;
}
export interface Param {
  readonly name: string;
  readonly says: string;
  readonly schema: Schema;
  /** May be left out. */
  readonly optional?: true;
}
export interface Entry {
  readonly name: string;
  readonly says: string;
  /** In their order: they come by position or by name. */
  readonly params: readonly Param[];
  readonly gives: { readonly name: string; readonly schema: Schema };
  /** Shown on this machine and agreed to before the card is asked. */
  readonly asks?: true;
  readonly run: (given: Given, options: MethodOptions) => Promise<unknown>;
}

export type Lines = (readonly [string, string])[];
export interface MethodOptions {
  readonly source: CardSource;
  /** Throws RpcError REJECTED for a no. */
  readonly approve: (what: string, lines: Lines) => Promise<void>;
  /** Tells whoever is at this machine: a card has no display. */
  readonly show: (what: string, lines: Lines) => void;
  readonly label: string;
  /** Of Ethereum's methods. */
  readonly chainId: number;
  readonly network: NetworkName;
}

export const wrong = (message: string): RpcError => new RpcError(RPC.PARAMS, message);

/** What a request gave for the parameters of its method. */
export class Given {
  readonly #values: ReadonlyMap<string, unknown>;

  /** Failure: RpcError PARAMS for one that is missing, or of another type than its schema's. */
  constructor(params: readonly Param[], raw: unknown) {
    const values = params.map((param, index): [string, unknown] => {
      const value = valueOf(raw, index, param.name);
      if (value !== undefined) assertType(param, index, value);
      else if (!param.optional) throw wrong(`"${param.name}" (${index}) is missing`);
      return [param.name, value];
    });
    this.#values = new Map(values);
  }
  value(name: string): unknown {
    return this.#values.get(name);
  }
  /** Of a parameter whose schema is of the type "string". */
  text(name: string): string {
    return String(this.value(name));
  }
}

function valueOf(raw: unknown, index: number, name: string): unknown {
  if (Array.isArray(raw)) return (raw as unknown[])[index] ?? undefined;
  const named = raw as Record<string, unknown> | null;
  return (named && Object.hasOwn(named, name) ? named[name] : undefined) ?? undefined;
}

/** A schema's other keywords are the method's own to look at: it says more about what is wrong. */
function assertType({ name, schema }: Param, index: number, value: unknown): void {
  const { type, minimum = -Infinity, maximum = Infinity } = schema;
  if (type === "string" && typeof value !== "string")
    throw wrong(`"${name}" (${index}) must be text`);
  if (type !== "integer") return;
  const isWhole = typeof value === "number" && Number.isInteger(value);
  if (!isWhole || value < Number(minimum) || value > Number(maximum)) {
    throw wrong(`"${name}" (${index}) must be a whole number up to ${String(maximum)}`);
  }
}
