/**
 * How a program that serves ends: by Ctrl-C or by SIGTERM, and either is its good end (exit code 0),
 * since nothing else ends it. `kincard virtual`, `web` and `serve`. To be called before the program
 * says that it serves: whoever hears that may end it at once.
 */
export function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
}
