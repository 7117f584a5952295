/**
 * The card's side of the native kernel (firmware/kernel/abi.ts says what each entry does): one
 * function an entry, taking offsets into the arena, returning 1 = ok or 0 = refused. The kernel is a
 * Storage file that runs in place from flash; its address is looked up at every boot, since
 * compaction may move it.
 */
import { Entry, Kernel } from "../wire/generated.js";
import { arenaAddress, nativeEntry, type Native } from "./board.js";

/** The arena's address: what every place is counted from. */
export let base = 0;
export let kernelIsThere = 0;
export let nCopy: Native;
let nZero: Native;
export let nEqual: Native;
export let nFilled: Native;
let nSha256: Native;
let nHmac: Native;
let nHkdf: Native;
let nSeal: Native;
let nOpen: Native;
let nPubkey: Native;
let nSign: Native;
let nVerify: Native;
let nEcdh: Native;
let nDecompress: Native;
let nCompress: Native;
let nLows: Native;
let nKeyok: Native;
let nDerive: Native;
let nLock: Native;
let nUnlock: Native;
let nHealth: Native;

/** Binds the entries to the kernel at `address` (0 = none). Returns 1 if it is there and speaks our ABI. */
export function kernelStart(address: number): number {
  base = arenaAddress();
  if (!address || !base || nativeEntry(address, Entry.version, 0)() !== Kernel.ABI) return 0;
  nCopy = nativeEntry(address, Entry.copy, 3);
  nZero = nativeEntry(address, Entry.zero, 2);
  nEqual = nativeEntry(address, Entry.equal, 3);
  nFilled = nativeEntry(address, Entry.filled, 3);
  nSha256 = nativeEntry(address, Entry.sha256, 3);
  nHmac = nativeEntry(address, Entry.hmac, 4);
  nHkdf = nativeEntry(address, Entry.hkdf, 4);
  nSeal = nativeEntry(address, Entry.seal, 4);
  nOpen = nativeEntry(address, Entry.open, 4);
  nPubkey = nativeEntry(address, Entry.pubkey, 2);
  nSign = nativeEntry(address, Entry.sign, 3);
  nVerify = nativeEntry(address, Entry.verify, 3);
  nEcdh = nativeEntry(address, Entry.ecdh, 3);
  nDecompress = nativeEntry(address, Entry.decompress, 2);
  nCompress = nativeEntry(address, Entry.compress, 2);
  nLows = nativeEntry(address, Entry.lows, 1);
  nKeyok = nativeEntry(address, Entry.keyok, 1);
  nDerive = nativeEntry(address, Entry.derive, 3);
  nLock = nativeEntry(address, Entry.lock, 4);
  nUnlock = nativeEntry(address, Entry.unlock, 4);
  nHealth = nativeEntry(address, Entry.health, 3);
  kernelIsThere = 1;
  return 1;
}
export function copy(out: number, data: number, length: number): number {
  return nCopy(base + out, base + data, length);
}
export function zero(out: number, length: number): number {
  return nZero(base + out, length);
}
export function equal(a: number, b: number, length: number): number {
  return nEqual(base + a, base + b, length);
}
export function filled(data: number, length: number, value: number): number {
  return nFilled(base + data, length, value);
}
export function sha256(out: number, data: number, length: number): number {
  return nSha256(base + out, base + data, length);
}
export function hmac(out: number, key: number, data: number, length: number): number {
  return nHmac(base + out, base + key, base + data, length);
}
export function hkdf(out: number, ikm: number, salt: number, info: number): number {
  return nHkdf(base + out, base + ikm, base + salt, base + info);
}
export function seal(block: number, data: number, length: number, aadLength: number): number {
  return nSeal(base + block, base + data, length, aadLength);
}
export function open(block: number, data: number, length: number, aadLength: number): number {
  return nOpen(base + block, base + data, length, aadLength);
}
export function pubkey(out: number, key: number): number {
  return nPubkey(base + out, base + key);
}
export function sign(out: number, digest: number, key: number): number {
  return nSign(base + out, base + digest, base + key);
}
export function verify(signature: number, digest: number, pub: number): number {
  return nVerify(base + signature, base + digest, base + pub);
}
export function ecdh(out: number, pub: number, key: number): number {
  return nEcdh(base + out, base + pub, base + key);
}
export function decompress(out: number, point: number): number {
  return nDecompress(base + out, base + point);
}
export function compress(out: number, pub: number): number {
  return nCompress(base + out, base + pub);
}
export function lows(signature: number): number {
  return nLows(base + signature);
}
export function keyok(key: number): number {
  return nKeyok(base + key);
}
export function derive(out: number, node: number, index: number): number {
  return nDerive(base + out, base + node, index);
}
export function lock(out: number, node: number, stretched: number, info: number): number {
  return nLock(base + out, base + node, base + stretched, base + info);
}
export function unlock(out: number, wrapped: number, stretched: number, info: number): number {
  return nUnlock(base + out, base + wrapped, base + stretched, base + info);
}
export function health(state: number, samples: number, length: number): number {
  return nHealth(base + state, base + samples, length);
}
