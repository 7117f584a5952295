/** `kincard offer`: a destination is told its source and shows its OFFER; one card by itself. */

import type { Command } from "commander";
import { toHex } from "../../../../sdk/crypto/bytes.js";
import { HOLD_MS } from "../../../../sdk/relay/events.js";
import { SIZES } from "../../../../sdk/wire/generated.js";
import type { CliContext } from "../../context.js";
import { usageError } from "../../failure.js";
import { meetCard } from "../../cards/meet.js";
import { readHex, withCards, withJson, withTrust } from "../../options.js";
import type { CardOptions } from "../../options.js";
import { act } from "../../run.js";
import { readWallet } from "./wallet-file.js";

interface Options extends CardOptions {
  readonly wallet?: string;
  readonly source?: Uint8Array;
  readonly setId?: Uint8Array;
}

export function addOffer(program: Command): void {
  const text = "prepare one card to take a wallet's key (`backup` does it for you)";
  const command = program.command("offer").description(text);
  withTrust(withCards(withJson(command)))
    .option("--wallet <file>", "the wallet, as `kincard activate --wallet` wrote it")
    .option("--source <id>", "or the source's id (hex)", readHex("id", SIZES.ID))
    .option("--set-id <id>", "and its set id (hex)", readHex("set id", SIZES.SET_ID))
    .action(act(offer));
}

async function offer(context: CliContext, options: Options) {
  const source = await sourceOf(options);
  const { session, certificate, name } = await meetCard(context, options);
  const bytes = await context.out.step(
    `The ${name} is told whose key it may take, and makes its offer`,
    async () => {
      await session.nameSource(source);
      return session.offer();
    },
    { holdMs: HOLD_MS["name-source"] + HOLD_MS.offer, done: `The ${name} made its offer` },
  );
  const text = [toHex(bytes), "Go on with `kincard backup`: the card keeps this offer."];
  return { json: { id: toHex(certificate.id), offer: toHex(bytes) }, text };
}

async function sourceOf({ wallet, source, setId }: Options) {
  if (wallet !== undefined) return readWallet(wallet);
  if (source && setId) return { id: source, setId };
  throw usageError("name the source: --wallet FILE, or both --source ID and --set-id ID");
}
