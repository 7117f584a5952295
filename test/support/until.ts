/** Waits of tests: for the thing, never for a time that should do. */
const LOOK_MS = 5;

/** Resolves once `met`; rejects with `wrong` ("no answer") when it is not within `ms`. */
export async function until(wrong: string, ms: number, met: () => boolean): Promise<void> {
  const end = performance.now() + ms;
  while (!met()) {
    if (performance.now() > end) throw new Error(`${wrong} within ${ms / 1000} s`);
    await new Promise((wake) => setTimeout(wake, LOOK_MS));
  }
}
