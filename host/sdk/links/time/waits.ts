/** Waits that end: at their time, or when the caller stops them. Browser-safe. */

export interface WaitEnd {
  /** None: only the signal ends it. */
  readonly ms?: number;
  /** What is thrown when the time is over. */
  readonly late?: () => Error;
  readonly signal?: AbortSignal;
  /** What is thrown when the caller's signal stops the wait (default: the signal's reason). */
  readonly stopped?: () => Error;
}

/**
 * The result of `work`, or the end of the wait for it: what comes of it later is nobody's any more.
 */
export async function within<T>(work: Promise<T>, end: WaitEnd): Promise<T> {
  const { ms, late, signal, stopped } = end;
  const over = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const ended = new Promise<never>((_, reject) => {
    const stop = () => reject(stopped?.() ?? signal?.reason);
    if (signal?.aborted) return stop();
    signal?.addEventListener("abort", stop, { once: true, signal: over.signal });
    if (ms !== undefined) timer = setTimeout(() => reject(late?.()), ms);
  });
  try {
    return await Promise.race([work, ended]);
  } catch (error) {
    work.catch(() => undefined);
    throw error;
  } finally {
    clearTimeout(timer);
    over.abort();
  }
}

/** Never rejects; ends early when the caller's signal says so. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const over = new AbortController();
    const done = () => {
      clearTimeout(timer);
      over.abort();
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener("abort", done, { once: true, signal: over.signal });
  });
}

/** Closing takes no longer: what ends a link may itself never answer. */
const CLOSE_MS = 2000;

/** Waits for the end of `work`, however it ends, in good time. */
export async function ended(work: Promise<unknown>): Promise<void> {
  await within(work, { ms: CLOSE_MS, late: () => new Error() }).catch(() => undefined);
}
