/** `kincard verify`: is this a genuine card of the maker, and the one that the label names? */

import type { Command } from "commander";
import { signedCertificate } from "../../../../sdk/card/certificate.js";
import { formatLabel } from "../../../../sdk/card/label.js";
import { toHex } from "../../../../sdk/crypto/bytes.js";
import { HOLD_MS } from "../../../../sdk/relay/events.js";
import type { CliContext } from "../../context.js";
import { meetCard } from "../../cards/meet.js";
import { withCards, withJson, withTrust } from "../../options.js";
import type { CardOptions } from "../../options.js";
import { act } from "../../run.js";

export function addVerify(program: Command): void {
  const command = program.command("verify").description("have a card prove that it is genuine");
  withTrust(withCards(withJson(command))).action(act(verify));
}

async function verify(context: CliContext, options: CardOptions) {
  const { session, certificate, name } = await meetCard(context, options, { anyCard: true });
  const { challenge, proof } = await context.out.step(
    `The ${name} signs a fresh challenge`,
    () => session.prove(),
    { holdMs: HOLD_MS.check, done: `The ${name} signed a fresh challenge` },
  );
  const label = formatLabel(certificate.id);
  const json = {
    genuine: true,
    id: toHex(certificate.id),
    label,
    cardPublicKey: toHex(certificate.cardKey),
    certificate: toHex(signedCertificate(certificate.bytes)),
    challenge: toHex(challenge),
    proof: toHex(proof),
  };
  const compare = options.expect ? [] : ["Compare this label with the one on the card."];
  return { json, text: [`genuine  ${label}`, ...compare] };
}
