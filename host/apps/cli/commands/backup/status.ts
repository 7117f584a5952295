/** `kincard status`: what anybody may ask a card; nothing secret, nothing proven. */

import type { Command } from "commander";
import { formatLabel } from "../../../../sdk/card/label.js";
import { STATES } from "../../../../sdk/wire/generated.js";
import { describeState } from "../../context.js";
import type { CliContext } from "../../context.js";
import { findCard } from "../../cards/meet.js";
import type { FoundCard } from "../../cards/meet.js";
import { withCards, withJson } from "../../options.js";
import type { CardOptions } from "../../options.js";
import { act } from "../../run.js";

export function addStatus(program: Command): void {
  const command = program.command("status").description("ask cards for their state");
  withCards(withJson(command), true).action(act(status));
}

interface Labelled extends FoundCard {
  /** As the card says it: only a channel proves it. */
  readonly label?: string;
}

async function status(context: CliContext, options: CardOptions) {
  const found: Labelled[] = [];
  for (const uri of options.card) {
    const card = await findCard(context, uri);
    found.push({ ...card, label: await labelOf(card) });
  }
  const cards = found.map(({ uri, label, status }) => ({ card: uri, label, ...status }));
  return { json: { cards }, text: found.flatMap(describe) };
}

async function labelOf({ session, status: { state } }: FoundCard): Promise<string | undefined> {
  if (state === "BLANK" || state === "DAMAGED") return undefined;
  return formatLabel((await session.certificate()).id);
}

function describe({ uri, label, status }: Labelled): string[] {
  const { state, demo, setSize, copy, slots, firmware, kernelAbi, noVault, rngFailed } = status;
  const { consent } = status;
  const lines = [`${uri}  ${describeState(status)}: ${STATES[state].means}`];
  if (label !== undefined) lines.push(`  says that it is card ${label}`);
  if (copy) lines.push(`  copy ${copy} of ${setSize || 1}`);
  if (copy === 1 && setSize > 1) {
    lines.push(`  places for copies: ${slots.slice(0, setSize - 1).join(", ")}`);
  }
  if (consent) lines.push("  gives its key only by its button, while both boards blink the same");
  if (noVault) lines.push("  no vault file: flash the card's image again");
  if (rngFailed) lines.push("  its random number generator failed the health test");
  if (demo) lines.push("  DEMO: its maker's private key is published, it protects nothing");
  return [...lines, `  firmware ${firmware}, kernel ABI ${kernelAbi}`];
}
