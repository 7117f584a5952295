/**
 * Loads and stores: single, double, multiple, stack, literals. Source: ARM DDI 0403, A7.7.
 */

import { targetText, type Target } from "./encoder.js";
import { placeImmediate } from "./immediate.js";
import { halfwords, type Context } from "./items.js";
import { Multiplication } from "./multiplication.js";
import { isLow, isRegister, listMask, listText, lr, pc, sp, type Register } from "./registers.js";

export class MemoryAccess extends Multiplication {
  ldr = (t: Register, n: Register, at: Target = 0) => this.access("ldr", t, n, at);
  str = (t: Register, n: Register, at: Target = 0) => this.access("str", t, n, at);
  ldrb = (t: Register, n: Register, at: Target = 0) => this.access("ldrb", t, n, at);
  strb = (t: Register, n: Register, at: Target = 0) => this.access("strb", t, n, at);
  ldrh = (t: Register, n: Register, at: Target = 0) => this.access("ldrh", t, n, at);

  private access(
    name: "ldr" | "str" | "ldrb" | "strb" | "ldrh",
    t: Register,
    n: Register,
    at: Target,
  ): void {
    const form = {
      ldr: { wide: 0xf850, imm5: 0x6800, reg: 0x5800, scale: 2, sp: 0x9800 },
      str: { wide: 0xf840, imm5: 0x6000, reg: 0x5000, scale: 2, sp: 0x9000 },
      ldrb: { wide: 0xf810, imm5: 0x7800, reg: 0x5c00, scale: 0, sp: undefined },
      strb: { wide: 0xf800, imm5: 0x7000, reg: 0x5400, scale: 0, sp: undefined },
      ldrh: { wide: 0xf830, imm5: 0x8800, reg: 0x5a00, scale: 1, sp: undefined },
    }[name];
    const text = `${name} ${t.name}, ${targetText(n, at)}`;
    if (t === sp || t === pc || n === pc) this.fail(text, "no such operand");
    if (typeof at === "object" && ("post" in at || "pre" in at)) {
      const [offset, post] = "post" in at ? [at.post, true] : [at.pre, false];
      if (Math.abs(offset) > 255) this.fail(text, `offset ${offset}`);
      if (n === sp) this.moveStack(-offset);
      const bits = 0x900 | (post ? 0 : 0x400) | (offset >= 0 ? 0x200 : 0) | Math.abs(offset);
      return this.code(text, form.wide | n.index, (t.index << 12) | bits);
    }
    if (typeof at === "object") {
      const { register, amount } = isRegister(at) ? { register: at, amount: 0 } : at;
      if (!isRegister(at) && (at.shift !== "lsl" || amount > 3)) this.fail(text, "bad index");
      if (amount === 0 && [t, n, register].every(isLow)) {
        return this.code(text, form.reg | (register.index << 6) | (n.index << 3) | t.index);
      }
      const low = (t.index << 12) | (amount << 4) | register.index;
      return this.code(text, form.wide | n.index, low);
    }
    if (!Number.isInteger(at) || at > 4095 || at < -255) this.fail(text, `offset ${at}`);
    if (at < 0) return this.code(text, form.wide | n.index, (t.index << 12) | 0xc00 | -at);
    const scaled = at >> form.scale;
    if (scaled << form.scale === at) {
      if (isLow(t) && n === sp && form.sp !== undefined && scaled < 256) {
        return this.code(text, form.sp | (t.index << 8) | scaled);
      }
      if (isLow(t) && isLow(n) && scaled < 32) {
        return this.code(text, form.imm5 | (scaled << 6) | (n.index << 3) | t.index);
      }
    }
    this.code(text, form.wide | 0x80 | n.index, (t.index << 12) | at);
  }

  ldrd = (t: Register, u: Register, n: Register, at = 0) => this.pair("ldrd", 0xe950, t, u, n, at);
  strd = (t: Register, u: Register, n: Register, at = 0) => this.pair("strd", 0xe940, t, u, n, at);

  private pair(name: string, base: number, t: Register, u: Register, n: Register, at: number) {
    const text = `${name} ${t.name}, ${u.name}, ${targetText(n, at)}`;
    if (at & 3 || Math.abs(at) > 1020) this.fail(text, `offset ${at}`);
    if (name === "ldrd" && t === u) this.fail(text, "same register twice");
    const up = at >= 0 ? 0x80 : 0;
    const low = (t.index << 12) | (u.index << 8) | (Math.abs(at) >> 2);
    this.code(text, base | up | n.index, low);
  }

  /** Load multiple, increment after; `writeback` moves the base. */
  ldm = (n: Register, list: readonly Register[], writeback = false) =>
    this.multiple("ldm", n, list, writeback);
  stm = (n: Register, list: readonly Register[], writeback = false) =>
    this.multiple("stm", n, list, writeback);

  private multiple(
    name: "ldm" | "stm",
    n: Register,
    list: readonly Register[],
    writeback: boolean,
  ): void {
    const text = `${name} ${n.name}${writeback ? "!" : ""}, ${listText(list)}`;
    const mask = listMask(list);
    if (list.length < 2) this.fail(text, "fewer than two registers");
    this.ascending(text, list);
    if (list.includes(sp) || list.includes(pc)) this.fail(text, "no such operand");
    if (writeback && list.includes(n)) this.fail(text, "base in the list");
    if (isLow(n) && list.every(isLow) && (writeback || (name === "ldm" && list.includes(n)))) {
      return this.code(text, (name === "ldm" ? 0xc800 : 0xc000) | (n.index << 8) | mask);
    }
    const base = (name === "ldm" ? 0xe890 : 0xe880) | (+writeback << 5) | n.index;
    this.code(text, base, mask);
  }

  pushRegisters(...list: Register[]): void {
    const text = `push ${listText(list)}`;
    this.ascending(text, list);
    this.moveStack(4 * list.length);
    const rest = list.filter((register) => register !== lr);
    const mask = listMask(rest);
    if (rest.every(isLow)) return this.code(text, 0xb400 | (+list.includes(lr) << 8) | mask);
    if (list.length < 2) this.fail(text, "one high register");
    this.code(text, 0xe92d, listMask(list));
  }

  popRegisters(...list: Register[]): void {
    const text = `pop ${listText(list)}`;
    this.ascending(text, list);
    const bytes = 4 * list.length;
    this.moveStack(-bytes);
    const rest = list.filter((register) => register !== pc);
    const exits = list.includes(pc);
    if (exits) this.checkExit(text);
    if (rest.every(isLow)) this.code(text, 0xbc00 | (+exits << 8) | listMask(rest));
    else if (list.length < 2) this.fail(text, "one high register");
    else this.code(text, 0xe8bd, listMask(list));
    if (!exits) return;
    this.moveStack(bytes); // what follows in the text was reached by a branch from before
    this.exitDepth = bytes;
  }

  /** The address of a label. */
  adr(d: Register, label: string): void {
    const offset = (context: Context) => context.resolve(label) - ((context.address + 4) & ~3);
    const text = () => `adr.w ${d.name}, ${label}`;
    this.push(4, text, (context) => {
      const distance = offset(context);
      if (Math.abs(distance) > 4095) this.fail(text(), `${distance} bytes away`);
      const [high, low] = placeImmediate(Math.abs(distance));
      return halfwords((distance < 0 ? 0xf2af : 0xf20f) | high, low | (d.index << 8));
    });
  }

  /** Loads the word at a label (plus an offset). */
  ldrLabel(t: Register, label: string, plus = 0): void {
    const text = () => `ldr.w ${t.name}, ${label}${plus ? `+${plus}` : ""}`;
    this.push(4, text, (context) => {
      const distance = context.resolve(label) + plus - ((context.address + 4) & ~3);
      if (Math.abs(distance) > 4095) this.fail(text(), `${distance} bytes away`);
      return halfwords(distance < 0 ? 0xf85f : 0xf8df, (t.index << 12) | Math.abs(distance));
    });
  }
}
