/**
 * The relay as a process of its own, that kills itself (SIGKILL) before or after its n-th APDU: run
 * by kill.test.ts, never by hand. Its orders come in KINCARD_TEST_RELAY (JSON, see Orders).
 */

import { AccessCode } from "../../host/sdk/crypto/code.js";
import { fromHex } from "../../host/sdk/crypto/bytes.js";
import type { Transport } from "../../host/sdk/links/link.js";
import { openLink } from "../../host/sdk/links/registry.js";
import "../../host/sdk/links/node.js";
import { backup } from "../../host/sdk/relay/ceremony.js";
import { ConnectedCards } from "../../host/sdk/relay/connected.js";
import { runFile } from "../../host/sdk/relay/run/file.js";

export interface Orders {
  readonly uris: readonly string[];
  readonly maker: string;
  readonly code: string;
  readonly runFile: string;
  /** When to die: before the n-th APDU is sent, or after its answer came. */
  readonly kill?: { readonly when: "before" | "after"; readonly apdu: number };
}

const orders = JSON.parse(process.env.KINCARD_TEST_RELAY ?? "") as Orders;
let apdus = 0;

function dieAt(when: "before" | "after"): void {
  if (orders.kill?.when !== when || orders.kill.apdu !== apdus) return;
  process.kill(process.pid, "SIGKILL");
  // The signal is on its way: not one more instruction of the relay.
  for (;;);
}

/** The link with the trap door. */
function doomed(transport: Transport): Transport {
  return {
    name: transport.name,
    extended: transport.extended,
    close: () => transport.close(),
    onDisconnect: (listener) => transport.onDisconnect(listener),
    transmit: async (apdu, options) => {
      apdus++;
      dieAt("before");
      const answer = await transport.transmit(apdu, options);
      dieAt("after");
      return answer;
    },
  };
}

const cards = new ConnectedCards(
  orders.uris.map((uri) => ({ name: uri, open: async () => doomed(await openLink(uri)) })),
);
await cards.arrange();
const result = await backup({
  maker: fromHex(orders.maker),
  code: AccessCode.from(orders.code),
  setSize: orders.uris.length,
  present: cards.present,
  store: runFile(orders.runFile),
});
await cards.close();
console.log(JSON.stringify({ apdus, complete: result.complete }));
