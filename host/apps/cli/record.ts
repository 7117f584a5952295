/** A ceremony's steps as notes in its recording. */

import { capital } from "../../sdk/crypto/text.js";
import { cardName } from "../../sdk/failures/text.js";
import type { Recording } from "../../sdk/recording/index.js";
import type { BackupEvent } from "../../sdk/relay/events.js";

type Listener = (event: BackupEvent) => void;

export function noted(recording: Recording | undefined, tell: Listener): Listener {
  if (!recording) return tell;
  return (event) => {
    if (event.type === "step") recording.note(capital(event.text));
    if (event.type === "lost") recording.note(`${capital(cardName(event))}: connection lost`);
    tell(event);
  };
}
