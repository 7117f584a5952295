/**
 * How far a backup is, kept over a reload: the relay's run (host/sdk/relay/run/run.ts) in the browser's
 * own store. Ids, set id, public key and the three messages, which are sealed or public; never the
 * access code.
 */

import { formatRun, parseRun } from "../../../../sdk/relay/run/run.js";
import type { Run, RunStore } from "../../../../sdk/relay/run/run.js";

const RUN_ITEM = "kincard.run";

/** What can't be read is no run: the cards know how far they are, so nothing is lost with it. */
function load(): Run | undefined {
  const text = localStorage.getItem(RUN_ITEM);
  if (text === null) return undefined;
  try {
    return parseRun(text);
  } catch {
    forgetRun();
    return undefined;
  }
}

export const savedRun = load;
export const forgetRun = () => localStorage.removeItem(RUN_ITEM);

export const pageRun: RunStore = {
  load: async () => load(),
  save: async (run) => localStorage.setItem(RUN_ITEM, formatRun(run)),
  clear: async () => forgetRun(),
};
