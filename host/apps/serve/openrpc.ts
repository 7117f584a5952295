/**
 * `kincard serve` as programs read it: an OpenRPC document (spec.open-rpc.org, 1.3.2), made of the
 * table that the server dispatches by. It tells nothing of the card: it is the same for all of one
 * version.
 */

import type { Entry, Param } from "./entry.js";
import { RPC } from "./rpc.js";

/** Where the server has it, for whoever asks by GET, token or not. */
export const DOCUMENT_PATH = "/openrpc.json";

const ABOUT =
  "One card behind JSON-RPC 2.0, by POST on this machine alone, a call a request (no batches). " +
  "Every POST needs `Authorization: Bearer TOKEN`, with the token that the command printed (else " +
  "401); a request that has an Origin or names another host is refused (403). Calls are worked on " +
  "one after the other. What is to be signed is shown where the command runs, and somebody says " +
  "yes, or --yes was given. HTTP's status is 200 for an error of JSON-RPC too.";

const ERRORS: Readonly<Record<string, { readonly code: number; readonly message: string }>> = {
  params: { code: RPC.PARAMS, message: "a parameter is missing or wrong" },
  failed: { code: RPC.FAILED, message: "the card or its link failed; `data.failure` says how" },
  rejected: { code: RPC.REJECTED, message: "the user did not agree" },
};
const error = (name: string) => ({ $ref: `#/components/errors/${name}` });

const paramOf = ({ name, says, schema, optional }: Param) => ({
  ...{ name, description: says, required: !optional, schema },
});
const methodOf = ({ name, says, params, gives, asks }: Entry) => ({
  ...{ name, summary: says, paramStructure: "either", params: params.map(paramOf) },
  result: { name: gives.name, schema: gives.schema },
  errors: ["params", "failed", ...(asks ? ["rejected"] : [])].map(error),
});

/** The document for the methods of `table`. */
export function openRpc(table: readonly Entry[], version: string): object {
  return {
    openrpc: "1.3.2",
    info: { title: "kincard serve", version, description: ABOUT },
    servers: [
      {
        name: "this machine",
        url: "http://127.0.0.1:${port}/",
        variables: {
          port: {
            default: "0",
            description: "--port, or any free one: the command prints the url",
          },
        },
      },
    ],
    methods: table.map(methodOf),
    components: { errors: ERRORS },
  };
}
