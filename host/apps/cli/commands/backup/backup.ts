/**
 * `kincard backup`: the whole ceremony. With several --card all cards are connected; with one, the
 * cards are held to it in turn, or the command is run again for each (--run FILE).
 */

import type { Command } from "commander";
import { formatLabel } from "../../../../sdk/card/label.js";
import { toHex } from "../../../../sdk/crypto/bytes.js";
import type { Transport } from "../../../../sdk/links/link.js";
import { backup } from "../../../../sdk/relay/ceremony.js";
import type { BackupResult } from "../../../../sdk/relay/ceremony.js";
import { ConnectedCards } from "../../../../sdk/relay/connected.js";
import type { Present } from "../../../../sdk/relay/events.js";
import { runFile } from "../../../../sdk/relay/run/file.js";
import { ledgerJson } from "./ledger.js";
import { readWallet } from "./wallet-file.js";
import { tellCeremony } from "../../cards/ceremony.js";
import type { CliContext } from "../../context.js";
import { EXIT, usageError } from "../../failure.js";
import { assertCanWrite } from "../../files.js";
import { expectedCards, guardFor } from "../../cards/known.js";
import { findCards, askExisting } from "../../cards/meet.js";
import type { FoundCard } from "../../cards/meet.js";
import { readWhole, withCards, withCode, withJson, withTrust } from "../../options.js";
import type { CardOptions, CodeOptions } from "../../options.js";
import { noted } from "../../../../sdk/recording/index.js";
import { act } from "../../run.js";
import { presentInTurn } from "../../cards/taps.js";
import { trustedMaker } from "../../cards/trust.js";

interface Options extends CardOptions, CodeOptions {
  readonly run?: string;
  readonly wallet?: string;
  readonly setSize?: number;
  readonly copies?: number;
  readonly yes?: boolean;
}

export function addBackup(program: Command): void {
  const text = "copy a wallet's key from its card to one or two empty cards";
  const command = program.command("backup").description(text);
  withCode(withTrust(withCards(withJson(command), true)))
    .option("--run <file>", "where to remember how far the backup is, to go on from there")
    .option("--wallet <file>", "the wallet, as `kincard activate --wallet` wrote it")
    .option("--set-size <n>", "cards in the set, the source included", readWhole(2, 3))
    .option("--copies <n>", "copies to make now (default: all that the set has)", readWhole(1, 2))
    .option("--yes", "ask nothing: a card that is neither named nor known is refused")
    .action(act(run));
}

async function run(context: CliContext, options: Options) {
  const { out, signal } = context;
  context.resume = resumeHint(options.run);
  const inTurn = options.card.length === 1;
  const { setSize, copies } = sizes(options);
  if (options.run !== undefined) await assertCanWrite("--run", options.run);
  const found = await findCards(context, inTurn ? { ...options, expect: undefined } : options);
  const links = found.map(({ uri, status: { demo } }) => ({ uri, demo }));
  const maker = await trustedMaker(options, links, out);
  const expect = await expectedCards(options);
  if (inTurn && options.expect && options.expect.length !== copies + 1) {
    throw usageError(
      `--expect is needed ${copies + 1} times here: for the source, then for its copies`,
    );
  }
  const source = options.wallet === undefined ? undefined : await readWallet(options.wallet);
  const guard = await guardFor(context, options, source ? [source.id] : []);
  const connected = new ConnectedCards(found.map((card) => place(context, card)));
  const order = inTurn ? undefined : await connected.arrange();
  const label = (index: number) => expect?.[index];
  const present: Present = order
    ? connected.present
    : presentInTurn(context, options.card[0] as string, found[0]?.session.transport);
  const teller = tellCeremony(out);
  const result = await backup({
    ...{ maker, setSize, copies, present, signal, source },
    code: await askExisting(context, options),
    store: options.run === undefined ? undefined : runFile(options.run),
    expectSource: label(order?.source ?? 0),
    expectCopies: order?.copies.map(label) ?? expect?.slice(1),
    guard,
    onEvent: noted(context.recording, teller.onEvent),
  }).finally(teller.end);
  return outcome(result);
}

/** The link that is open already; when that is lost, a new one. */
function place(context: CliContext, { uri, session }: FoundCard) {
  let first: Transport | undefined = session.transport;
  const open = async () => {
    const transport = first ?? (await context.open(uri));
    first = undefined;
    return transport;
  };
  return { name: uri, open };
}

function sizes({ card, setSize, copies }: Options): { setSize: number; copies: number } {
  const connected = card.length - 1;
  if (connected > 2) throw usageError("a set has at most three cards: give --card 2 or 3 times");
  if (connected === 0 && setSize === undefined) {
    throw usageError("with one --card the cards come in turn: say how many with --set-size 2 or 3");
  }
  const size = setSize ?? connected + 1;
  const wanted = copies ?? (connected || size - 1);
  if (wanted >= size || (connected && wanted !== connected)) {
    throw usageError("the number of cards does not match --set-size and --copies");
  }
  return { setSize: size, copies: wanted };
}

const resumeHint = (file: string | undefined) =>
  file === undefined
    ? "Nothing is lost: run the same command again, the cards know how far they are."
    : `Nothing is lost: run the same command again, it goes on from ${file}.`;

function outcome({ setId, publicKey, setSize, source, copies, complete }: BackupResult) {
  const json = {
    ...{ complete, setId: toHex(setId), publicKey: toHex(publicKey), setSize },
    source: source && ledgerJson(source.ledger),
    copies: copies.map(({ ledger, confirmed }) => ({ confirmed, ...ledgerJson(ledger) })),
  };
  const text = [
    `public key  ${json.publicKey}`,
    ...(source ? [`source      ${formatLabel(source.ledger.ownId)}  ${source.ledger.state}`] : []),
    ...copies.map(({ id, ledger, confirmed }) => {
      const known = confirmed ? "confirmed" : "not confirmed to the source yet";
      return `copy ${ledger.copy}      ${formatLabel(id)}  ${ledger.state}, ${known}`;
    }),
    complete
      ? "Every card has accepted your code and shows this wallet: the backup is done."
      : "The copies are good. Their receipts must still reach the source (`kincard confirm`).",
  ];
  return { json, text, exit: complete ? EXIT.OK : EXIT.RESUMABLE };
}
