/**
 * ChaCha20-Poly1305 (RFC 8439, 2.8) and its entries: seal, open, lock, unlock (the access code).
 *
 * A tag is compared completely, in constant time, before a single byte is decrypted.
 */

import { lr, pc, r0, r1, r2, r3, r4, r5, r6, r7, r12, registers } from "../../asm/registers.js";
import { Aead, OUTER } from "./chacha.js";
import type { Code } from "../frame.js";
import { Hash, SHA256 } from "../hash/hash.js";
import { wholeLabel } from "../hash/mac.js";

/** "expand 32-byte k" */
const SIGMA = [0x61707865, 0x3320646e, 0x79622d32, 0x6b206574];

const TAG_BYTES = 16;

/** The block: 32-byte key, 12-byte nonce, then aad. */
const BLOCK_BYTES = 44;

function parts(a: Code): void {
  a.onFrame("aead_start", "STATE = constants, key and nonce at KEY, counter 0", OUTER, () => {
    a.load(r0, Aead.KEY);
    a.ldm(r0, registers(4, 11), true);
    a.ldm(r0, [r1, r2, r3]);
    a.at(r12, Aead.STATE + 16);
    a.stm(r12, registers(4, 11), true);
    a.movs(r0, 0);
    a.stm(r12, [r0, r1, r2, r3]);
    const words = [r4, r5, r6, r7];
    words.forEach((register, i) => a.constant(register, SIGMA[i] as number));
    a.at(r0, Aead.STATE);
    a.stm(r0, words);
    a.bx(lr);
  });
  a.onFrame("aead_tag", "TAG of aad and DATA", OUTER, () => {
    a.pushRegisters(lr);
    a.movs(r0, 0);
    a.store(r0, Aead.COUNTER);
    a.onSame("chacha_block");
    a.onSame("poly_start");
    a.load(r0, Aead.KEY);
    a.adds(r0, r0, BLOCK_BYTES);
    a.load(r1, Aead.AAD_LENGTH);
    a.onSame("poly_input");
    a.load(r0, Aead.DATA);
    a.load(r1, Aead.LENGTH);
    a.onSame("poly_input");
    a.comment("both lengths, 64 bits each");
    a.load(r0, Aead.AAD_LENGTH);
    a.load(r2, Aead.LENGTH);
    a.movs(r1, 0);
    a.movs(r3, 0);
    a.at(r4, Aead.BLOCK);
    a.stm(r4, [r0, r1, r2, r3]);
    a.at(r0, Aead.BLOCK);
    a.movs(r1, TAG_BYTES);
    a.onSame("poly_input");
    a.onSame("poly_end");
    a.popRegisters(pc);
  });
}

function wholes(a: Code): void {
  const tagPlace = (register: typeof r0) => {
    a.load(register, Aead.DATA);
    a.load(r3, Aead.LENGTH);
    a.adds(register, register, r3);
  };
  a.onFrame("aead_seal", "encrypts DATA, writes the tag behind it", 0, () => {
    a.pushRegisters(lr);
    a.onSame("aead_start");
    a.onSame("chacha_crypt");
    a.onSame("aead_tag");
    tagPlace(r0);
    a.at(r1, Aead.TAG);
    a.movs(r2, TAG_BYTES);
    a.bl("entry_copy");
    a.popRegisters(pc);
  });
  a.onFrame(
    "aead_open",
    "checks the tag, then decrypts DATA; r0 = 1, or 0 and untouched",
    0,
    () => {
      const end = a.local("end");
      a.pushRegisters(lr);
      a.onSame("aead_start");
      a.onSame("aead_tag");
      tagPlace(r0);
      a.at(r1, Aead.TAG);
      a.movs(r2, TAG_BYTES);
      a.bl("entry_equal");
      a.cbz(r0, end);
      a.onSame("chacha_crypt");
      a.movs(r0, 1);
      a.label(end);
      a.popRegisters(pc);
    },
  );
}

/** The frame of lock and unlock: AEAD's, then its block, a copy of the wrapped node, a hash. */
const LOCK_BLOCK = Aead.SIZE;
const WRAPPED = LOCK_BLOCK + BLOCK_BYTES;
const NODE_BYTES = 64;
const LOCK_FRAME = WRAPPED + NODE_BYTES + TAG_BYTES;
/** The hash is done before the AEAD starts. */
const CONTEXT = 0;

/** Kwrap = HMAC(stretched, info), nonce 0; DATA = WRAPPED, no aad. */
function wrappingKey(a: Code): void {
  a.at(r0, CONTEXT);
  a.argument(r1, 2);
  a.movs(r2, SHA256);
  a.bl("hmac_start");
  a.at(r0, CONTEXT);
  a.argument(r1, 3);
  wholeLabel(a);
  a.bl("hash_update");
  a.at(r0, CONTEXT);
  a.argument(r1, 2);
  a.at(r2, LOCK_BLOCK);
  a.bl("hmac_finish");
  a.movs(r0, 0);
  for (const at of [32, 36, 40]) a.store(r0, LOCK_BLOCK + at);
  a.store(r0, Aead.AAD_LENGTH);
  a.at(r0, LOCK_BLOCK);
  a.store(r0, Aead.KEY);
  a.at(r0, WRAPPED);
  a.store(r0, Aead.DATA);
  a.movs(r0, NODE_BYTES);
  a.store(r0, Aead.LENGTH);
}

export function aeadEntries(a: Code): void {
  const places = [Aead.KEY, Aead.DATA, Aead.LENGTH, Aead.AAD_LENGTH];
  for (const name of ["seal", "open"]) {
    a.entry(name, [r0, r1], Aead.SIZE, () => {
      if (Hash.SIZE > Aead.SIZE) throw new Error("frames overlap");
      a.comment("the four arguments as they are");
      const registers4 = [r0, r1, r2, r3];
      registers4.forEach((register, i) => a.argument(register, i));
      a.at(r12, places[0] as number);
      a.stm(r12, registers4);
      a.onSame(`aead_${name}`);
      if (name === "seal") a.movs(r0, 1);
    });
  }
  const copy = (toArgument: number | undefined, fromArgument: number | undefined, size: number) => {
    if (toArgument === undefined) a.at(r0, WRAPPED);
    else a.argument(r0, toArgument);
    if (fromArgument === undefined) a.at(r1, WRAPPED);
    else a.argument(r1, fromArgument);
    a.movs(r2, size);
    a.bl("entry_copy");
  };
  a.entry("lock", [r0, r1, r2, r3], LOCK_FRAME, () => {
    wrappingKey(a);
    copy(undefined, 1, NODE_BYTES);
    a.onSame("aead_seal");
    copy(0, undefined, NODE_BYTES + TAG_BYTES);
  });
  a.entry("unlock", [r0, r1, r2, r3], LOCK_FRAME, (out) => {
    wrappingKey(a);
    copy(undefined, 1, NODE_BYTES + TAG_BYTES);
    a.onSame("aead_open");
    a.cmp(r0, 0);
    a.bc("eq", out);
    copy(0, undefined, NODE_BYTES);
  });
}

/** A channel: two blocks whose aad is a header, then the last command's header and tag. */
const HEADER_BYTES = 4;
const NONCE_AT = 32;
const AAD_AT = 44;
const TO_HOST = BLOCK_BYTES + HEADER_BYTES;
const LAST = 2 * TO_HOST;

/** r4 = the session; KEY, DATA = r5, LENGTH = r6 for the direction at `block`. */
function channelPlaces(a: Code, block: number): void {
  a.add(r0, r4, block);
  a.store(r0, Aead.KEY);
  a.store(r5, Aead.DATA);
  a.store(r6, Aead.LENGTH);
  a.movs(r0, HEADER_BYTES);
  a.store(r0, Aead.AAD_LENGTH);
}
/** The direction's messages so far; r0 = 1. */
function count(a: Code, block: number): void {
  a.argument(r1, 0);
  a.ldr(r0, r1, block + NONCE_AT);
  a.adds(r0, r0, 1);
  a.str(r0, r1, block + NONCE_AT);
  a.movs(r0, 1);
}

function channelEntries(a: Code): void {
  a.entry("take", [r0, r2], Aead.SIZE, (out, refuse) => {
    const [fresh] = a.locals("fresh");
    a.argument(r4, 0);
    a.argument(r5, 2);
    a.argument(r6, 3);
    a.subs(r6, r6, TAG_BYTES);
    a.bc("cc", refuse);
    channelPlaces(a, 0);
    a.comment("r5 = the tag, r6 = 1 for the last header");
    a.add(r5, r5, r6);
    const compare = (at: number, size: number) => {
      a.add(r0, r4, at);
      a.movs(r2, size);
      a.bl("entry_equal");
    };
    a.argument(r1, 1);
    compare(LAST, HEADER_BYTES);
    a.mov(r6, r0);
    a.mov(r1, r5);
    compare(LAST + HEADER_BYTES, TAG_BYTES);
    a.ands(r0, r0, r6);
    a.bc("eq", fresh);
    a.movs(r0, 2);
    a.b(out);
    a.label(fresh);
    for (const at of [AAD_AT, TO_HOST + AAD_AT, LAST]) {
      a.add(r0, r4, at);
      a.argument(r1, 1);
      a.movs(r2, HEADER_BYTES);
      a.bl("entry_copy");
    }
    a.add(r0, r4, LAST + HEADER_BYTES);
    a.mov(r1, r5);
    a.movs(r2, TAG_BYTES);
    a.bl("entry_copy");
    a.onSame("aead_open");
    a.cmp(r0, 0);
    a.bc("eq", out);
    count(a, 0);
  });
  a.entry("give", [r0, r1], Aead.SIZE, () => {
    a.argument(r4, 0);
    a.argument(r5, 1);
    a.argument(r6, 2);
    channelPlaces(a, TO_HOST);
    a.onSame("aead_seal");
    count(a, TO_HOST);
  });
}

export function aead(a: Code): void {
  parts(a);
  wholes(a);
  aeadEntries(a);
  channelEntries(a);
}
