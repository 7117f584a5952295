/** One check of a plugged-in board: what was measured, and what was expected. */

export interface Check {
  readonly check: string;
  readonly measured: string;
  /** What the emulated chip, the data sheet or the board's file say. */
  readonly expected?: string;
  /** "measured": nothing to compare it with; it settles what an emulation leaves open. */
  readonly verdict: "as expected" | "differs" | "measured";
}

export function compared(
  check: string,
  measured: string,
  good: boolean,
  { expected }: { readonly expected: string },
): Check {
  return { check, measured, expected, verdict: good ? "as expected" : "differs" };
}
export const measured = (check: string, value: string, expected?: string): Check => ({
  ...{ check, measured: value, verdict: "measured" },
  ...(expected === undefined ? {} : { expected }),
});

export function checkLine({ check, measured, expected, verdict }: Check): string {
  const beside = expected === undefined ? "" : ` (${expected})`;
  const sign = { "as expected": "+", differs: "!", measured: " " }[verdict];
  return `${sign} ${check}: ${measured}${beside}`;
}
