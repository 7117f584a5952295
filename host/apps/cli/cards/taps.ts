/**
 * `present` for one reader or cable: the cards come to it in turn. On a terminal the user is asked
 * for each; elsewhere the command ends where another card is needed and is run again for it.
 */

import { CardSession } from "../../../sdk/card/session.js";
import type { Transport } from "../../../sdk/links/link.js";
import type { Present, PresentRequest } from "../../../sdk/relay/events.js";
import { BackupError } from "../../../sdk/relay/errors.js";
import { sameRole } from "../../../sdk/relay/visits/role.js";
import type { Role } from "../../../sdk/relay/visits/role.js";
import { askLine } from "../asking/ask.js";
import type { CliContext } from "../context.js";
import { describeFailure, resumable } from "../failure.js";
import { canAsk } from "../asking/secrets.js";

export function presentInTurn(
  context: CliContext,
  uri: string,
  first: Transport | undefined,
): Present {
  const { out } = context;
  let transport = first;
  let holds: Role | undefined;
  const stop = ({ purpose }: PresentRequest) => {
    const next = context.resume ?? "Run the same command again with that card.";
    return resumable(`it is another card's turn: ${purpose}`, `Connect it. ${next}`);
  };
  return async (request) => {
    const { role, purpose, attempt, problem, optional } = request;
    if (request.together) throw new BackupError("backup/apart", {});
    let asking = attempt > 1 || (holds !== undefined && !sameRole(holds, role));
    if (problem) out.say(`  ! ${describeFailure(problem).what}`);
    for (;;) {
      if (asking && !canAsk()) {
        if (optional) return undefined;
        throw stop(request);
      }
      if (asking) await waitForCard(context, `${purpose}. Connect it at ${uri}, then press Enter`);
      if (asking || !transport) {
        await transport?.close().catch(() => undefined);
        transport = undefined;
        transport = await context.open(uri);
      }
      holds = role;
      if (await mayBe(role, transport)) return transport;
      out.say(`  ! The card at ${uri} is not the one that is needed now.`);
      asking = true;
    }
  };
}

/** Only cards that gave, or can give, a key are sources. Which card it is, the channel proves. */
async function mayBe(role: Role, transport: Transport): Promise<boolean> {
  const { state } = await new CardSession(transport).greet();
  const gives = /^(WALLET|SHARING|SHARED)$/.test(state);
  const takes = /^(EMPTY|OFFERED|COPY)$/.test(state);
  return role.kind === "source" ? !takes : !gives;
}

async function waitForCard(context: CliContext, message: string): Promise<void> {
  const { signal } = context;
  const answer = await askLine(`${message} `, { signal });
  const next = context.resume ?? "Run the same command again.";
  if (answer === undefined) throw resumable("You stopped at a question.", next);
}
