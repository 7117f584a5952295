/** What the page's links have in common: listeners of a Duplex, kept until there is one. */

import { LinkError } from "../../../links/link.js";
import type { Duplex } from "../../../links/link.js";

/** The side that a link's own events are fed into. */
export interface Feed {
  readonly data: (bytes: Uint8Array) => void;
  readonly closed: (error?: Error) => void;
}

export function makeDuplex(ways: Pick<Duplex, "write" | "close">): [Duplex, Feed] {
  let listener: ((bytes: Uint8Array) => void) | undefined;
  const closers: ((error?: Error) => void)[] = [];
  let end: { error?: Error } | undefined;
  const waiting: Uint8Array[] = [];
  const duplex: Duplex = {
    ...ways,
    onData: (listen) => {
      listener = listen;
      for (const bytes of waiting.splice(0)) listen(bytes);
    },
    onClose: (listen) => {
      if (end) listen(end.error);
      else closers.push(listen);
    },
  };
  const data = (bytes: Uint8Array) => {
    if (end) return;
    if (listener) listener(bytes);
    else waiting.push(bytes);
  };
  const closed = (error?: Error) => {
    if (end) return;
    end = error ? { error } : {};
    for (const close of closers.splice(0)) close(error);
  };
  return [duplex, { data, closed }];
}

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
