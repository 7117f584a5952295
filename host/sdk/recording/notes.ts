/** A ceremony's steps as notes in its recording. Browser-safe. */

import { capital } from "../crypto/text.js";
import { cardName } from "../failures/text.js";
import type { BackupEvent } from "../relay/events.js";
import type { Recording } from "./recorder.js";

type Listener = (event: BackupEvent) => void;

/** `tell`, which notes what it is told; as it is where nothing is recorded. */
export function noted(recording: Recording | undefined, tell: Listener): Listener {
  if (!recording) return tell;
  return (event) => {
    if (event.type === "step") recording.note(capital(event.text));
    if (event.type === "lost") recording.note(`${capital(cardName(event))}: connection lost`);
    tell(event);
  };
}
