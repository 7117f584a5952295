/** `kincard descriptor`: what Bitcoin Core, Sparrow and Electrum take to watch an account. */

import { Option } from "commander";
import type { Command } from "commander";
import { accountAddress, readAccount } from "../../../../sdk/wallet/account.js";
import { exportAccount } from "../../../../sdk/wallet/descriptor.js";
import { KINDS, NETWORKS } from "../../../../sdk/wallet/kinds.js";
import type { KindName, NetworkName } from "../../../../sdk/wallet/kinds.js";
import type { CliContext } from "../../context.js";
import { unlockCard } from "../../cards/meet.js";
import { readWhole, withCards, withCode, withJson, withTrust } from "../../options.js";
import type { CardOptions, CodeOptions } from "../../options.js";
import { act } from "../../run.js";

interface Options extends CardOptions, CodeOptions {
  readonly kind: KindName;
  readonly network: NetworkName;
  readonly account: number;
}

export function addDescriptor(program: Command): void {
  const text = "show an account's descriptors and extended key, for wallets that watch it";
  const choice = (flag: string, says: string, names: object, first: string) =>
    new Option(flag, says).choices(Object.keys(names)).default(first);
  withCode(withTrust(withCards(withJson(program.command("descriptor").description(text)))))
    .addOption(choice("--kind <kind>", "of addresses", KINDS, "wpkh"))
    .addOption(choice("--network <name>", "of Bitcoin", NETWORKS, "bitcoin"))
    .option("--account <n>", "the account's number", readWhole(0, 999), 0)
    .action(act(descriptor));
}

async function descriptor(context: CliContext, options: Options) {
  const { session, name } = await unlockCard(context, options, "PUBLIC_KEY");
  const account = await context.out.step(`The ${name} derives the account's key`, () =>
    readAccount(session, options),
  );
  const exported = exportAccount(account);
  const { address } = accountAddress(account, 0);
  const json = { ...exported, address };
  const text = Object.entries(json).map(([what, value]) => `${what.padEnd(11)}  ${value}`);
  return { json, text };
}
