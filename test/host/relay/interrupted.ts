/** Ceremonies that stop on the way, and runs that tests look into. */

import assert from "node:assert/strict";
import { memoryRun, type Run, type RunStore } from "../../../host/sdk/core.js";
import type { TestCard } from "../support.js";
import { breaks, meddled, run, wrapped } from "./cards.js";

/** Whether an APDU is this command, in the channel or outside. */
export const is = (apdu: Uint8Array, command: { ins: number }) => apdu[1] === command.ins;

/** A run in memory that tests look into and change. */
export class OpenRun implements RunStore {
  readonly store = memoryRun();
  load = () => this.store.load();
  save = (value: Run) => this.store.save(value);
  clear = () => this.store.clear();
  async change(change: (value: Run) => void): Promise<void> {
    const value = (await this.load()) as Run;
    change(value);
    await this.save(value);
  }
}

/**
 * Runs until a command of this kind is answered, or about to be sent, as if the plug were pulled.
 */
export async function runUntil(
  cards: readonly TestCard[],
  command: { ins: number },
  store: RunStore,
  when: "before" | "after" = "after",
): Promise<void> {
  const pull = (apdu: Uint8Array) => {
    if (is(apdu, command)) throw new Error("the plug was pulled");
  };
  const set = wrapped(cards, (link) => ({
    ...meddled(link, (apdu, answer) => {
      pull(apdu);
      return answer;
    }),
    ...(when === "before" && {
      transmit: async (apdu, options) => {
        pull(apdu);
        return link.transmit(apdu, options);
      },
    }),
  }));
  await set.arrange();
  await assert.rejects(run(cards, { store, present: set.present }), breaks(/plug was pulled/));
}
