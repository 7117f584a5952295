/**
 * Makes the kernel's blob: `buildKernel()` for tests and virtual boards; as a script it writes
 * dist/kernel.bin, dist/kernel.json and dist/kernel.lst. The same source gives the same bytes.
 */

import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { entryNumber, KERNEL_ENTRIES, type KernelEntryName } from "./abi.js";
import { generate } from "./gen/kernel.js";

export interface BuiltEntry {
  /** Where the entry is called, from the blob's start: its place in the jump table. */
  readonly offset: number;
  readonly arguments: string[];
}

export interface BuiltKernel {
  readonly bytes: Uint8Array;
  readonly entries: Record<KernelEntryName, BuiltEntry>;
  readonly listing: string;
  /** The program in GNU syntax. */
  readonly source: string;
  /** Address of each label, routines included. */
  readonly labels: ReadonlyMap<string, number>;
  /** Bytes of stack by the generator's own analysis, per entry: what a measurement shows. */
  readonly stack: Record<KernelEntryName, number>;
}

let built: BuiltKernel | undefined;

export function buildKernel(): BuiltKernel {
  if (built) return built;
  const { image, code } = generate();
  const perEntry = <T>(make: (name: KernelEntryName, names: string[]) => T) =>
    Object.fromEntries(
      KERNEL_ENTRIES.map(({ name, arguments: list }) => [
        name,
        make(
          name,
          list.map(([argument]) => argument),
        ),
      ]),
    ) as Record<KernelEntryName, T>;
  built = {
    bytes: image.bytes,
    entries: perEntry((name, names) => ({ offset: 4 * entryNumber(name), arguments: names })),
    listing: image.listing,
    source: image.source,
    labels: image.labels,
    stack: perEntry((name) => code.entryStack(name)),
  };
  return built;
}

/** Writes the three files into `folder`. */
export function writeKernel(folder: string): BuiltKernel {
  const kernel = buildKernel();
  const sha256 = createHash("sha256").update(kernel.bytes).digest("hex");
  const description = { size: kernel.bytes.length, sha256, entries: kernel.entries };
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/kernel.bin`, kernel.bytes);
  writeFileSync(`${folder}/kernel.json`, `${JSON.stringify(description, null, 2)}\n`);
  writeFileSync(`${folder}/kernel.lst`, kernel.listing);
  return kernel;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = fileURLToPath(new URL("../../dist", import.meta.url));
  const { bytes } = writeKernel(folder);
  console.log(`dist/kernel.bin: ${bytes.length} bytes`);
}
