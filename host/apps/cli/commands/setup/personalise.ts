/** `kincard personalise`: blank cards make their own keys, the maker signs them. */

import type { Command } from "commander";
import type { Certificate, CertificateRequest } from "../../../../sdk/card/certificate.js";
import { formatLabel } from "../../../../sdk/card/label.js";
import { equal, toHex } from "../../../../sdk/crypto/bytes.js";
import { MakerStore } from "../../../../sdk/maker/store.js";
import type { CliContext } from "../../context.js";
import { usageError } from "../../failure.js";
import { assertAllowed, findCards } from "../../cards/meet.js";
import type { FoundCard } from "../../cards/meet.js";
import { readSerials, readUrl, withCards, withJson, withPassphrase } from "../../options.js";
import type { CardOptions } from "../../options.js";
import { act } from "../../run.js";
import { DEMO_MAKER, demoMaker } from "../../../../sdk/maker/demo.js";
import { DEMO_WARNING } from "../../cards/trust.js";
import { unlockMaker } from "./maker.js";

interface Options extends CardOptions {
  readonly serial?: readonly string[];
  readonly passphraseFd?: number;
  /** The NDEF URI record's payload. */
  readonly url?: Uint8Array;
  readonly consent?: boolean;
}
type Certify = (request: CertificateRequest, serial?: string) => Promise<Certificate>;

export function addPersonalise(program: Command): void {
  const command = program.command("personalise").description("make blank cards genuine");
  withPassphrase(withCards(withJson(command), true))
    .option("--maker <folder>", "the maker that signs; not needed for demo cards")
    .option(
      "--serial <text>",
      "what the maker calls the board; repeat it in the order of --card",
      readSerials,
    )
    .option("--url <url>", "the phone page's address, for the cards' NFC tags to show", readUrl)
    .option(
      "--consent",
      "each card gives its key only by its button, while both boards blink alike",
    )
    .action(act(personalise));
}

async function personalise(context: CliContext, options: Options) {
  const { serial } = options;
  if (serial && serial.length !== options.card.length) {
    throw usageError("give --serial once for each --card, in the same order");
  }
  const found = await findCards(context, options);
  for (const card of found) assertAllowed(card, "PERSONALISE");
  const bare = options.consent && found.find(({ status }) => !status.button);
  if (bare) throw usageError(`--consent: the board at ${bare.uri} has no button`);
  const certify = await signer(context, options, found);
  const made: Certificate[] = [];
  for (const [index, card] of found.entries()) {
    made.push(await makeGenuine(context, card, certify, { ...options, serial: serial?.[index] }));
  }
  const cards = made.map((certificate, index) => ({
    card: options.card[index],
    id: toHex(certificate.id),
    label: formatLabel(certificate.id),
    cardPublicKey: toHex(certificate.cardKey),
    certificate: toHex(certificate.bytes),
    ...(certificate.consent ? { consent: true } : {}),
  }));
  return { json: { cards }, text: cards.map(({ card, label }) => `label  ${label}  ${card}`) };
}

async function makeGenuine(
  { out }: CliContext,
  { uri, session }: FoundCard,
  certify: Certify,
  { serial, url }: { readonly serial?: string; readonly url?: Uint8Array },
): Promise<Certificate> {
  const request = await out.step(
    `The card at ${uri} makes its own key`,
    () => session.personalise(),
    { holdMs: 800, done: `The card at ${uri} made its own key` },
  );
  const certificate = await certify(request, serial);
  await out.step(
    `The card at ${uri} checks the maker's signature and locks itself`,
    () => session.certify(certificate.bytes, url),
    { holdMs: 600, done: `The card at ${uri} is genuine: ${formatLabel(certificate.id)}` },
  );
  return certificate;
}

async function signer(
  context: CliContext,
  options: Options,
  found: readonly FoundCard[],
): Promise<Certify> {
  const { consent = false } = options;
  if (options.maker !== undefined) {
    const store = await MakerStore.open(options.maker);
    // Before any card makes a key; whose image another card has it does not tell.
    const demo = found.find(({ status }) => status.demo);
    if (demo && !equal(store.publicKey, DEMO_MAKER)) {
      const image = `npm run image -- BOARD --maker-key ${toHex(store.publicKey)}`;
      throw usageError(
        `${demo.uri} runs the DEMO image of another maker: make one with your key (${image})`,
      );
    }
    await store.assertListWritable();
    await unlockMaker(context, store, options.passphraseFd);
    return (request, serial) => store.certify(request, serial, { consent });
  }
  const real = found.find(({ status }) => !status.demo);
  if (real) throw usageError(`${real.uri} is not a demo card: name its maker with --maker FOLDER`);
  context.out.warn(DEMO_WARNING);
  const maker = demoMaker();
  return async (request) => maker.certify(request, { consent });
}
