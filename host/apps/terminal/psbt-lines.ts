/** What a PSBT would do, in lines for people: name and value. */

import { formatPath } from "../../sdk/crypto/bip32.js";
import type { PsbtSummary } from "../../sdk/signers/psbt.js";
import type { NetworkName } from "../../sdk/wallet/kinds.js";

type Line = readonly [name: string, value: string];
const SATOSHIS = 100_000_000n;
/** BIP 65's threshold: block heights below, seconds above. */
const FIRST_TIME = 500_000_000;

/** "0.00051000 BTC" */
export function coins(amount: bigint, network: NetworkName): string {
  const part = String(amount % SATOSHIS).padStart(8, "0");
  return `${amount / SATOSHIS}.${part} ${network === "bitcoin" ? "BTC" : "tBTC"}`;
}

export function psbtLines(summary: PsbtSummary): Line[] {
  const { network, inputs, outputs, fee, spent, lockTime } = summary;
  const others = inputs.filter(({ own }) => !own).length;
  const ours = inputs.filter(({ own }) => own);
  return [
    ...ours.map(({ amount, address }): Line => ["from", `${coins(amount, network)}  ${address}`]),
    ...(others ? [["from", `${others} inputs of others`] as const] : []),
    ...outputs.map(({ amount, to, change }): Line => {
      const back = change ? `  comes back to ${formatPath(change)}` : "";
      return [change ? "change" : "to", `${coins(amount, network)}  ${to}${back}`];
    }),
    ["fee", coins(fee, network)],
    ["you spend", coins(spent, network)],
    ...(lockTime ? [["not before", lockTimeText(lockTime)] as const] : []),
    ...(summary.unproven ? [["amounts", "partly the file's word alone"] as const] : []),
  ];
}

/** A block's height, or a moment. */
export const lockTimeText = (lockTime: number) =>
  lockTime < FIRST_TIME ? `block ${lockTime}` : new Date(1000 * lockTime).toISOString();
