/**
 * Entry to and return from exceptions (DDI 0403E, B1.5.6 to B1.5.8), faults and their escalation,
 * floating-point state on the stack, lazily saved where FPCCR says so.
 */

import type { Bus } from "../../bus.js";
import { BusFault } from "../../bus.js";
import { Exception, GuestFault, Lockup, Status } from "./faults.js";
import type { Float } from "../arithmetic/float.js";
import type { Nvic } from "./nvic.js";
import { FPCA, SP_SEL } from "./special.js";
import type { Special } from "./special.js";
import { FLOAT_READY, IT, LR, MONITOR, PC, SP } from "../state.js";
import { apsr, packIt, setApsr, unpackIt } from "../state.js";

const BASIC = 0x20;
const EXTENDED = 0x68;
/** FPCCR's bits. */
const ASPEN = 0x80000000 | 0;
const LSPEN = 0x40000000;
const LSPACT = 1;
const ALIGNED = 1 << 9;
const THUMB = 1 << 24;
/** FPSCR's modes, which FPDSCR gives to a new context. */
/** The bits that FPSCR has. */
const FPSCR = 0xf7c0009f | 0;
const MODES = 0x07c00000;

/** The registers of the system control block that exceptions read and write. */
export interface Scb {
  vtor: number;
  cfsr: number;
  hfsr: number;
  bfar: number;
  /** SHCSR's enables of MemManage, BusFault and UsageFault. */
  handlers: number;
  ccr: number;
  cpacr: number;
  fpccr: number;
  fpcar: number;
  fpdscr: number;
}

export interface Parts {
  readonly R: Int32Array;
  readonly bus: Bus;
  readonly nvic: Nvic;
  readonly special: Special;
  readonly float: Float;
  readonly scb: Scb;
}

export class Exceptions {
  readonly #p: Parts;

  constructor(parts: Parts) {
    this.#p = parts;
  }

  /** A word of a frame; a fault on the way is noted and pended as the manual's "derived" one. */
  #store(address: number, value: number, status: number): void {
    try {
      this.#p.bus.write(address, value, 4);
    } catch (error) {
      if (!(error instanceof BusFault)) throw error;
      this.#derived(status);
    }
  }

  #load(address: number): number {
    try {
      return this.#p.bus.read(address, 4) | 0;
    } catch (error) {
      if (!(error instanceof BusFault)) throw error;
      this.#derived(Status.unstacking);
      return 0;
    }
  }

  #derived(status: number): void {
    const { nvic, scb, R } = this.#p;
    scb.cfsr |= status;
    const own = nvic.priorityOf(Exception.busFault) < nvic.executionPriority();
    if (scb.handlers & 2 && own) return nvic.pend(Exception.busFault);
    if (nvic.executionPriority() <= -1) throw new Lockup(R, "no stack for an exception's frame");
    scb.hfsr |= 1 << 30;
    nvic.pend(Exception.hardFault);
  }

  /** Stacks what the interrupted code needs, to go on at `address` under ITSTATE `it`. */
  enter(exception: number, address: number, it: number, thumb = THUMB): void {
    const { R, special, scb } = this.#p;
    const float = (special.control & FPCA) !== 0;
    const align = float || (scb.ccr & 0x200) !== 0;
    const sp = R[SP] as number;
    const frame = (sp - (float ? EXTENDED : BASIC)) & (align ? ~7 : ~3);
    const odd = align && sp & 4 ? ALIGNED : 0;
    const xpsr = apsr(R) | packIt(it) | thumb | odd | special.ipsr;
    const list = [R[0], R[1], R[2], R[3], R[12], R[LR], address, xpsr] as number[];
    list.forEach((value, i) => this.#store(frame + 4 * i, value, Status.stacking));
    if (float) this.#reserve(frame + BASIC);
    const from = special.ipsr ? 0x01 : special.control & SP_SEL ? 0x0d : 0x09;
    const lr = 0xfffffff0 | from;
    R[SP] = frame;
    this.#take(exception, (float ? lr & ~0x10 : lr) | 0);
  }

  #reserve(at: number): void {
    const { scb } = this.#p;
    scb.fpcar = at;
    if (scb.fpccr & LSPEN) scb.fpccr |= LSPACT;
    else this.#saveFloat(at, Status.stacking);
  }

  #saveFloat(at: number, status: number): void {
    const { float } = this.#p;
    for (let i = 0; i < 16; i++) this.#store(at + 4 * i, float.bits[i] as number, status);
    this.#store(at + 64, float.fpscr, status);
  }

  #take(exception: number, lr: number): void {
    const { R, nvic, special, scb } = this.#p;
    special.useProcessStack(false);
    special.setFloat(false);
    R[LR] = lr;
    R[MONITOR] = 0;
    R[IT] = 0;
    special.ipsr = exception;
    nvic.activate(exception);
    const vector = this.#load(scb.vtor + 4 * exception);
    R[PC] = vector & ~1;
    if (!(vector & 1)) this.fault(new GuestFault(Status.invalidState, vector & ~1));
  }

  /** A branch to EXC_RETURN in handler mode. */
  leave(value: number): void {
    const { nvic, special, scb } = this.#p;
    const kind = value & 15;
    const last = nvic.nesting === 1;
    const toThread = kind === 9 || kind === 13;
    const thread = toThread && (last || scb.ccr & 1);
    const legal = (value >>> 5 === 0x7ffffff && thread) || (kind === 1 && !last);
    if (!legal || !nvic.active[special.ipsr]) {
      nvic.deactivate(special.ipsr);
      return this.#refuse(value, Status.invalidReturn);
    }
    if (special.ipsr !== Exception.nmi) nvic.setMasks({ faultmask: 0 });
    nvic.deactivate(special.ipsr);
    const process = kind === 13;
    special.ipsr = toThread ? 0 : special.ipsr;
    const chained = nvic.next();
    if (chained) return this.#chain(chained, process, value);
    special.useProcessStack(process);
    this.#pop(value, toThread);
  }

  /** The next exception at once, on the frame that is there. */
  #chain(exception: number, process: boolean, lr: number): void {
    const { special } = this.#p;
    special.useProcessStack(process);
    this.#take(exception, lr);
  }

  /** A return that is none: a UsageFault on the frame that is there. */
  #refuse(value: number, status: number): void {
    const { R, scb, nvic } = this.#p;
    scb.cfsr |= status;
    const taken = this.#escalated(Exception.usageFault);
    R[LR] = value;
    if (!nvic.active[taken]) this.#take(taken, value);
  }

  #pop(value: number, toThread: boolean): void {
    const { R, special, scb } = this.#p;
    const frame = R[SP] as number;
    const float = !(value & 0x10);
    const word = (i: number): number => this.#load(frame + 4 * i);
    [0, 1, 2, 3].forEach((r) => (R[r] = word(r)));
    R[12] = word(4);
    R[LR] = word(5);
    R[PC] = word(6) & ~1;
    const xpsr = word(7);
    special.setFloat(float);
    if (float) this.#restoreFloat(frame + BASIC);
    const align = float || (scb.ccr & 0x200) !== 0;
    R[SP] = (frame + (float ? EXTENDED : BASIC)) | (align && xpsr & ALIGNED ? 4 : 0);
    setApsr(R, xpsr);
    R[IT] = unpackIt(xpsr);
    R[MONITOR] = 0;
    const ipsr = xpsr & 0x1ff;
    if ((ipsr === 0) !== toThread) return this.#refuse(value, Status.invalidReturn);
    special.ipsr = ipsr;
    if (!(xpsr & THUMB)) {
      this.fault(new GuestFault(Status.invalidState, R[PC] as number));
    }
  }

  #restoreFloat(at: number): void {
    const { scb, float } = this.#p;
    if (scb.fpccr & LSPACT) {
      scb.fpccr &= ~LSPACT;
      return;
    }
    for (let i = 0; i < 16; i++) float.bits[i] = this.#load(at + 4 * i);
    float.fpscr = this.#load(at + 64) & FPSCR;
  }

  /** The exception that a fault becomes; Lockup where none can be taken. */
  #escalated(exception: number): number {
    const { nvic, scb, R } = this.#p;
    const now = nvic.executionPriority();
    const bit = 1 << (exception - Exception.memManage);
    const usable = scb.handlers & bit || exception === Exception.svCall;
    if (usable && nvic.grouped(nvic.priorityOf(exception)) < now) return exception;
    if (now <= -1) throw new Lockup(R, `exception ${exception} inside a fault's handler`);
    scb.hfsr |= 1 << 30;
    return Exception.hardFault;
  }

  /** Takes a synchronous fault. */
  fault(fault: GuestFault): void {
    const { scb, R } = this.#p;
    scb.cfsr |= fault.status;
    if (fault.status & Status.addressValid) scb.bfar = fault.address;
    R[PC] = fault.pc;
    const thumb = fault.status & Status.invalidState ? 0 : THUMB;
    this.enter(this.#escalated(fault.exception), fault.pc, fault.it, thumb);
  }

  /** SVC without anybody to answer it: the call's own exception. */
  call(next: number, it: number): void {
    this.enter(this.#escalated(Exception.svCall), next, it);
  }

  /** BKPT without a debugger. */
  breakpoint(pc: number, it: number): void {
    const { scb, R, nvic } = this.#p;
    if (nvic.executionPriority() <= -1) throw new Lockup(R, "BKPT inside a fault's handler");
    scb.hfsr |= 0x80000000 | 0;
    this.enter(Exception.hardFault, pc, it);
  }

  /** Before a floating-point instruction (ExecuteFPCheck). */
  readyFloat(pc: number, it: number): void {
    const { R, scb, special, float } = this.#p;
    const access = (scb.cpacr >>> 20) & 15;
    if (access !== 15 && !(access === 5 && special.privileged)) {
      throw new GuestFault(Status.noCoprocessor, pc, it);
    }
    if (scb.fpccr & LSPACT) {
      this.#saveFloat(scb.fpcar, Status.lazy);
      scb.fpccr &= ~LSPACT;
    }
    if (!(special.control & FPCA) && scb.fpccr & ASPEN) {
      float.fpscr = (float.fpscr & ~MODES) | (scb.fpdscr & MODES);
      special.setFloat(true);
    }
    R[FLOAT_READY] = 1;
  }
}
