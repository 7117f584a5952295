/**
 * How a virtual board's run ends before its time. Whatever the bundle catches, a life that met
 * one of these is dead: every later call into the emulation throws it again.
 */

/** The power went, in the middle of flash operation number `operation` (counted over the flash). */
export class PowerCut extends Error {
  override readonly name = "PowerCut";
  constructor(
    readonly operation: number,
    readonly mode: string,
  ) {
    super(`power cut ${mode} flash operation ${operation}`);
  }
}

/** The bundle did what a real board answers with garbage, a crash or wear: a firmware bug. */
export class BoardTrap extends Error {
  override readonly name = "BoardTrap";
}

/** The bundle asked for a restart (`E.reboot()`). */
export class Reboot extends Error {
  override readonly name = "Reboot";
}

/** The bundle can throw anything, from another realm. */
export function asError(thrown: unknown): Error {
  if (thrown instanceof Error) return thrown;
  const { message, stack } = (thrown ?? {}) as Partial<Error>;
  const error = new Error(`the bundle threw ${message ?? String(thrown)}`);
  if (stack) error.stack = `${error.message}\n${stack}`;
  return error;
}

export function hex(value: number): string {
  return "0x" + (value >>> 0).toString(16);
}
