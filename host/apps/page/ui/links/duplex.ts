/** What the page's choosers have in common. */

import { Stopped } from "../faults.js";
import { LinkError } from "../../../../sdk/links/link.js";

/** What a browser's chooser throws, as one of ours; Stopped when the user closed it unused. */
export function chooserError(cause: unknown, api: "Bluetooth" | "USB"): Error {
  const { name, message } = cause as Error;
  if (name === "NotFoundError" || name === "AbortError") return new Stopped();
  if (name === "SecurityError" || name === "NotAllowedError") {
    return new LinkError("link/not-allowed", { api }, { cause });
  }
  return new LinkError("link/open", { link: api, detail: message }, { cause });
}
