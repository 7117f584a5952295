/**
 * Names, sizes and places of what lies in a board's Storage, for whoever only talks about it.
 * Browser-safe.
 *
 * The log's first page holds a file of code that fills it, up to the head of the vault's file: so
 * the vault's data are whole pages, and no byte is lost to their alignment. What lies before the
 * vault is never erased by name while a card is in it, since Espruino's compaction would then move
 * the vault. Images up to 0.1 had the vault first, with 4,064 bytes of padding: the same pages.
 */

export const VAULT_FILE = "kcvault";
export const KERNEL_FILE = "kckern";
/** Of a file in the log. */
export const HEADER = 32;
/** What the card takes as a page, whatever the chip's pages are. */
export const VAULT_PAGE = 4096;
/** Two banks. */
export const VAULT_SIZE = 2 * VAULT_PAGE;
/** The log's first file, whose data end where the vault's head begins. */
export const FIRST_SIZE = VAULT_PAGE - 2 * HEADER;
/** The vault's file when it was the first. */
export const OLD_VAULT_SIZE = VAULT_PAGE - HEADER + VAULT_SIZE;
/** Whole pages: first file, vault; more code begins after them. */
export const VAULT_SPAN = VAULT_PAGE + VAULT_SIZE;
export const align4 = (n: number): number => (n + 3) & ~3;

/** The first file is named by what is in it, so that the boot code finds its own and no other. */
const PIECE = /^kc[0-9a-f]{8}$/;
export const pieceName = (sha256: string): string => "kc" + sha256.slice(0, 8);
export const isPiece = (name: string): boolean => PIECE.test(name);
