/**
 * The kernel's entries: number, name, arguments. The one place that names them; the generator, the
 * card's facade, the virtual board and the docs are all made from this list.
 *
 * Rules (docs/kernel.md):
 * - Every argument is one 32-bit integer, at most four. `word` = absolute pointer, 4-byte aligned
 *   (unaligned: the entry returns 0 and touches nothing). `bytes` = absolute pointer, any alignment.
 *   `int` = a number (length, index).
 * - Returns 1 = ok, 0 = refused; what counts (`gives`) a number, 0 = refused. A refused call leaves its outputs untouched or all zero.
 * - Numbers on the wire and in memory are big-endian bytes; points are 64 bytes x || y without a
 *   prefix unless an entry says `point33` (compressed, SEC 1).
 * - No globals, no relocations; scratch lives on the stack and is zeroed before return.
 * - The blob starts with a jump table: entry i is called at `base + 4 * i` (Thumb bit set), so that
 *   a card's bundle needs no offsets and survives a new kernel of the same ABI.
 */

export const KERNEL_ABI = 3;

export type ArgumentKind = "word" | "bytes" | "int";

export interface KernelEntry {
  readonly name: string;
  /** `[argument name, kind]`, in call order. A number in the name is the size in bytes. */
  readonly arguments: readonly (readonly [string, ArgumentKind])[];
  readonly does: string;
  /**
   * The card's name for it, where that is another: a command is called the same. `null`: the card
   * does not call it, and has no binding.
   */
  readonly card?: string | null;
  /** It returns a number, not 1. */
  readonly gives?: "number";
}

const word = (name: string) => [name, "word"] as const;
const bytes = (name: string) => [name, "bytes"] as const;
const int = (name: string) => [name, "int"] as const;

/** In order of entry number. Append only; a changed entry raises `KERNEL_ABI`. */
export const KERNEL_ENTRIES = [
  { name: "version", arguments: [], does: "returns KERNEL_ABI", card: null },
  {
    name: "copy",
    arguments: [bytes("out"), bytes("data"), int("length")],
    does: "copies `length` bytes forwards; regions must not overlap unless out < data",
  },
  { name: "zero", arguments: [bytes("out"), int("length")], does: "fills `length` bytes with 0" },
  {
    name: "equal",
    arguments: [bytes("a"), bytes("b"), int("length")],
    does: "1 if the bytes are the same; time depends on `length` only",
  },
  {
    name: "filled",
    arguments: [bytes("data"), int("length"), int("value")],
    does: "1 if every byte is `value`",
  },
  {
    name: "sha256",
    arguments: [word("out32"), word("data"), int("length")],
    does: "SHA-256 (FIPS 180-4); out may lie inside data",
  },
  {
    name: "sha512",
    arguments: [word("out64"), word("data"), int("length")],
    does: "SHA-512 (FIPS 180-4)",
    card: null,
  },
  {
    name: "hmac",
    arguments: [word("out32"), word("key32"), word("data"), int("length")],
    does: "HMAC-SHA256 (RFC 2104) with a 32-byte key; out may be key or lie inside data",
  },
  {
    name: "hkdf",
    arguments: [word("out32"), word("ikm32"), word("salt32"), word("info")],
    does:
      "HKDF-SHA256 (RFC 5869), 32-byte ikm and salt, 32 bytes out. `info` is a label, length first: " +
      "the HKDF info is its length byte and that many bytes after it. out may be ikm",
  },
  {
    name: "seal",
    card: "aeadSeal",
    arguments: [word("block"), word("data"), int("length"), int("aadLength")],
    does:
      "ChaCha20-Poly1305 (RFC 8439) in place; `block` is key32 || nonce12 || aad (aadLength bytes); " +
      "the 16-byte tag is written at data + length (any alignment)",
  },
  {
    name: "open",
    card: "aeadOpen",
    arguments: [word("block"), word("data"), int("length"), int("aadLength")],
    does:
      "the reverse of seal: `length` is the ciphertext without its tag, the tag is read at " +
      "data + length; compared in constant time; on failure 0 and data untouched",
  },
  {
    name: "pubkey",
    arguments: [word("out64"), word("key32")],
    does: "key * G on secp256k1; 0 for key 0 or key >= n",
  },
  {
    name: "sign",
    card: "ecdsaSign",
    arguments: [word("out65"), word("digest32"), word("key32")],
    does:
      "ECDSA, nonce by RFC 6979 with SHA-256, low-S: r || s || recovery id (0..3, of the low-S " +
      "signature); 0 for key 0 or key >= n",
  },
  {
    name: "verify",
    card: "ecdsaVerify",
    arguments: [word("sig64"), word("digest32"), word("pub64")],
    does:
      "1 if r || s is an ECDSA signature (high S accepted: call lows first); 0 for r or s outside " +
      "1..n-1, coordinates >= p and points off the curve. Public data only: variable time",
  },
  {
    name: "ecdh",
    arguments: [word("out32"), word("pub64"), word("key32")],
    does: "x coordinate of key * pub; 0 for key 0 or >= n, coordinates >= p and points off the curve",
  },
  {
    name: "decompress",
    arguments: [word("out64"), word("point33")],
    does: "SEC 1 2.3.4 for prefix 02 / 03; 0 for another prefix, x >= p or x not on the curve",
  },
  {
    name: "compress",
    arguments: [word("out33"), word("pub64")],
    does: "02 / 03 by the parity of y, then x. Does not check the point",
  },
  {
    name: "lows",
    arguments: [word("sig64")],
    does: "1 if 1 <= r < n and 1 <= s <= (n-1)/2",
  },
  { name: "keyok", arguments: [word("key32")], does: "1 if 1 <= key < n, in constant time" },
  {
    name: "derive",
    arguments: [word("out64"), word("node64"), int("index")],
    does:
      "BIP32 CKDpriv: node = key || chain code; index >= 2^31 is hardened; out may be node; 0 for a " +
      "parent key 0 or >= n and for an invalid child (IL >= n or key 0)",
  },
  {
    name: "lock",
    arguments: [word("out80"), word("node64"), word("stretched32"), word("info")],
    does:
      "Kwrap = HMAC-SHA256(stretched, info); ChaCha20-Poly1305 with Kwrap, nonce 0, no aad over the " +
      "64-byte node. `info` as in hkdf: length byte, then that many bytes",
  },
  {
    name: "unlock",
    arguments: [word("out64"), word("wrapped80"), word("stretched32"), word("info")],
    does: "the access-code check: opens what lock made; a wrong code returns 0, out untouched",
  },
  {
    name: "health",
    arguments: [word("state16"), word("samples"), int("length")],
    does:
      "SP 800-90B 4.4 over 8-bit samples: repetition count (cutoff 6) and adaptive proportion " +
      "(window 512, cutoff 62), for H = 4 bits a sample and alpha = 2^-20. `state` is four 32-bit " +
      "words, little-endian as the processor has them: last sample + 1 (0 = none yet), its run " +
      "length, the window's first sample | samples seen in the window << 16, its count; all zero " +
      "at the start and carried from call to call. 0 = a test failed; state is still updated",
  },
  {
    name: "crc",
    gives: "number",
    arguments: [bytes("data"), int("length")],
    does: "CRC-32 (IEEE 802.3); time depends on `length` only",
  },
  {
    name: "unframe",
    gives: "number",
    arguments: [bytes("line"), int("length"), int("text")],
    does:
      "takes the frame of docs/protocol.md 9 out of its line in place: base64 (RFC 4648 4, the one " +
      "form; a CR may stand behind), or with text = 0 the bytes themselves; checks their CRC-32. How " +
      "many come before it, 0 = no good frame, then the line is zeroed. Public data: variable time",
  },
  {
    name: "enframe",
    gives: "number",
    arguments: [bytes("out"), bytes("data"), int("length"), int("text")],
    does:
      "writes the CRC-32 behind the data, high byte first, and their base64 and LF to out, or with " +
      "text = 0 no more. How many characters, or bytes. out may lie before data, by a third of the " +
      "length and 4 at least. Public data: variable time",
  },
  {
    name: "take",
    gives: "number",
    arguments: [word("session116"), bytes("header4"), word("data"), int("length")],
    does:
      "a command of the channel: session is the host's direction (key32 || nonce12 || header4), the " +
      "card's, and the last header4 || tag16. Opens `length` bytes, tag included (at least 16), with " +
      "the header as aad, notes header and tag, counts: 1; 0 = no good seal. 2 = header and tag are " +
      "those of the last: nothing was touched. After a 0 the session is over",
  },
  {
    name: "give",
    arguments: [word("session116"), word("data"), int("length")],
    does: "the answer to it: seals in place as `seal` does, with the same header, and counts",
  },
  {
    name: "list",
    card: "callList",
    arguments: [bytes("calls"), bytes("origin"), int("x")],
    does:
      "makes calls of other entries, each a byte (entry's number + 32 x (arguments - 1), + 128 where a 0 " +
      "ends the list with 0) and two bytes an argument, low one first: 14 bits of number, + 2^15 where " +
      "origin is added, + 2^14 where x is. Entry 0 stores its second argument's byte at its first. A 0 " +
      "ends the list with 1",
  },
] as const satisfies readonly KernelEntry[];

export type KernelEntryName = (typeof KERNEL_ENTRIES)[number]["name"];

/** The number of an entry = its place in the list. */
export function entryNumber(name: KernelEntryName): number {
  return KERNEL_ENTRIES.findIndex((entry) => entry.name === name);
}
