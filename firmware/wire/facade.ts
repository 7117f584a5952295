/** Makes the card's side of the native kernel from KERNEL_ENTRIES (firmware/kernel/abi.ts). */
import { KERNEL_ENTRIES, type ArgumentKind, type KernelEntry } from "../kernel/abi.js";

const HEAD = `// Generated from firmware/kernel/abi.ts. Do not edit.
/**
 * The native kernel, one function an entry: takes places in the arena, returns 1 = done or true.
 * The kernel is a Storage file that runs in place from flash; its address is looked up at every
 * boot, since compaction may move it.
 */
import { arenaAddress, nativeEntry, type Native } from "../board/board.js";
import type { Flag, Offset } from "../types.js";
import { Kernel } from "./generated.js";
import { At } from "./layout.js";

/** The arena's address: what every place is counted from. */
export let base = 0;
export let kernelIsThere: Flag = 0;
`;
const START = `
/**
 * Binds the entries to the kernel at \`address\` (0 = none). 1 if it is there and speaks our ABI.
 */
export function kernelStart(address: number): Flag {
  base = arenaAddress();
  // With the bit that says Thumb.
  const table = address | 1;
  const one = "int(int)";
  const two = "int(int,int)";
  const three = "int(int,int,int)";
  const four = "int(int,int,int,int)";
  if (!address || !base || nativeEntry(table, "int()")() !== Kernel.ABI) return 0;
`;

/** With its place in the kernel's jump table. */
type Bound = KernelEntry & { readonly card: string; readonly number: number };
/** The entries that the card calls, with its names for them. */
export const CARD_ENTRIES: readonly Bound[] = KERNEL_ENTRIES.flatMap(
  (entry: KernelEntry, number) =>
    entry.card === null ? [] : [{ ...entry, card: entry.card ?? entry.name, number }],
);

const capital = (name: string) => name[0]!.toUpperCase() + name.slice(1);
const native = ({ card }: Bound) => `n${capital(card)}`;
/** "out32" is out: the number is its size. */
const shorter = (name: string) => name.replace(/\d+$/, "");
const typeOf = (kind: ArgumentKind) => (kind === "int" ? "number" : "Offset");

function binding(entry: Bound): string {
  const list = entry.arguments.map(([name, kind]) => [shorter(name), kind] as const);
  const taken = list.map(([name, kind]) => `${name}: ${typeOf(kind)}`).join(", ");
  const given = list.map(([name, kind]) => (kind === "int" ? name : `base + ${name}`)).join(", ");
  return (
    `/** ${entry.does}. */\n` +
    `export function ${entry.card}(${taken}): ${entry.gives ?? "Flag"} {\n` +
    `  return ${native(entry)}(${given})${entry.gives ? "" : " as Flag"};\n}`
  );
}
const COUNTED = ["", "one", "two", "three", "four"];
/** The jump table has four bytes for each entry. */
const bound = (entry: Bound) =>
  `  ${native(entry)} = nativeEntry(table + ${4 * entry.number}, ` +
  `${COUNTED[entry.arguments.length]});\n`;
export function facadeSource(): string {
  return [
    HEAD + CARD_ENTRIES.map((entry) => `export let ${native(entry)}: Native;`).join("\n"),
    START +
      CARD_ENTRIES.map(bound).join("") + // the first of the lists is empty (firmware/build/passes/lists.ts)
      "  kernelIsThere = callList(At.SIZE, 0, 0);\n  return kernelIsThere;\n}",
    ...CARD_ENTRIES.map(binding),
    "",
  ].join("\n");
}
