/**
 * What each entry of the kernel is measured with: calls that differ only in what is secret (or,
 * for entries that work on public data, in the data). The first argument that is an output is
 * `{ out: length }`. All cases of a workload have the same lengths, hence the same addresses.
 */

import { createHash } from "node:crypto";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import type { KernelEntryName } from "../../../firmware/kernel/abi.js";
import { standinKernel } from "../../emulator/kernel/oracle.js";
import { entryNumber } from "../../../firmware/kernel/abi.js";
import { Arena } from "./arena.js";
import { BAD_SCALARS, EDGE_SCALARS, be32 } from "./scalars.js";

export type Argument = Uint8Array | number | { readonly out: number };

export interface Workload {
  readonly entry: KernelEntryName;
  /** In a few words: sizes, what differs. */
  readonly about: string;
  /** The cases differ in secrets only: they must all have one trace. */
  readonly secret: boolean;
  readonly cases: readonly (readonly Argument[])[];
}

/** Bytes from nowhere in particular, the same every time. */
export function bytes(name: string, length: number): Uint8Array {
  const out = new Uint8Array(length);
  for (let at = 0; at < length; at += 32) {
    const block = createHash("sha256").update(`kincard bench ${name} ${at}`).digest();
    out.set(block.subarray(0, Math.min(32, length - at)), at);
  }
  return out;
}

const join = (...parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(Buffer.concat(parts));
const several = (name: string, length: number): Uint8Array[] =>
  Array.from({ length: 8 }, (_, i) => bytes(`${name} ${i}`, length));

/** At least 25: the edges and some that are nothing special. */
const KEYS = [...EDGE_SCALARS.map(be32), ...several("key", 32)];
const PUBLIC = secp256k1.Point.BASE.multiply(987654321n).toBytes(false).slice(1);
const DIGEST = bytes("digest", 32);
const LABEL = join(Uint8Array.of(16), Buffer.from("kincard/ktrans/1"));

function secret(
  entry: KernelEntryName,
  about: string,
  cases: readonly (readonly Argument[])[],
): Workload {
  return { entry, about, secret: true, cases };
}

function open(
  entry: KernelEntryName,
  about: string,
  cases: readonly (readonly Argument[])[],
): Workload {
  return { entry, about, secret: false, cases };
}

/** What the oracle returns for each case. */
export function expectedResults(workload: Workload): number[] {
  const arena = new Arena();
  const kernel = standinKernel(arena.memory);
  return workload.cases.map((args) => kernel.call(entryNumber(workload.entry), place(arena, args)));
}

/** What the oracle answers to one call: inputs for verify, open and unlock. */
function oracle(entry: KernelEntryName, args: readonly Argument[], read: number): Uint8Array {
  const arena = new Arena();
  const addresses = place(arena, args);
  standinKernel(arena.memory).call(entryNumber(entry), addresses);
  return arena.read(addresses[read] as number, (args[read] as { out: number }).out);
}

/** Puts the arguments of a call into a fresh arena. */
export function place(arena: Arena, args: readonly Argument[]): number[] {
  arena.fresh();
  return args.map((argument) => {
    if (typeof argument === "number") return argument;
    if (argument instanceof Uint8Array) return arena.put(argument);
    return arena.room(argument.out);
  });
}

function signature(digest: Uint8Array, key: Uint8Array): Argument[] {
  const sig = oracle("sign", [{ out: 65 }, digest, key], 0).slice(0, 64);
  return [sig, digest, oracle("pubkey", [{ out: 64 }, key], 0)];
}

const block = (key: Uint8Array): Uint8Array => join(key, bytes("nonce", 12), bytes("aad", 16));

function sealed(key: Uint8Array, text: Uint8Array): Uint8Array {
  const arena = new Arena();
  const args = place(arena, [block(key), join(text, new Uint8Array(16)), text.length, 16]);
  standinKernel(arena.memory).call(entryNumber("seal"), args);
  return arena.read(args[1] as number, text.length + 16);
}

/** A channel's session under keys from `d`, and a command in it. */
const HEADER = Uint8Array.of(0x84, 0x22, 0, 0);
const direction = (key: Uint8Array): Uint8Array => join(key, new Uint8Array(12), HEADER);
const session = (d: Uint8Array): Uint8Array =>
  join(direction(d.slice(0, 32)), direction(d.slice(32, 64)), new Uint8Array(20));
function commandOf(d: Uint8Array): Uint8Array {
  const arena = new Arena();
  const args = place(arena, [direction(d.slice(0, 32)), join(d, new Uint8Array(16)), 256, 4]);
  standinKernel(arena.memory).call(entryNumber("seal"), args);
  return arena.read(args[1] as number, 272);
}
/** The line of a frame, without LF. */
function line(d: Uint8Array): Uint8Array {
  const arena = new Arena();
  const args = place(arena, [{ out: 352 }, join(d, new Uint8Array(4)), 256, 1]);
  const length = standinKernel(arena.memory).call(entryNumber("enframe"), args);
  return arena.read(args[0] as number, length - 1);
}

function flipped(data: Uint8Array, bit: number): Uint8Array {
  const other = data.slice();
  other[bit >> 3] = (other[bit >> 3] as number) ^ (1 << (bit & 7));
  return other;
}

/** Tags wrong in one bit, in all places of the tag. */
function wrongTags(data: Uint8Array): Uint8Array[] {
  return Array.from({ length: 32 }, (_, i) => flipped(data, data.length * 8 - 1 - 4 * i));
}

function makeWorkloads(): Workload[] {
  const node = (key: Uint8Array): Uint8Array => join(key, bytes("chain code", 32));
  const wrapped = oracle("lock", [{ out: 80 }, bytes("node", 64), bytes("code", 32), LABEL], 0);
  const data256 = several("data", 256);
  const sealed256 = sealed(bytes("seal key", 32), bytes("text", 256));
  return [
    secret(
      "pubkey",
      "edge and other keys",
      KEYS.map((k) => [{ out: 64 }, k]),
    ),
    secret(
      "sign",
      "edge and other keys",
      KEYS.map((k) => [{ out: 65 }, DIGEST, k]),
    ),
    secret(
      "ecdh",
      "edge and other keys",
      KEYS.map((k) => [{ out: 32 }, PUBLIC, k]),
    ),
    open(
      "verify",
      "other signatures",
      several("signer", 32).map((k) => signature(bytes("d", 32), k)),
    ),
    secret(
      "keyok",
      "keys and non-keys",
      [...KEYS, ...BAD_SCALARS.map(be32)].map((k) => [k]),
    ),
    secret(
      "derive",
      "hardened",
      KEYS.map((k) => [{ out: 64 }, node(k), 2 ** 31]),
    ),
    secret(
      "derive",
      "not hardened",
      KEYS.map((k) => [{ out: 64 }, node(k), 7]),
    ),
    open(
      "decompress",
      "other points",
      several("x", 32).map((x) => [{ out: 64 }, join(Uint8Array.of(2), x)]),
    ),
    open("compress", "one point", [[{ out: 33 }, PUBLIC]]),
    open(
      "lows",
      "other signatures",
      several("sig", 64).map((s) => [s]),
    ),
    secret(
      "sha256",
      "256 bytes",
      data256.map((d) => [{ out: 32 }, d, 256]),
    ),
    secret(
      "sha512",
      "256 bytes",
      data256.map((d) => [{ out: 64 }, d, 256]),
    ),
    secret(
      "hmac",
      "256 bytes",
      data256.map((d) => [{ out: 32 }, d.slice(0, 32), d, 256]),
    ),
    secret(
      "hkdf",
      "label of 16",
      data256.map((d) => [{ out: 32 }, d.slice(0, 32), d.slice(32, 64), LABEL]),
    ),
    secret(
      "crc",
      "256 bytes",
      data256.map((d) => [d, 256]),
    ),
    open(
      "unframe",
      "lines of 256 bytes",
      data256.map((d) => [line(d), line(d).length, 1]),
    ),
    open(
      "enframe",
      "256 bytes",
      data256.map((d) => [{ out: 352 }, join(d, new Uint8Array(4)), 256, 1]),
    ),
    secret(
      "take",
      "256 bytes",
      data256.map((d) => [session(d), HEADER, commandOf(d), 272]),
    ),
    secret(
      "give",
      "256 bytes",
      data256.map((d) => [session(d), join(d, new Uint8Array(16)), 256]),
    ),
    secret(
      "seal",
      "256 bytes, aad of 16",
      data256.map((d) => [block(d.slice(0, 32)), join(d, new Uint8Array(16)), 256, 16]),
    ),
    secret(
      "open",
      "256 bytes, aad of 16",
      data256.map((d) => [block(d.slice(32, 64)), sealed(d.slice(32, 64), d), 256, 16]),
    ),
    secret(
      "open",
      "256 bytes, wrong tags",
      wrongTags(sealed256).map((d) => [block(bytes("seal key", 32)), d, 256, 16]),
    ),
    secret(
      "lock",
      "",
      data256.map((d) => [{ out: 80 }, d.slice(0, 64), d.slice(64, 96), LABEL]),
    ),
    secret(
      "unlock",
      "wrong codes",
      several("code", 32).map((c) => [{ out: 64 }, wrapped, c, LABEL]),
    ),
    secret(
      "unlock",
      "wrong tags",
      wrongTags(wrapped).map((w) => [{ out: 64 }, w, bytes("code", 32), LABEL]),
    ),
    open("unlock", "the right code", [[{ out: 64 }, wrapped, bytes("code", 32), LABEL]]),
    secret(
      "equal",
      "64 bytes, one bit other",
      Array.from({ length: 65 }, (_, i) => [
        bytes("a", 64),
        i < 64 ? flipped(bytes("a", 64), i * 8 + (i & 7)) : bytes("a", 64),
        64,
      ]),
    ),
    secret(
      "copy",
      "256 bytes",
      data256.map((d) => [{ out: 256 }, d, 256]),
    ),
    secret(
      "zero",
      "256 bytes",
      data256.map((d) => [d, 256]),
    ),
    open("filled", "256 bytes, all the value", [[new Uint8Array(256).fill(255), 256, 255]]),
    open(
      "health",
      "256 samples",
      data256.map((d) => [new Uint8Array(16), d, 256]),
    ),
    open("version", "", [[]]),
  ];
}

let made: Workload[] | undefined;
export function workloads(): readonly Workload[] {
  return (made ??= makeWorkloads());
}
