/**
 * What `kincard serve` answers: Ethereum's methods, Bitcoin's commands, and its own description.
 * Everything that signs is shown and agreed to first.
 */

import { BITCOIN } from "./bitcoin.js";
import { type Entry, Given, type MethodOptions } from "./entry.js";
import { ETHEREUM } from "./ethereum.js";
import { openRpc } from "./openrpc.js";
import type { Method, Methods } from "./rpc.js";

/** By OpenRPC's own name for it. */
const discover = (version: string): Entry => ({
  name: "rpc.discover",
  says: "this document",
  params: [],
  gives: { name: "document", schema: { type: "object", required: ["openrpc", "methods"] } },
  run: () => Promise.resolve(describe(version)),
});
const tableOf = (version: string) => [...ETHEREUM, ...BITCOIN, discover(version)];

/** The OpenRPC document of a version of the program. */
export const describe = (version: string): object => openRpc(tableOf(version), version);

export function methodsFor(options: MethodOptions, version: string): Methods {
  const methodOf = ({ name, params, run }: Entry): [string, Method] => [
    name,
    async (given) => run(new Given(params, given), options),
  ];
  return new Map(tableOf(version).map(methodOf));
}
