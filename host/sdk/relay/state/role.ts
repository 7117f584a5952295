/** The parts that cards play in a ceremony. Browser-safe. */

import type { Role } from "../events.js";

export const SOURCE: Role & { kind: "source" } = { kind: "source" };
export const copyRole = (index: number): Role & { kind: "copy" } => ({ kind: "copy", index });

/** For maps: one role, one key. */
export const roleKey = (role: Role): string =>
  role.kind === "source" ? "source" : `copy ${role.index}`;
export const sameRole = (a: Role, b: Role): boolean => roleKey(a) === roleKey(b);
