/**
 * Boards that are plugged in, lie on a reader or are in radio range: every serial port, PC/SC
 * reader and Bluetooth card is asked, for a short time. Emulated radios and coils count as this
 * machine's own, where they take their place.
 */

import { formatLabel } from "../../sdk/card/label.js";
import { CardSession } from "../../sdk/card/session.js";
import { LinkError } from "../../sdk/failures/failure.js";
import { listBle } from "../../sdk/links/ble/ble.js";
import { listPcscReaders } from "../../sdk/links/pcsc/pcsc.js";
import { openLink } from "../../sdk/links/registry.js";
import { saidBy } from "../conform/admit.js";
import { listPorts } from "../flasher/console/ports.js";

/** A card that runs answers its sync at once; one that boots is found the next time. */
const PATIENCE_MS = 3000;
/** Over the air a connection takes its steps. */
const AIR_MS = 10_000;

export interface FoundBoard {
  /** One, or more where a card says the same label by each. */
  readonly links: readonly string[];
  /** Its state, its firmware and the label that it says it has. */
  readonly says: string;
}
export interface Finding {
  /** Told of each place that is looked at. */
  readonly told: (uri: string) => void;
  /** Told why a kind of link could not be looked through. */
  readonly missed: (what: string) => void;
  readonly signal: AbortSignal;
}
interface Answer {
  readonly label?: string;
  readonly says: string;
}

/** Those that answer as cards. */
export async function findBoards({ told, missed, signal }: Finding): Promise<FoundBoard[]> {
  const found = new Map<string, FoundBoard>();
  for (const [kind, list] of KINDS) {
    const uris = await list(signal).catch((error: unknown) => {
      if (!(error instanceof LinkError) || signal.aborted) throw error;
      missed(`${kind}: ${error.message}`);
      return [];
    });
    for (const uri of uris) {
      told(uri);
      const answer = await ask(uri, signal);
      if (!answer) continue;
      const { label, says } = answer;
      const known = label === undefined ? undefined : found.get(label);
      found.set(label ?? uri, { links: [...(known?.links ?? []), uri], says });
    }
  }
  return [...found.values()];
}

const KINDS: readonly [string, (signal: AbortSignal) => Promise<readonly string[]>][] = [
  ["serial ports", async () => (await listPorts()).map(({ uri }) => uri)],
  [
    "PC/SC readers",
    async () =>
      (await listPcscReaders()).flatMap(({ name, card }) => (card ? [`pcsc:${name}`] : [])),
  ],
  ["Bluetooth", async (signal) => (await listBle({ signal })).map(({ device }) => `ble:${device}`)],
];

async function ask(uri: string, signal: AbortSignal): Promise<Answer | undefined> {
  const patience = uri.startsWith("serial:") ? PATIENCE_MS : AIR_MS;
  const options = { connectMs: patience, timeoutMs: patience, signal };
  const transport = await openLink(uri, options).catch(() => undefined);
  if (!transport) return undefined;
  const session = new CardSession(transport);
  try {
    await session.greet();
    const status = await session.status();
    const { state } = status;
    const says = saidBy(status);
    if (state === "BLANK" || state === "DAMAGED") return { says };
    const label = formatLabel((await session.certificate()).id);
    return { label, says: `${says}, says that it is card ${label}` };
  } catch {
    return undefined;
  } finally {
    await session.close().catch(() => undefined);
  }
}
