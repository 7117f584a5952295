/** `kincard cancel`: a destination drops its offer. */

import type { Command } from "commander";
import { toHex } from "../../../../sdk/crypto/bytes.js";
import type { CliContext } from "../../context.js";
import { meetCard } from "../../cards/meet.js";
import { withCards, withJson, withTrust } from "../../options.js";
import type { CardOptions } from "../../options.js";
import { act } from "../../run.js";

export function addCancel(program: Command): void {
  const text =
    "drop a card's offer to take a key (by its button, where it has one: the command says when)";
  const command = program.command("cancel").description(text);
  withTrust(withCards(withJson(command))).action(act(cancel));
}

async function cancel(context: CliContext, options: CardOptions) {
  const { session, certificate, name } = await meetCard(context, options, { anyCard: true });
  await context.out.step(`The ${name} drops its offer`, () => session.cancel(), {
    done: `The ${name} dropped its offer`,
  });
  const { state } = await session.status();
  return { json: { id: toHex(certificate.id), state }, text: [`${name}  ${state}`] };
}
