/**
 * Build options. `firmware/build` replaces this module's values; what stands here lets the compiler
 * see the types. KMAKER is the maker's compressed public key as a 33-character binary string, DEMO
 * is 1 exactly when it is the published demo key, FIRMWARE_VERSION is three bytes, LISTS are the
 * lists of kernel calls that lie behind the arena: whole words.
 */
export const KMAKER: string = "";
export const DEMO: number = 1;
export const FIRMWARE_VERSION: string = "\x00\x01\x00";
export const LISTS: string = "\x00";
