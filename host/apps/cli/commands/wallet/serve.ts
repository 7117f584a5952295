/**
 * `kincard serve`: one card behind a JSON-RPC on this machine, for wallets that speak to a socket.
 * What is to be signed is shown here, and somebody says yes, or --yes was given.
 */

import { Option } from "commander";
import type { Command } from "commander";
import { formatLabel } from "../../../../sdk/card/label.js";
import { toHex } from "../../../../sdk/crypto/bytes.js";
import { randomBytes } from "../../../../sdk/crypto/random.js";
import { NETWORKS } from "../../../../sdk/wallet/kinds.js";
import type { NetworkName } from "../../../../sdk/wallet/kinds.js";
import type { MethodOptions } from "../../../serve/entry.js";
import { describe, methodsFor } from "../../../serve/methods.js";
import { DOCUMENT_PATH } from "../../../serve/openrpc.js";
import { RPC, RpcError, serveRpc } from "../../../serve/rpc.js";
import type { CliContext } from "../../context.js";
import { CliError, usageError } from "../../failure.js";
import { readPort, readWhole } from "../../options.js";
import { act } from "../../run.js";
import { approve, openSigning, summaryLines, withSigning } from "../../cards/signing.js";
import type { SigningOptions } from "../../cards/signing.js";
import { untilStopped } from "../../stopped.js";
import { version } from "../../version.js";

interface Options extends Omit<SigningOptions, "card"> {
  readonly card?: SigningOptions["card"];
  readonly describe?: boolean;
  readonly port: number;
  readonly chain: number;
  readonly network: NetworkName;
}

export function addServe(program: Command): void {
  const text = "serve the card to wallets on this machine (JSON-RPC, with a token)";
  const network = new Option("--network <name>", "of Bitcoin").choices(Object.keys(NETWORKS));
  withSigning(program.command("serve").description(text), false)
    .option("--describe", "print what it answers (OpenRPC), and end: no card is needed")
    .option("--port <n>", "the port (0: any free one)", readPort, 0)
    .option("--chain <id>", "Ethereum's chain", readWhole(1, 2 ** 31), 1)
    .addOption(network.default("bitcoin"))
    .action(act(serve));
}

async function serve(context: CliContext, given: Options) {
  const { out } = context;
  const document = describe(version);
  if (given.describe) {
    return { json: document, text: JSON.stringify(document, null, 2).split("\n") };
  }
  if (!given.card) throw usageError("which card? --card is missing (--describe alone needs none)");
  const options = { ...given, card: given.card };
  const { card, source } = await openSigning(context, options);
  const token = toHex(randomBytes(32));
  const answering: MethodOptions = {
    ...{ source, chainId: options.chain, network: options.network },
    label: formatLabel(card.certificate.id),
    show: (what, lines) => {
      out.say(what);
      for (const line of summaryLines(lines)) out.say(line);
    },
    approve: async (what, lines) => {
      try {
        await approve(context, what, lines, options);
      } catch (error) {
        if (!(error instanceof CliError)) throw error;
        throw new RpcError(RPC.REJECTED, "the user did not agree");
      }
    },
  };
  const methods = methodsFor(answering, version);
  const description = { path: DOCUMENT_PATH, document };
  const serving = await serveRpc({ methods, token, port: options.port, description });
  const { url } = serving;
  const stopped = untilStopped();
  await out.result({
    json: { url, token, methods: [...methods.keys()] },
    text: [`url    ${url}`, `token  ${token}`],
  });
  out.say(`The ${card.name} is served until Ctrl-C.${options.yes ? " Nobody is asked." : ""}`);
  try {
    await stopped;
  } finally {
    await serving.close();
  }
  return { json: undefined, text: [] };
}
