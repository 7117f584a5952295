/**
 * How many bytes of the bundle each module is, by the source map: rough, shared bytes go to one.
 */
import type { Locate } from "./check/sources.js";

export function sizesByModule(code: string, locate: Locate): [file: string, bytes: number][] {
  const sizes = new Map<string, number>();
  code.split("\n").forEach((line, i) => {
    for (let column = 0; column < line.length; column++) {
      const file = locate(i + 1, column)?.file ?? "(bundle)";
      sizes.set(file, (sizes.get(file) ?? 0) + 1);
    }
  });
  return [...sizes].sort(([, a], [, b]) => b - a);
}
