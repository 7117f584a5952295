/**
 * What can end a program's work half-way on a board that keeps its power: an error that a library
 * throws, and memory that runs out.
 *
 * Source: Espruino 2v29. An error is the program's to catch; if it does not, the rest of what has
 * come in is still handled, and then the main loop tells `process.uncaughtException`. Memory that
 * runs out is no error: the interpreter stops whatever it does (jsvNewWithFlags:
 * jspSetInterrupted), no `catch` sees it, the serial port whose event it was loses its listener
 * (jswrap_stream_pushData), and the loop tells `E.errorFlag` (jsiCheckErrors).
 */

/** Which call: of the Flash library, or of anything that the interpreter gives. */
export type MishapKind = "flash" | "memory";

/** Unwinds everything; no `catch` of the program keeps it, since each next call throws it again. */
export class OutOfMemory extends Error {
  override readonly name = "OutOfMemory";
}

export class Mishaps {
  /** Calls since it was made. */
  readonly calls: Record<MishapKind, number> = { flash: 0, memory: 0 };
  /** Set until the interpreter is back in its main loop. */
  interrupted: OutOfMemory | undefined;
  #armed: { kind: MishapKind; left: number } | undefined;

  /** The n-th call of this kind from now on fails, once. */
  arm(kind: MishapKind, n: number): void {
    this.#armed = { kind, left: n };
  }
  /** Whether this call is the one. */
  strikes(kind: MishapKind): boolean {
    this.calls[kind]++;
    if (this.#armed?.kind !== kind || --this.#armed.left > 0) return false;
    this.#armed = undefined;
    return true;
  }
  /** Every call of the interpreter's begins here. */
  allocate(): void {
    if (this.strikes("memory")) this.interrupted = new OutOfMemory("out of memory");
    if (this.interrupted) throw this.interrupted;
  }
}
