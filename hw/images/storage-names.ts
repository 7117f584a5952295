/**
 * Names and sizes of what lies in a board's Storage, for whoever only talks about it. Browser-safe.
 */

export const VAULT_FILE = "kcvault";
export const KERNEL_FILE = "kckern";
/** 4064 bytes up to the first page boundary, then two banks of 4 KB. */
export const VAULT_SIZE = 4064 + 2 * 4096;
/** Of a file in the log. */
export const HEADER = 32;
/** The vault with its header: whole pages, and the code begins after them. */
export const VAULT_SPAN = HEADER + VAULT_SIZE;
export const align4 = (n: number): number => (n + 3) & ~3;
