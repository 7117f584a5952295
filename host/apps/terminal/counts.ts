/** Passed, failed, skipped: adding them up, and the one line that ends every run. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}
export const NOTHING: Counts = { passed: 0, failed: 0, skipped: 0 };
export const PASSED: Counts = { ...NOTHING, passed: 1 };
export const FAILED: Counts = { ...NOTHING, failed: 1 };

export function sum(list: readonly Counts[]): Counts {
  return list.reduce(
    (a, b) => ({
      passed: a.passed + b.passed,
      failed: a.failed + b.failed,
      skipped: a.skipped + b.skipped,
    }),
    NOTHING,
  );
}

export function summary({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}
/** The counts in the last line of `output`, if that is what it is. */
export function parseSummary(output: string): Counts | undefined {
  const last = output.trimEnd().split("\n").at(-1) ?? "";
  const match = /^(\d+) passed, (\d+) failed, (\d+) skipped$/.exec(last);
  if (!match) return undefined;
  const [passed, failed, skipped] = match.slice(1).map(Number) as [number, number, number];
  return { passed, failed, skipped };
}

/**
 * What a suite's run counts for. A suite that crashed, or ran nothing, or says that all is well
 * while its exit status denies it, has failed once more.
 */
export function judge(counts: Counts | undefined, status: number | null): Counts {
  if (!counts) return FAILED;
  const ran = counts.passed + counts.failed + counts.skipped;
  const hidden = counts.failed === 0 && (status !== 0 || ran === 0);
  return hidden ? sum([counts, FAILED]) : counts;
}
