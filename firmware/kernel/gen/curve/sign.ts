/**
 * sign: ECDSA (SEC 1 v2, 4.1.3) with the nonce of RFC 6979, 3.2 (HMAC-SHA256), low-S (BIP 146) and
 * the recovery id (SEC 1 v2, 4.1.6: parity of y, and whether x was reduced mod n).
 *
 * The nonce and everything it was made from lives in the frame only. One path for every key and
 * digest, except when a candidate nonce is 0 or >= n (2^-128: never seen): it is then thrown away,
 * so that the time tells nothing about the one used. r = 0 or s = 0 (2^-256) is refused.
 */

import { lr, pc, r0, r1, r2, r3, LSL } from "../../asm/registers.js";
import { readScalar } from "./ec.js";
import type { Code } from "../frame.js";
import { Hash, SHA256 } from "../hash/hash.js";
import { INNER as INNER_PAD, OUTER as OUTER_PAD } from "../hash/mac.js";
import { A, BASE_FRAME, POWER, T, V1, V2, VG } from "./slots.js";

/** Under the point slots, before they are used: hash context, K, then V || separator || x || h. */
const CONTEXT = 0;
const K = Hash.SIZE;
const V = K + 32;
const SEPARATOR = V + 32;
const X = SEPARATOR + 1;
const H = X + 32;
/** HMAC's states behind the padded key, kept as long as K stays, and its inner digest. */
const INNER = V1;
const OUTER = V2;
const DIGEST_INNER = VG;
if (H + 32 > V1) throw new Error("sign: nonce generation overlaps the scalars");

/** Kept beside the shared frame. */
const KEY = BASE_FRAME;
const DIGEST = KEY + 32;
const NONCE = DIGEST + 32;
const SIGNATURE_R = NONCE + 32;
const RECOVERY = SIGNATURE_R + 32;
const FRAME = RECOVERY + 4;

function nonce(a: Code): void {
  a.onFrame("drbg_key", "INNER, OUTER = what HMAC's two hashes begin with for the key K", 4, () => {
    a.pushRegisters(lr);
    for (const [place, pad] of [
      [INNER, INNER_PAD],
      [OUTER, OUTER_PAD],
    ] as const) {
      a.at(r0, CONTEXT);
      a.at(r1, K);
      a.movs(r2, SHA256);
      a.constant(r3, pad);
      a.bl("hmac_pad");
      a.on("copy8", place, CONTEXT + Hash.STATE);
    }
    a.popRegisters(pc);
  });
  a.onFrame(
    "drbg_hash",
    "[r0] = hash of r2 bytes at [r1], from INNER or OUTER at [r3] on",
    16,
    () => {
      a.pushRegisters(r0, r1, r2, lr);
      a.at(r0, CONTEXT);
      a.mov(r1, r3);
      a.bl("copy8");
      a.movs(r1, SHA256);
      a.str(r1, r0, Hash.COUNT);
      a.popRegisters(r3);
      a.popRegisters(r1, r2);
      a.pushRegisters(r3);
      a.bl("hash_update");
      a.popRegisters(r1);
      a.at(r0, CONTEXT);
      a.bl("hash_final");
      a.popRegisters(pc);
    },
  );
  a.onFrame("drbg_mac", "[r0] = HMAC(K, r1 bytes from V on)", 4, () => {
    a.pushRegisters(r0, r1, lr);
    a.mov(r2, r1);
    a.at(r0, DIGEST_INNER);
    a.at(r1, V);
    a.at(r3, INNER);
    a.onSame("drbg_hash");
    a.popRegisters(r0, r1);
    a.at(r1, DIGEST_INNER);
    a.movs(r2, 32);
    a.at(r3, OUTER);
    a.pushRegisters(r2, r3);
    a.onSame("drbg_hash");
    a.popRegisters(r2, r3, pc);
  });
  const step = (to: number, length: number) => {
    a.at(r0, to);
    a.movs(r1, length);
    a.onSame("drbg_mac");
  };
  const separator = (value: number) => {
    a.movs(r0, value);
    a.at(r1, SEPARATOR);
    a.strb(r0, r1, 0);
  };
  a.onFrame("make_nonce", "NONCE from X and H (RFC 6979, 3.2 b to h)", 0, () => {
    const [again, found] = [a.local("again"), a.local("found")];
    a.pushRegisters(lr);
    a.constant(r1, 0x01010101);
    a.at(r0, V);
    for (let i = 0; i < 32; i += 4) a.str(r1, r0, i);
    a.movs(r1, 0);
    a.at(r0, K);
    for (let i = 0; i < 32; i += 4) a.str(r1, r0, i);
    a.onSame("drbg_key");
    for (const value of [0, 1]) {
      separator(value);
      step(K, 97);
      a.onSame("drbg_key");
      step(V, 32);
    }
    a.label(again);
    step(V, 32);
    a.on("sc_read", NONCE, V);
    a.cmp(r0, 0);
    a.bc("ne", found);
    separator(0);
    step(K, 33);
    a.onSame("drbg_key");
    step(V, 32);
    a.b(again);
    a.label(found);
    a.popRegisters(pc);
  });
}

export function sign(a: Code): void {
  nonce(a);
  a.entry("sign", [r0, r1, r2], FRAME, (_out, refuse) => {
    readScalar(a, KEY, 2, refuse);
    a.at(r0, DIGEST);
    a.argument(r1, 1);
    a.bl("swap8");
    a.on("mod_sub", DIGEST, DIGEST, "c_n", "c_n");
    a.comment("x and h as bytes; they lie at odd addresses");
    for (const [to, from] of [
      [X, KEY],
      [H, DIGEST],
    ] as const) {
      a.on("swap8", V, from);
      a.at(r0, to);
      a.at(r1, V);
      a.movs(r2, 32);
      a.bl("entry_copy");
    }
    a.onSame("make_nonce");
    a.comment("R = nonce * G; r = x mod n");
    a.on("copy8", VG, NONCE);
    a.onSame("multiply_base");
    a.onSame("point_affine");
    a.on("mod_sub", SIGNATURE_R, A[0], "c_n", "c_n");
    a.comment("recovery id: bit 0 = y odd, bit 1 = x was >= n");
    a.load(r1, A[1]);
    a.and(r1, r1, 1);
    a.adds(r0, r0, 1);
    a.orr(r1, r1, LSL(r0, 1));
    a.store(r1, RECOVERY);
    a.comment("s = (digest + r key) / nonce; as digest - (n - r key)");
    a.on("sc_mul", T[0], SIGNATURE_R, KEY);
    a.on("mod_sub", T[0], "c_n", T[0], "c_n");
    a.on("mod_sub", V1, DIGEST, T[0], "c_n");
    a.on("copy8", POWER, NONCE);
    a.on("inverse", POWER, "c_n");
    a.on("sc_mul", V1, V1, POWER);
    a.comment("low S: n - s when s > (n - 1) / 2, and the other y");
    a.on("mod_sub", V2, "c_half_n", V1, "c_n");
    a.load(r1, RECOVERY);
    a.and(r2, r0, 1);
    a.eors(r1, r1, r2);
    a.store(r1, RECOVERY);
    a.pushRegisters(r0);
    a.on("mod_sub", V2, "c_n", V1, "c_n");
    a.popRegisters(r2);
    a.at(r0, V1);
    a.at(r1, V2);
    a.bl("select8");
    for (const place of [SIGNATURE_R, V1]) {
      a.on("zero8", place);
      a.cmp(r0, 0);
      a.bc("ne", refuse);
    }
    a.argument(r0, 0);
    a.at(r1, SIGNATURE_R);
    a.bl("swap8");
    a.argument(r0, 0);
    a.adds(r0, r0, 32);
    a.at(r1, V1);
    a.bl("swap8");
    a.argument(r0, 0);
    a.load(r1, RECOVERY);
    a.strb(r1, r0, 64);
    a.movs(r0, 1);
  });
}
