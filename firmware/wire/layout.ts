/**
 * Where everything lies: messages, record, slots, the vault's banks, the arena, the tag's memory.
 * The one description; generate.ts makes from it what the card and the host compile against. Parts
 * are in layout/, how they are put together in layout/structure.ts.
 */
import { BuildRefused } from "./refused.js";
import {
  AEAD,
  arenaOf,
  infoOf,
  labelBlock,
  rawOf,
  receiptOf,
  type Labels,
} from "./layout/arena.js";
import { MESSAGES } from "./layout/messages.js";
import { BANK, LOG, RECORD, SLOT, VAULT, VAULT_RULES } from "./layout/record.js";
import type { Layout } from "./layout/structure.js";
import { TAG_MEMORY } from "./mailbox.js";
import { LABELS, type LabelName } from "./table.js";

export const ARENA = arenaOf(LABELS);

/** Every layout, counted from its own begin. */
export const LAYOUTS: readonly Layout[] = [
  ...MESSAGES,
  ...[RECORD, SLOT, BANK, AEAD, infoOf(LABELS), rawOf(LABELS), receiptOf(LABELS)],
  ...[TAG_MEMORY, ARENA],
];
for (const [rule, holds] of VAULT_RULES)
  if (!holds) throw new BuildRefused(`firmware/wire/layout: the vault: not so: ${rule}`);

type Numbers = Readonly<Record<string, number>>;

/** Places and sizes (`NAME_SIZE`) of a layout as one set of numbers; SIZE is that of the whole. */
export function numbersOf(layout: Layout, base = 0, more: Numbers = {}): Numbers {
  const all = [
    ...layout.places.map(({ name, at }) => [name, base + at] as const),
    ...layout.places.map(({ name, size }) => [`${name}_SIZE`, size] as const),
    ["SIZE", layout.size] as const,
    ...Object.entries(more),
  ];
  const twice = all.find(([name], index) => all.findIndex(([other]) => other === name) < index);
  if (twice)
    throw new BuildRefused(`firmware/wire/layout: ${layout.name}: ${twice[0]} means two numbers`);
  return Object.fromEntries(all);
}
/** The numbers of all layouts by their names. Places of the tag's memory are those in the arena. */
export function numbers(): Readonly<Record<string, Numbers>> {
  const base: Numbers = { [TAG_MEMORY.name]: ARENA.at.TAG };
  const more: Readonly<Record<string, Numbers>> = { [BANK.name]: VAULT };
  const entries = LAYOUTS.map((layout) => {
    const { name } = layout;
    return [name, numbersOf(layout, base[name], more[name])] as const;
  });
  return { ...Object.fromEntries(entries), Log: LOG };
}

/** The labels as they lie in the arena's LABELS, each behind its length byte. */
export function labelBytes(labels: Labels = LABELS): string {
  const { at, size } = labelBlock(labels);
  const block = Object.entries(labels).reduce((before, [name, label]) => {
    const start = before.padEnd(at[name as LabelName], "\0");
    return start + String.fromCharCode(label.length) + label;
  }, "");
  return block.padEnd(size, "\0");
}
