/**
 * What one run of the program shares: its output, the links that it opened, and Ctrl-C.
 */

import "../../sdk/links/node.js";
import { CardSession } from "../../sdk/card/session.js";
import type { Status } from "../../sdk/card/commands/index.js";
import { openLink } from "../../sdk/links/registry.js";
import type { Transport } from "../../sdk/links/link.js";
import { recordTo } from "../../sdk/recording/file.js";
import type { Recording, RecordingOptions } from "../../sdk/recording/index.js";
import type { Output } from "./output.js";

/** A status for an error message must not make the user wait. */
const STATES_MS = 1500;

export class CliContext {
  readonly #links = new Map<string, Transport>();
  readonly #wipers: (() => void)[] = [];
  /** Files and options to go on with, once there is something to go on with. */
  resume: string | undefined;
  /** What passes on the links is written down here, when the user wants that. */
  recording: Recording | undefined;

  constructor(
    readonly out: Output,
    readonly signal: AbortSignal,
  ) {
    // Every wait for a card ends with its link.
    signal.addEventListener("abort", () => void this.#closeLinks());
  }

  /** Opens a link, and closes it at the end of the run. One that was open before is waited for. */
  async open(uri: string): Promise<Transport> {
    const { signal } = this;
    const again = this.#links.has(uri);
    const transport = await this.out.step(
      `Looking for a card at ${uri}`,
      () => openLink(uri, { signal, again }),
      { done: `A card answers at ${uri}` },
    );
    const link = this.recording?.link(transport, uri) ?? transport;
    this.#links.set(uri, link);
    return link;
  }

  /** Records what passes from now on. */
  async record(path: string, options: RecordingOptions): Promise<void> {
    const { recording, close } = await recordTo(path, options);
    this.recording = recording;
    this.atEnd(close);
  }

  /** Runs when the program ends, whatever way. */
  atEnd(wiper: () => void): void {
    this.#wipers.push(wiper);
  }

  /** One line a card, for errors. */
  async states(): Promise<string[]> {
    const lines: string[] = [];
    for (const [uri, transport] of this.#links) {
      const state = await withTimeout(new CardSession(transport).status());
      lines.push(`the card at ${uri}: ${state ? describeState(state) : "does not answer now"}`);
    }
    return lines;
  }

  async close(): Promise<void> {
    for (const wiper of this.#wipers) wiper();
    await this.#closeLinks();
  }
  async #closeLinks(): Promise<void> {
    for (const transport of this.#links.values()) await transport.close().catch(() => undefined);
  }
}

export function describeState({ state, waitSeconds, misses }: Status): string {
  const tries = misses ? `, ${misses} wrong code${misses > 1 ? "s" : ""}` : "";
  const wait = waitSeconds ? `, waits ${waitSeconds} s before the next try` : "";
  return `${state}${tries}${wait}`;
}

async function withTimeout(status: Promise<Status>): Promise<Status | undefined> {
  const late = new Promise<undefined>((resolve) => {
    setTimeout(() => resolve(undefined), STATES_MS).unref();
  });
  return Promise.race([status.catch(() => undefined), late]);
}
