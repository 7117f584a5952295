/**
 * Puts the kernel together: jump table, entries, routines, constants.
 *
 * Order matters only for reach: a constant must be within 4095 bytes of the code that names it.
 */

import { KERNEL_ENTRIES } from "../abi.js";
import type { Image } from "../asm/program.js";
import { aead } from "./aead.js";
import { chacha } from "./chacha.js";
import { chain } from "./chain.js";
import { constants } from "./constants.js";
import { derive } from "./derive.js";
import { curveEntries } from "./ec.js";
import { field } from "./field.js";
import { Code } from "./frame.js";
import { hash } from "./hash.js";
import { hash512 } from "./hash512.js";
import { hashConstants } from "./hash-constants.js";
import { inverse } from "./inverse.js";
import { link } from "./link.js";
import { list } from "./list.js";
import { mac } from "./mac.js";
import { health } from "./health.js";
import { memory } from "./memory.js";
import { multiplication } from "./multiply.js";
import { numbers } from "./numbers.js";
import { point } from "./point.js";
import { poly1305 } from "./poly1305.js";
import { multiply } from "./product.js";
import { recoding } from "./recode.js";
import { scalar } from "./scalar.js";
import { sign } from "./sign.js";
import { square } from "./square.js";
import { tables } from "./tables.js";

export function generate(): { image: Image; code: Code } {
  const a = new Code();
  a.label("kernel", "jump table: entry i at 4 * i");
  for (const { name } of KERNEL_ENTRIES) a.bWide(`entry_${name}`);
  a.ends();
  memory(a);
  list(a);
  hash(a);
  hash512(a);
  hashConstants(a);
  mac(a);
  chacha(a);
  poly1305(a);
  aead(a);
  link(a);
  health(a);
  square(a);
  multiply(a);
  field(a);
  numbers(a);
  scalar(a);
  recoding(a);
  inverse(a);
  chain(a);
  point(a);
  constants(a);
  tables(a);
  multiplication(a);
  curveEntries(a);
  sign(a);
  derive(a);
  for (const { name } of KERNEL_ENTRIES) {
    if (!a.has(`entry_${name}`)) throw new Error(`no code for the entry ${name}`);
  }
  a.checkFrames();
  return { image: a.assemble(), code: a };
}
