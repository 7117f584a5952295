/**
 * Multiplications, and instructions on bits and bytes. Source: ARM DDI 0403, A7.7. UMAAL is part of
 * the DSP extension (ARMv7E-M). All of them take one cycle on a Cortex-M4, whatever the operands.
 */

import { DataProcessing } from "./data-processing.js";
import { isLow, pc, sp, type Register } from "./registers.js";

export class Multiplication extends DataProcessing {
  mul(d: Register, n: Register, m: Register): void {
    const text = `mul ${d.name}, ${n.name}, ${m.name}`;
    this.code(text, 0xfb00 | n.index, 0xf000 | (d.index << 8) | m.index);
  }

  /** d = a + n * m */
  mla(d: Register, n: Register, m: Register, a: Register): void {
    const text = `mla ${d.name}, ${n.name}, ${m.name}, ${a.name}`;
    this.code(text, 0xfb00 | n.index, (a.index << 12) | (d.index << 8) | m.index);
  }

  /** d = a - n * m */
  mls(d: Register, n: Register, m: Register, a: Register): void {
    const text = `mls ${d.name}, ${n.name}, ${m.name}, ${a.name}`;
    this.code(text, 0xfb00 | n.index, (a.index << 12) | (d.index << 8) | 0x10 | m.index);
  }

  umull = (l: Register, h: Register, n: Register, m: Register) =>
    this.long("umull", 0xfba0, 0, l, h, n, m);
  umlal = (l: Register, h: Register, n: Register, m: Register) =>
    this.long("umlal", 0xfbe0, 0, l, h, n, m);
  smlal = (l: Register, h: Register, n: Register, m: Register) =>
    this.long("smlal", 0xfbc0, 0, l, h, n, m);
  /** h:l = n * m + l + h; never overflows. */
  umaal = (l: Register, h: Register, n: Register, m: Register) =>
    this.long("umaal", 0xfbe0, 0x60, l, h, n, m);

  private long(
    name: string,
    base: number,
    extra: number,
    l: Register,
    h: Register,
    n: Register,
    m: Register,
  ): void {
    const text = `${name} ${l.name}, ${h.name}, ${n.name}, ${m.name}`;
    if (l === h) this.fail(text, "both halves in one register");
    if ([l, h, n, m].some((r) => r === sp || r === pc)) this.fail(text, "no such operand");
    this.code(text, base | n.index, (l.index << 12) | (h.index << 8) | extra | m.index);
  }

  rev(d: Register, m: Register): void {
    const text = `rev ${d.name}, ${m.name}`;
    if (isLow(d) && isLow(m)) return this.code(text, 0xba00 | (m.index << 3) | d.index);
    this.code(text, 0xfa90 | m.index, 0xf080 | (d.index << 8) | m.index);
  }

  clz(d: Register, m: Register): void {
    this.code(`clz ${d.name}, ${m.name}`, 0xfab0 | m.index, 0xf080 | (d.index << 8) | m.index);
  }

  uxtb(d: Register, m: Register): void {
    const text = `uxtb ${d.name}, ${m.name}`;
    if (!isLow(d) || !isLow(m)) this.fail(text, "low registers only");
    this.code(text, 0xb2c0 | (m.index << 3) | d.index);
  }

  ubfx = (d: Register, n: Register, bit: number, width: number) =>
    this.field("ubfx", 0xf3c0, d, n, bit, width);
  sbfx = (d: Register, n: Register, bit: number, width: number) =>
    this.field("sbfx", 0xf340, d, n, bit, width);

  private field(
    name: string,
    base: number,
    d: Register,
    n: Register,
    bit: number,
    width: number,
  ): void {
    const text = `${name} ${d.name}, ${n.name}, #${bit}, #${width}`;
    if (bit < 0 || width < 1 || bit + width > 32) this.fail(text, "no such bits");
    const place = ((bit >> 2) << 12) | ((bit & 3) << 6);
    this.code(text, base | n.index, place | (d.index << 8) | (width - 1));
  }
}
