/** How long each command took on each board, over a whole run: the middle and the slow end. */

import { now } from "../../sdk/links/clock.js";
import { withTransmit } from "../../sdk/links/link.js";
import type { Transport } from "../../sdk/links/link.js";
import { Explainer } from "../../sdk/recording/index.js";

export interface Timed {
  readonly command: string;
  readonly times: number;
  /** Milliseconds, link and card together. */
  readonly p50: number;
  readonly p95: number;
}

export class Timing {
  readonly #samples = new Map<string, number[]>();

  /** The same link; its commands are timed. A chain's parts, and pages, count with their command. */
  link(transport: Transport): Transport {
    const explainer = new Explainer();
    let waited = 0;
    return withTransmit(transport, async (apdu, options) => {
      const start = now();
      const answer = await transport.transmit(apdu, options);
      const { shown, complete } = explainer.explain(apdu, answer);
      waited += now() - start;
      const more = !complete || answer.at(-2) === 0x61;
      if (more) return answer;
      this.#samples.set(shown, [...(this.#samples.get(shown) ?? []), waited]);
      waited = 0;
      return answer;
    });
  }

  /** By name of the command. */
  all(): Timed[] {
    return [...this.#samples]
      .map(([command, samples]) => ({ command, ...quantiles(samples) }))
      .sort((a, b) => (a.command < b.command ? -1 : 1));
  }
}

function quantiles(samples: readonly number[]): Omit<Timed, "command"> {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (part: number) =>
    Math.round(10 * (sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0)) /
    10;
  return { times: sorted.length, p50: at(0.5), p95: at(0.95) };
}
