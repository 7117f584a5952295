/**
 * Puts the kernel together: jump table, entries, routines, constants.
 *
 * Order matters only for reach: a constant must be within 4095 bytes of the code that names it.
 */

import { KERNEL_ENTRIES } from "../abi.js";
import type { Image } from "../asm/program.js";
import { aead } from "./aead/aead.js";
import { chacha } from "./aead/chacha.js";
import { chain } from "./numbers/chain.js";
import { constants } from "./curve/constants.js";
import { derive } from "./curve/derive.js";
import { curveEntries } from "./curve/ec.js";
import { field } from "./numbers/field.js";
import { Code } from "./frame.js";
import { hash } from "./hash/hash.js";
import { hash512 } from "./hash/hash512.js";
import { hashConstants } from "./hash/constants.js";
import { inverse } from "./numbers/inverse.js";
import { link } from "./link.js";
import { list } from "./list.js";
import { mac } from "./hash/mac.js";
import { health } from "./health.js";
import { memory } from "./memory.js";
import { multiplication } from "./curve/multiply.js";
import { numbers } from "./numbers/numbers.js";
import { point } from "./curve/point.js";
import { poly1305 } from "./aead/poly1305.js";
import { multiply } from "./numbers/product.js";
import { recoding } from "./numbers/recode.js";
import { scalar } from "./numbers/scalar.js";
import { sign } from "./curve/sign.js";
import { square } from "./numbers/square.js";
import { tables } from "./curve/tables.js";

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
