/** What a bundle for browsers has in place of what needs Node, and modules that are made here. */

import { createRequire } from "node:module";
import type { Plugin } from "rollup";
import { sourceOf } from "./library.js";

const { resolve: resolvePackage } = createRequire(import.meta.url);

export interface Parts {
  /** Paths of sources, and of what stands in their places. That one still gets the original. */
  readonly instead: ReadonlyMap<string, string>;
  /** Modules by their names ("virtual:..."), and what makes them. */
  readonly made: Readonly<Record<string, () => string>>;
}

/** Packages are found as Node finds them. */
export function partsPlugin({ instead, made }: Parts): Plugin {
  return {
    name: "parts",
    resolveId(source, importer) {
      if (!importer) return undefined;
      if (Object.hasOwn(made, source)) return source;
      if (!source.startsWith(".")) return resolvePackage(source);
      const place = instead.get(sourceOf(source, importer));
      return place === importer ? undefined : place;
    },
    load: (id) => (Object.hasOwn(made, id) ? made[id]!() : undefined),
  };
}

export const together = (...all: readonly Parts[]): Parts => ({
  instead: new Map(all.flatMap(({ instead }) => [...instead])),
  made: Object.assign({}, ...all.map(({ made }) => made)) as Parts["made"],
});
