/**
 * derive: BIP32 private child derivation (CKDpriv) with HMAC-SHA512, all of it in the kernel.
 *
 * Source: BIP 32, "Private parent key -> private child key". A child with IL >= n or key 0 is
 * refused, as the BIP says; the next index is the caller's business. Constant time in key and chain
 * code; whether the index is hardened is public.
 */

import { r0, r1, r2, r4 } from "../../asm/registers.js";
import { readScalar } from "./ec.js";
import type { Code } from "../frame.js";
import { Hash, SHA512 } from "../hash/hash.js";
import { A, BASE_FRAME, T, VG } from "./slots.js";

/** The hash context takes the point slots' place when those are done. */
const CONTEXT = 0;
if (Hash.SIZE > BASE_FRAME) throw new Error("derive: frame too small");

const KEY = BASE_FRAME;
/** 37 bytes of message, 32 of them in one piece at an odd address. */
const MESSAGE = KEY + 32;
const MESSAGE_BYTES = 37;
const I = MESSAGE + 40;
const FRAME = I + 64;

export function derive(a: Code): void {
  a.entry("derive", [r0, r1], FRAME, (_out, refuse) => {
    const [hardened, ready] = [a.local("hardened"), a.local("ready")];
    readScalar(a, KEY, 1, refuse);
    a.argument(r2, 2);
    a.cmp(r2, 0);
    a.bc("lt", hardened);
    a.comment("02 or 03, then x of the parent's public key");
    a.on("copy8", VG, KEY);
    a.onSame("multiply_base");
    a.onSame("point_affine");
    a.on("swap8", T[0], A[0]);
    a.load(r4, A[1]);
    a.and(r4, r4, 1);
    a.adds(r4, r4, 2);
    a.at(r1, T[0]);
    a.b(ready);
    a.label(hardened);
    a.comment("00, then the key");
    a.movs(r4, 0);
    a.argument(r1, 1);
    a.label(ready);
    a.at(r0, MESSAGE);
    a.strb(r4, r0, { post: 1 });
    a.movs(r2, 32);
    a.bl("entry_copy");
    a.argument(r2, 2);
    a.rev(r2, r2);
    a.at(r0, MESSAGE + 33);
    for (let i = 0; i < 4; i++) {
      a.strb(r2, r0, i);
      if (i < 3) a.lsrs(r2, r2, 8);
    }
    a.comment("I = HMAC-SHA512(chain code, message)");
    const chain = () => {
      a.argument(r1, 1);
      a.adds(r1, r1, 32);
    };
    a.at(r0, CONTEXT);
    chain();
    a.movs(r2, SHA512);
    a.bl("hmac_start");
    a.at(r0, CONTEXT);
    a.at(r1, MESSAGE);
    a.movs(r2, MESSAGE_BYTES);
    a.bl("hash_update");
    a.at(r0, CONTEXT);
    chain();
    a.at(r2, I);
    a.bl("hmac_finish");
    a.comment("child key = IL + key mod n = IL - (n - key)");
    a.on("swap8", VG, I);
    a.on("mod_sub", T[0], VG, "c_n", "c_n");
    a.cmp(r0, 0);
    a.bc("eq", refuse);
    a.on("mod_sub", T[0], "c_n", KEY, "c_n");
    a.on("mod_sub", VG, VG, T[0], "c_n");
    a.on("zero8", VG);
    a.cmp(r0, 0);
    a.bc("ne", refuse);
    a.argument(r0, 0);
    a.at(r1, VG);
    a.bl("swap8");
    a.argument(r0, 0);
    a.adds(r0, r0, 32);
    a.at(r1, I + 32);
    a.bl("copy8");
    a.movs(r0, 1);
  });
}
