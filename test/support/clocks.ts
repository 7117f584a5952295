/**
 * The two clocks of this process, moved by a test: the wall's, which people set, and the steady
 * one.
 */
export interface Clocks {
  /** Sets the wall clock forward, or back. */
  wall(milliseconds: number): void;
  /** Lets time pass on the steady clock (not on timers, which no test can hurry). */
  steady(milliseconds: number): void;
}

/** Runs `test` with clocks that it can move; whatever happens, they are put right after it. */
export async function withClocks(test: (clocks: Clocks) => Promise<void>): Promise<void> {
  const { now: wallNow } = Date;
  const steadyNow = performance.now.bind(performance);
  let [wall, steady] = [0, 0];
  Date.now = () => wallNow() + wall;
  performance.now = () => steadyNow() + steady;
  try {
    await test({
      wall: (milliseconds) => void (wall += milliseconds),
      steady: (milliseconds) => void (steady += milliseconds),
    });
  } finally {
    Date.now = wallNow;
    performance.now = steadyNow;
  }
}
