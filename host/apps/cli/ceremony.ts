/**
 * A ceremony's events as lines for a person.
 */

import { capital } from "../../sdk/crypto/text.js";
import { cardName } from "../../sdk/failures/text.js";
import type { BackupEvent, Role } from "../../sdk/relay/events.js";
import { describeFailure } from "./failure.js";
import { tellGesture } from "./gesture.js";
import type { Output } from "./output.js";

/**
 * A step that takes so much longer than it should is said to be stuck: a card without power is
 * silent, and its link gives up only much later. At most two seconds with what the longest step
 * takes.
 */
const GRACE_MS = 1000;

/** The events as lines. */
export function tellCeremony(out: Output): (event: BackupEvent) => void {
  let doing = "";
  const gesture = tellGesture(out);
  let silence: NodeJS.Timeout | undefined;
  let silentFor: { readonly role: Role; readonly ms: number } | undefined;
  return (event) => {
    clearTimeout(silence);
    if (event.type === "step" || event.type === "stretch") {
      if (event.type === "step") silentFor = { role: event.role, ms: event.holdMs + GRACE_MS };
      const { role, ms } = silentFor ?? {};
      if (role) silence = setTimeout(() => out.say(gone(out, role)), ms).unref();
    } else silentFor = undefined;
    switch (event.type) {
      case "step":
        doing = capital(event.text);
        return out.begin(`${milestone(event)} ${doing}`, event.holdMs);
      case "done":
        return out.finish(`${milestone(event)} ${capital(event.text)}`, event.ms);
      case "stretch":
        return out.show(doing, `stretching your code: ${Math.round(100 * event.progress)} %`);
      case "gesture":
        return gesture(event);
      case "lost":
        return out.say(`  ${out.paint("yellow", "!")} ${lost(event)}. Trying again.`);
    }
  };
}

const gone = (out: Output, role: Role) =>
  `  ${out.paint("yellow", "!")} ${capital(cardName({ role }))} does not answer. If it lost its power or ` +
  "was taken away, bring it back: it goes on by itself. Or stop (Ctrl-C), and run the same command later.";
const lost = ({ role, problem }: Extract<BackupEvent, { type: "lost" }>) =>
  `${cardName({ role })}: ${describeFailure(problem, "it").what}`;
const milestone = ({ done, total }: { done: number; total: number }) =>
  `[${String(done).padStart(String(total).length)}/${total}]`;
