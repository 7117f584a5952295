/** What the page's choosers have in common. */

import { LinkError } from "../../../../sdk/links/link.js";

/** The user closed the browser's own chooser without choosing: nothing went wrong. */
export class NothingChosen extends Error {
  override readonly name = "NothingChosen";
}

/** What a browser's chooser throws, as one of ours. */
export function chooserError(error: unknown, what: string): Error {
  const { name, message } = error as Error;
  if (name === "NotFoundError" || name === "AbortError") return new NothingChosen();
  if (name === "SecurityError" || name === "NotAllowedError") {
    return new LinkError("open", `this browser does not let the page use ${what}`);
  }
  return new LinkError("open", `${what} could not be opened: ${message}`, { cause: error });
}
