/**
 * A Duplex for a link whose events come from elsewhere: what comes is kept until somebody listens.
 */

import type { Duplex } from "../link.js";

/** The side that a link's own events are fed into. */
export interface Feed {
  readonly data: (bytes: Uint8Array) => void;
  readonly closed: (error?: Error) => void;
}

export function makeDuplex(
  ways: Pick<Duplex, "write" | "close" | "resendMs" | "frames">,
): [Duplex, Feed] {
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
