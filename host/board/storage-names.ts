/** Names and sizes of what lies in a board's Storage, for whoever only talks about it. Browser-safe. */

export const VAULT_FILE = "kcvault";
export const KERNEL_FILE = "kckern";
/** 4064 bytes up to the first page boundary, then three pages of 4 KB. */
export const VAULT_SIZE = 4064 + 3 * 4096;

/** Of a file in the log. */
export const HEADER = 32;
export const align4 = (n: number): number => (n + 3) & ~3;
