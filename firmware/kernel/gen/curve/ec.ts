/**
 * The elliptic-curve entries: pubkey, ecdh, verify, decompress, compress, lows, keyok.
 *
 * Sources: SEC 1 v2: 2.3.3, 2.3.4 (compression), 3.2.2 (public key validation; the cofactor is 1),
 * 3.3.1 (ECDH), 4.1.4 (ECDSA verification). signing: sign.ts.
 */

import { lr, pc, r0, r1, r2, r3 } from "../../asm/registers.js";
import type { Code } from "../frame.js";
import { fieldOperations } from "./point.js";
import { recodeComb } from "../numbers/recode.js";
import {
  A,
  BASE_FRAME,
  INFINITE,
  POWER,
  PUBLIC,
  PUBLIC_FRAME,
  SECRET,
  SIGN,
  SLOT,
  T,
  TABLE_FRAME,
  USES_TABLE,
  V1,
  VG,
} from "./slots.js";

/** A's table, then A times V1 (and VG * G). */
function multiplyPoint(a: Code, table: typeof SECRET | typeof PUBLIC): void {
  a.movs(r0, table);
  a.store(r0, USES_TABLE);
  a.onSame("make_table");
  a.onSame("multiply");
}

/** Argument `index`, a key, into a slot; refuses all but 1 .. n-1. */
export function readScalar(
  a: Code,
  place: number,
  index: number,
  refuse: string,
  offset = 0,
): void {
  a.at(r0, place);
  a.argument(r1, index);
  if (offset) a.adds(r1, r1, offset);
  a.bl("sc_read");
  a.cmp(r0, 0);
  a.bc("eq", refuse);
}

function readPoint(a: Code, index: number, refuse: string): void {
  a.argument(r1, index);
  a.onSame("point_read");
  a.bc("eq", refuse); // point_read ends in a flag-setting `and`
}

/** Writes A's affine x and, if wanted, y. */
function writePoint(a: Code, count: 1 | 2): void {
  for (let i = 0; i < count; i++) {
    a.argument(r0, 0);
    if (i) a.adds(r0, r0, 32);
    a.at(r1, A[i] as number);
    a.bl("swap8");
  }
}

export function curveEntries(a: Code): void {
  a.entry("pubkey", [r0, r1], BASE_FRAME, (_out, refuse) => {
    readScalar(a, VG, 1, refuse);
    a.onSame("multiply_base");
    a.onSame("point_affine");
    writePoint(a, 2);
    a.movs(r0, 1);
  });
  a.entry("ecdh", [r0, r1, r2], TABLE_FRAME, (_out, refuse) => {
    readScalar(a, V1, 2, refuse);
    readPoint(a, 1, refuse);
    a.onSame("recode_split");
    multiplyPoint(a, SECRET);
    a.onSame("point_affine");
    writePoint(a, 1);
    a.movs(r0, 1);
  });
  verify(a);
  small(a);
}

function verify(a: Code): void {
  const { mul, sub } = fieldOperations(a);
  // Beyond the shared frame: r as an integer.
  const KEPT_R = PUBLIC_FRAME;
  a.entry("verify", [r0, r1, r2], PUBLIC_FRAME + SLOT, (out, refuse) => {
    readScalar(a, KEPT_R, 0, refuse);
    readScalar(a, POWER, 0, refuse, 32);
    a.comment("w = 1 / s; u1 = digest w, u2 = r w");
    a.on("inverse", POWER, "c_n");
    a.at(r0, VG);
    a.argument(r1, 1);
    a.bl("swap8");
    a.on("mod_sub", VG, VG, "c_n", "c_n");
    a.on("sc_mul", VG, VG, POWER);
    a.on("sc_mul", V1, KEPT_R, POWER);
    readPoint(a, 2, refuse);
    recodeComb(a);
    a.onSame("recode_public");
    multiplyPoint(a, PUBLIC);
    a.comment("infinity is refused");
    const [X, , Z] = A;
    const [t0, t1, t2] = T;
    a.load(r0, INFINITE);
    a.cmp(r0, 0);
    a.bc("ne", refuse);
    a.comment("X / Z^2 = r, without a division: X = r Z^2");
    mul(Z, Z, Z);
    const compare = () => {
      mul(t0, KEPT_R, Z);
      sub(t0, t0, X);
      a.on("mod_sub", t0, t0, "c_p", "c_p");
      a.on("zero8", t0);
      a.ands(r0, r0, 1);
    };
    compare();
    a.bc("ne", out);
    a.comment("x may have been r + n, when that is below p: r < p - n");
    a.on("mod_sub", t1, "c_p", "c_n", "c_n");
    a.on("mod_sub", t2, KEPT_R, t1, "c_n");
    a.cmp(r0, 0);
    a.bc("eq", refuse);
    a.on("fe_add", KEPT_R, KEPT_R, "c_n");
    compare();
  });
}

function small(a: Code): void {
  a.entry("decompress", [r0, r1], BASE_FRAME, (_out, refuse) => {
    a.argument(r1, 1);
    a.ldrb(r2, r1, { post: 1 });
    a.comment("02 or 03");
    a.bic(r3, r2, 1);
    a.cmp(r3, 2);
    a.bc("ne", refuse);
    a.store(r2, SIGN);
    a.comment("x is at an odd address: byte by byte");
    a.at(r0, A[0]);
    a.movs(r2, 32);
    a.bl("entry_copy");
    a.on("swap8", A[0], A[0]);
    a.load(r1, SIGN);
    a.onSame("point_decompress");
    a.bc("eq", refuse);
    writePoint(a, 2);
    a.movs(r0, 1);
  });
  a.entry("keyok", [r0], 32, () => {
    a.at(r0, 0);
    a.argument(r1, 0);
    a.bl("sc_read");
    a.ands(r0, r0, 1);
  });
  a.entry("lows", [r0], 96, () => {
    a.at(r0, 0);
    a.argument(r1, 0);
    a.bl("sc_read");
    a.store(r0, 64);
    a.at(r0, 32);
    a.argument(r1, 0);
    a.adds(r1, r1, 32);
    a.bl("sc_read");
    a.store(r0, 68);
    a.on("mod_sub", 0, "c_half_n", 32, "c_n");
    a.comment("borrow: s > (n - 1) / 2");
    a.load(r1, 64);
    a.load(r2, 68);
    a.ands(r1, r1, r2);
    a.bic(r0, r1, r0);
    a.ands(r0, r0, 1);
  });
  a.routine("entry_compress", "the entry compress", () => {
    a.refuseUnaligned([r0, r1]);
    a.comment("a point is public: nothing to wipe");
    a.pushRegisters(lr);
    a.ldrb(r2, r1, 63);
    a.and(r2, r2, 1);
    a.adds(r2, r2, 2);
    a.strb(r2, r0, 0);
    a.adds(r0, r0, 1);
    a.movs(r2, 32);
    a.bl("entry_copy");
    a.movs(r0, 1);
    a.popRegisters(pc);
  });
}
