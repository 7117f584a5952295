/** Where things are, from the project's root. */
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), "../..");
/** What tsc makes of firmware/src. */
export const EMIT = join(ROOT, "build/firmware");
export const DIST = join(ROOT, "dist");

export const fromRoot = (...parts: string[]): string => join(ROOT, ...parts);
/** For messages: relative to the root, with forward slashes. */
export const shown = (path: string): string => relative(ROOT, path).replaceAll("\\", "/");
