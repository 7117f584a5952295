/** Who a card is in a ceremony, and what it is called as a map's key. Browser-safe. */

export type Role = { readonly kind: "source" } | { readonly kind: "copy"; readonly index: number };

export const SOURCE: Role & { kind: "source" } = { kind: "source" };
export const copyRole = (index: number): Role & { kind: "copy" } => ({ kind: "copy", index });

/** One string a role: for maps, and for comparing. */
export const roleKey = (role: Role): string =>
  role.kind === "source" ? "source" : `copy ${role.index}`;
export const sameRole = (a: Role, b: Role): boolean => roleKey(a) === roleKey(b);

/** A card of a ceremony, for whoever has to name it: its role, and its label once that is known. */
export interface CardRef {
  readonly role: Role;
  readonly label?: string;
}
