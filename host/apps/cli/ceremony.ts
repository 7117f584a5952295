/**
 * A ceremony's events as lines for a person, and its yes/no questions.
 */

import { capital } from "../../sdk/crypto/text.js";
import { cardName } from "../../sdk/failures/text.js";
import type { BackupEvent } from "../../sdk/relay/events.js";
import { describeFailure } from "./failure.js";
import { tellGesture } from "./gesture.js";
import type { Output } from "./output.js";

export function tellCeremony(out: Output): (event: BackupEvent) => void {
  let doing = "";
  const gesture = tellGesture(out);
  return (event) => {
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

const lost = ({ role, problem }: Extract<BackupEvent, { type: "lost" }>) =>
  `${cardName({ role })}: ${describeFailure(problem, "it").what}`;
const milestone = ({ done, total }: { done: number; total: number }) =>
  `[${String(done).padStart(String(total).length)}/${total}]`;

export async function askYes(message: string): Promise<boolean> {
  const { confirm } = await import("@clack/prompts");
  const options = { output: process.stderr, withGuide: false, initialValue: false };
  // A cancelled question is a no.
  return (await confirm({ message, ...options })) === true;
}
