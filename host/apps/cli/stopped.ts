/**
 * How a program that serves ends: by Ctrl-C or by SIGTERM, and either is its good end (exit code 0),
 * since nothing else ends it. `kincard virtual`, `web` and `serve`.
 */
export function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
}
