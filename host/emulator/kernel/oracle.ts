/**
 * Every entry of the kernel (firmware/kernel/abi.ts) done by @noble over a board's memory: the
 * oracle of the kernel's tests. It follows the same contract (alignment, refusals, outputs left
 * alone on refusal) so that both can be put to the same suite.
 *
 * Limits: not constant time, no stack, no cycles.
 */

import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { hkdf } from "@noble/hashes/hkdf.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256, sha512 } from "@noble/hashes/sha2.js";
import { KERNEL_ABI, KERNEL_ENTRIES } from "../../../firmware/kernel/abi.js";
import type { KernelEntryName } from "../../../firmware/kernel/abi.js";
import type { KernelRunner, Memory } from "../arm/memory.js";
import { concat, equal, toHex, uint32 } from "../../sdk/crypto/bytes.js";
import { crc32 } from "../../sdk/links/line/crc32.js";
import { eachOf } from "./list.js";
import { healthTest } from "./oracle-health.js";

const { Fn, Point } = { Fn: secp256k1.Point.Fn, Point: secp256k1.Point };
const RAW = { prehash: false, lowS: false, format: "compact" } as const;
const RECOVERED = { prehash: false, lowS: true, format: "recovered" } as const;

const number = (bytes: Uint8Array): bigint => BigInt(`0x${toHex(bytes)}`);
const join = concat;
const isScalar = (value: bigint): boolean => value >= 1n && value < Fn.ORDER;

/** 64 bytes x || y, or undefined for what SEC 1 3.2.2.1 refuses. */
function point(pub: Uint8Array): InstanceType<typeof Point> | undefined {
  try {
    const p = Point.fromBytes(join(Uint8Array.of(4), pub));
    p.assertValidity();
    return p;
  } catch {
    return undefined;
  }
}

/** BIP32 CKDpriv over key || chain code; undefined where BIP32 says "proceed with the next i". */
function childKey(node: Uint8Array, index: number): Uint8Array | undefined {
  const key = number(node.subarray(0, 32));
  if (!isScalar(key)) return undefined;
  const hardened = index >= 2 ** 31;
  const data = hardened
    ? join(Uint8Array.of(0), node.subarray(0, 32))
    : Point.BASE.multiply(key).toBytes(true);
  const ser32 = Uint8Array.of(index >>> 24, index >>> 16, index >>> 8, index);
  const mac = hmac(sha512, node.subarray(32), join(data, ser32));
  const left = number(mac.subarray(0, 32));
  const child = Fn.create(left + key);
  if (left >= Fn.ORDER || child === 0n) return undefined;
  return join(Fn.toBytes(child), mac.subarray(32));
}

type Entry = (memory: Memory, a: number, b: number, c: number, d: number) => number;

/** A label with its length byte, as `hkdf`, `lock` and `unlock` take it. */
function label(memory: Memory, address: number): Uint8Array {
  return memory.read(address, 1 + (memory.read(address, 1)[0] as number));
}

/** Writes what there is to write; nothing = refused. */
function answer(memory: Memory, address: number, bytes: Uint8Array | undefined): number {
  if (!bytes) return 0;
  memory.write(address, bytes);
  return 1;
}

function tryOpen(key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, sealed: Uint8Array) {
  try {
    return chacha20poly1305(key, nonce, aad).decrypt(sealed);
  } catch {
    return undefined;
  }
}

/** What the one base64 form of these bytes decodes to; nothing for any other line. */
function fromLine(line: string): Uint8Array {
  const text = line.endsWith("\r") ? line.slice(0, -1) : line;
  const bytes = Buffer.from(text, "base64");
  return bytes.toString("base64") === text ? new Uint8Array(bytes) : NO_AAD;
}

/** The three parts of a seal/open parameter block. */
function sealBlock(
  m: Memory,
  block: number,
  aadLength: number,
): [Uint8Array, Uint8Array, Uint8Array] {
  const bytes = m.read(block, 44 + aadLength);
  return [bytes.slice(0, 32), bytes.slice(32, 44), bytes.slice(44)];
}

const NONCE0 = new Uint8Array(12);
const NO_AAD = new Uint8Array(0);

const ENTRIES: Record<KernelEntryName, Entry> = {
  version: () => KERNEL_ABI,
  copy(m, out, data, length) {
    m.write(out, m.read(data, length));
    return 1;
  },
  zero(m, out, length) {
    m.write(out, new Uint8Array(length));
    return 1;
  },
  equal: (m, a, b, n) => Number(equal(m.read(a, n), m.read(b, n))),
  filled: (m, a, n, value) => Number(m.read(a, n).every((byte) => byte === value)),
  sha256: (m, out, data, length) => answer(m, out, sha256(m.read(data, length))),
  sha512: (m, out, data, length) => answer(m, out, sha512(m.read(data, length))),
  hmac: (m, out, key, data, length) =>
    answer(m, out, hmac(sha256, m.read(key, 32), m.read(data, length))),
  hkdf: (m, out, ikm, salt, info) =>
    answer(m, out, hkdf(sha256, m.read(ikm, 32), m.read(salt, 32), label(m, info), 32)),
  seal(m, block, data, length, aadLength) {
    const [key, nonce, aad] = sealBlock(m, block, aadLength);
    return answer(m, data, chacha20poly1305(key, nonce, aad).encrypt(m.read(data, length)));
  },
  open(m, block, data, length, aadLength) {
    const [key, nonce, aad] = sealBlock(m, block, aadLength);
    return answer(m, data, tryOpen(key, nonce, aad, m.read(data, length + 16)));
  },
  pubkey(m, out, key) {
    const k = number(m.read(key, 32));
    if (!isScalar(k)) return 0;
    return answer(m, out, Point.BASE.multiply(k).toBytes(false).slice(1));
  },
  sign(m, out, digest, key) {
    const secret = m.read(key, 32);
    if (!isScalar(number(secret))) return 0;
    const sig = secp256k1.sign(m.read(digest, 32), secret, RECOVERED);
    return answer(m, out, join(sig.slice(1), sig.slice(0, 1)));
  },
  verify(m, sig, digest, pub) {
    const p = point(m.read(pub, 64));
    const rs = m.read(sig, 64);
    if (!p || !isScalar(number(rs.slice(0, 32))) || !isScalar(number(rs.slice(32)))) return 0;
    return Number(secp256k1.verify(rs, m.read(digest, 32), p.toBytes(false), RAW));
  },
  ecdh(m, out, pub, key) {
    const p = point(m.read(pub, 64));
    const k = number(m.read(key, 32));
    if (!p || !isScalar(k)) return 0;
    return answer(m, out, p.multiply(k).toBytes(true).slice(1));
  },
  decompress(m, out, compressed) {
    try {
      return answer(m, out, Point.fromBytes(m.read(compressed, 33)).toBytes(false).slice(1));
    } catch {
      return 0;
    }
  },
  compress(m, out, pub) {
    const xy = m.read(pub, 64);
    return answer(m, out, join(Uint8Array.of(2 | ((xy[63] as number) & 1)), xy.slice(0, 32)));
  },
  lows(m, sig) {
    const rs = m.read(sig, 64);
    const s = number(rs.slice(32));
    return Number(isScalar(number(rs.slice(0, 32))) && s >= 1n && s <= (Fn.ORDER - 1n) / 2n);
  },
  keyok: (m, key) => Number(isScalar(number(m.read(key, 32)))),
  derive: (m, out, node, index) => answer(m, out, childKey(m.read(node, 64), index >>> 0)),
  lock(m, out, node, stretched, info) {
    const wrap = hmac(sha256, m.read(stretched, 32), label(m, info));
    return answer(m, out, chacha20poly1305(wrap, NONCE0).encrypt(m.read(node, 64)));
  },
  unlock(m, out, wrapped, stretched, info) {
    const wrap = hmac(sha256, m.read(stretched, 32), label(m, info));
    return answer(m, out, tryOpen(wrap, NONCE0, NO_AAD, m.read(wrapped, 80)));
  },
  crc: (m, data, length) => crc32(m.read(data, length)),
  unframe(m, line, length, text) {
    const came = m.read(line, length).slice();
    const frame = text ? fromLine(Buffer.from(came).toString("latin1")) : came;
    const body = frame.subarray(0, -4);
    const good = frame.length > 4 && equal(uint32(crc32(body)), frame.subarray(-4));
    m.write(line, good ? frame : new Uint8Array(length));
    return good ? body.length : 0;
  },
  enframe(m, out, data, length, text) {
    const body = m.read(data, length).slice();
    const frame = concat(body, uint32(crc32(body)));
    m.write(data, frame);
    if (!text) return frame.length;
    const line = Buffer.from(Buffer.from(frame).toString("base64") + "\n");
    m.write(out, new Uint8Array(line));
    return line.length;
  },
  take(m, session, header, data, length) {
    if (length < 16) return 0;
    const [head, tag] = [m.read(header, HEADER).slice(), m.read(data + length - 16, 16).slice()];
    if (equal(m.read(session + LAST, HEADER + 16), concat(head, tag))) return 2;
    for (const at of [TO_HOST - HEADER, LAST - HEADER, LAST]) m.write(session + at, head);
    m.write(session + LAST + HEADER, tag);
    const [key, nonce, aad] = sealBlock(m, session, HEADER);
    const text = tryOpen(key, nonce, aad, m.read(data, length));
    return answer(m, data, text) && counted(m, session);
  },
  give(m, session, data, length) {
    const [key, nonce, aad] = sealBlock(m, session + TO_HOST, HEADER);
    answer(m, data, chacha20poly1305(key, nonce, aad).encrypt(m.read(data, length)));
    return counted(m, session + TO_HOST);
  },
  list: (m, calls, origin, x) =>
    eachOf(m, [calls, origin, x], (entry, args) => standinKernel(m).call(entry, args)),
  health(m, state, samples, length) {
    const words = m.read(state, 16);
    const ok = healthTest(words, m.read(samples, length));
    m.write(state, words);
    return ok ? 1 : 0;
  },
};

/** Where the parts of a channel's session lie (`take`, `give`). */
const [TO_HOST, LAST, HEADER] = [48, 96, 4];
function counted(m: Memory, block: number): number {
  const words = new DataView(m.read(block + 32, 4).slice().buffer);
  words.setUint32(0, words.getUint32(0, true) + 1, true);
  m.write(block + 32, new Uint8Array(words.buffer));
  return 1;
}

/** Answers every entry over `memory`; an access outside it throws MemoryTrap. */
export function standinKernel(memory: Memory): KernelRunner {
  return {
    call(entry, args) {
      const described = KERNEL_ENTRIES[entry];
      if (!described) throw new RangeError(`no entry ${entry}`);
      const values = described.arguments.map((_, i) => (args[i] ?? 0) >>> 0);
      const unaligned = described.arguments.some(
        ([, kind], i) => kind === "word" && ((values[i] as number) & 3) !== 0,
      );
      if (unaligned) return 0;
      const [a = 0, b = 0, c = 0, d = 0] = values;
      return ENTRIES[described.name](memory, a, b, c, d);
    },
  };
}
