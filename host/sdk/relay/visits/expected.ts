/**
 * The cards that the user named, brought in the order of the run's destinations. Browser-safe.
 *
 * A run file is the relay's word: a card in it counts as meant by the user only when the user
 * named it, when it proves its id in this process, or when the user is asked (`approve`).
 */

import { matchesId } from "../../card/identity.js";
import type { ExpectedId } from "../../card/identity.js";
import { formatLabel } from "../../card/label.js";
import { BackupError } from "../errors.js";
import type { Run } from "../run/run.js";

/** One entry a destination; throws BackupError when the run holds a card that is not among them. */
export function alignExpected(
  named: readonly (ExpectedId | undefined)[] | undefined,
  run: Run,
  copies: number,
): (ExpectedId | undefined)[] {
  const left = Array.from({ length: copies }, (_, index) => named?.[index]);
  const take = (found: number) => left.splice(found, 1)[0];
  const aligned = Array.from({ length: copies }, (_, index) => {
    const id = run.copies[index]?.id;
    if (!id) return undefined;
    const own = left.findIndex((name) => name !== undefined && matchesId(name, id));
    if (own >= 0) return take(own);
    const any = left.indexOf(undefined);
    if (any >= 0) return take(any);
    throw new BackupError("backup/unnamed", { label: formatLabel(id) });
  });
  return aligned.map((name, index) => (run.copies[index] ? name : left.shift()));
}
