/** A file of Espruino's Storage, by its header in flash (Espruino 2v29, src/jsflash.h). */

export const STORAGE_FILE = 64;
const COMPRESSED = 128;

export interface FileHeader {
  /** Of the header; the data follow it. */
  readonly address: number;
  readonly size: number;
  readonly flags: number;
  /** As bytes in a string, trailing zeros dropped; starts with "\0" when deleted. */
  readonly name: string;
  readonly deleted: boolean;
}

/** Kept by compaction, and listed. */
export function isReal(file: FileHeader): boolean {
  return (
    !file.deleted && (file.flags === 0 || file.flags === STORAGE_FILE || file.flags === COMPRESSED)
  );
}
