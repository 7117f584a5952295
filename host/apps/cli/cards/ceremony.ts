/**
 * A ceremony's events as lines for a person.
 */

import { capital } from "../../../sdk/crypto/text.js";
import { cardName } from "../../../sdk/failures/text.js";
import type { BackupEvent, Role } from "../../../sdk/relay/events.js";
import { watchSilence } from "../../../sdk/relay/silence.js";
import { describeFailure } from "../failure.js";
import type { OnGesture } from "../../../sdk/card/gesture.js";
import { COMPARE, DIFFERENT, tellGesture } from "./gesture.js";
import { SILENT } from "../output.js";
import type { Output } from "../output.js";

export interface CeremonyTeller {
  readonly onEvent: (event: BackupEvent) => void;
  /** The ceremony is over, however it ended. */
  readonly end: () => void;
}

/** The events as lines, and a card that falls silent within two seconds. */
export function tellCeremony(out: Output): CeremonyTeller {
  let doing = "";
  const gesture = tellGesture(out);
  let compare: OnGesture | undefined;
  const silence = watchSilence((role) => out.say(silent(out, role)));
  const onEvent = (event: BackupEvent) => {
    silence.onEvent(event);
    switch (event.type) {
      case "step":
        doing = capital(event.text);
        // Each copy is compared anew.
        if (event.step === "consent") compare = undefined;
        return out.begin(`${milestone(event)} ${doing}`, event.holdMs);
      case "done":
        return out.finish(`${milestone(event)} ${capital(event.text)}`, event.ms);
      case "stretch":
        return out.show(doing, `stretching your code: ${Math.round(100 * event.progress)} %`);
      case "gesture":
        if (!event.consent) return gesture(event);
        if (!compare) out.say(`  ${DIFFERENT}`);
        compare ??= tellGesture(out, COMPARE);
        return compare(event);
      case "wait":
        return out.say(
          `  ${capital(cardName(event))} takes no run for ${event.seconds} s: waiting.`,
        );
      case "lost":
        return out.say(`  ${out.paint("yellow", "!")} ${lost(event)}. ${AGAIN}`);
    }
  };
  return { onEvent, end: silence.end };
}

const AGAIN = "Trying again: bring the card back if it lost its power or was taken away.";
const silent = (out: Output, role: Role) =>
  `  ${out.paint("yellow", "!")} ${capital(cardName({ role }))} ${SILENT}`;
const lost = ({ role, problem }: Extract<BackupEvent, { type: "lost" }>) =>
  `${cardName({ role })}: ${describeFailure(problem, "it").what}`;
const milestone = ({ done, total }: { done: number; total: number }) =>
  `[${String(done).padStart(String(total).length)}/${total}]`;
