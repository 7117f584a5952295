/**
 * Which exceptions are pending, enabled and active, their priorities, and which comes next
 * (DDI 0403E, B1.5.4 and B3.4). Exceptions by number: 16 + n is interrupt n.
 */

import type { Interrupts } from "../core.js";
import { Exception } from "./faults.js";

/** PRIMASK, FAULTMASK (0 or 1), BASEPRI (0 to 255). */
export interface Masks {
  primask: number;
  faultmask: number;
  basepri: number;
}

const THREAD = 256;

export class Nvic implements Interrupts {
  readonly count: number;
  readonly masks: Masks = { primask: 0, faultmask: 0, basepri: 0 };
  readonly enabled: Uint8Array;
  readonly pending: Uint8Array;
  readonly active: Uint8Array;
  readonly asserted: Uint8Array;
  /** As their registers hold them: 8 bits, lower ones not implemented. */
  readonly priorities: Uint8Array;
  /** AIRCR.PRIGROUP. */
  group = 0;
  /** Told when the answer of next() may have changed. */
  readonly #onChange: (pended: boolean) => void;
  readonly #bits: number;
  /** How many are pending, and how many active: most questions end here. */
  #waiting = 0;
  #nesting = 0;

  constructor(interrupts: number, bits: number, onChange: (pended: boolean) => void) {
    this.count = Exception.first + interrupts;
    this.enabled = new Uint8Array(this.count);
    this.pending = new Uint8Array(this.count);
    this.active = new Uint8Array(this.count);
    this.asserted = new Uint8Array(this.count);
    this.priorities = new Uint8Array(this.count);
    this.#bits = bits;
    this.#onChange = onChange;
    this.reset();
  }

  reset(): void {
    for (const list of [this.enabled, this.pending, this.active, this.priorities]) list.fill(0);
    for (const n of [2, 3, 11, 12, 14, 15]) this.enabled[n] = 1;
    Object.assign(this.masks, { primask: 0, faultmask: 0, basepri: 0 });
    this.group = 0;
    for (let n = Exception.first; n < this.count; n++) this.pending[n] = this.asserted[n] as number;
    this.#count();
  }

  /** The bits of a priority that are there. */
  get priorityMask(): number {
    return (0xff << (8 - this.#bits)) & 0xff;
  }

  pend(exception: number, on = true): void {
    if (!on) return this.#clear(exception);
    if (this.pending[exception]) return;
    this.pending[exception] = 1;
    this.#waiting++;
    this.#onChange(true);
  }

  #clear(exception: number): void {
    if (!this.pending[exception]) return;
    this.pending[exception] = 0;
    this.#waiting--;
  }

  /** After the lists were written as a whole. */
  #count(): void {
    this.#waiting = this.pending.filter((each) => each).length;
    this.#nesting = this.active.filter((each) => each).length;
  }

  setPriorityOf(exception: number, value: number): void {
    this.priorities[exception] = value & this.priorityMask;
    this.#onChange(false);
  }

  setMasks(masks: Partial<Masks>): void {
    Object.assign(this.masks, masks);
    this.#onChange(false);
  }

  /** As Interrupts: numbers from 0. */
  setPending(irq: number): void {
    this.pend(this.#exception(irq));
  }

  clearPending(irq: number): void {
    const exception = this.#exception(irq);
    if (!this.asserted[exception] || this.active[exception]) this.#clear(exception);
  }

  isPending(irq: number): boolean {
    return this.pending[this.#exception(irq)] === 1;
  }

  level(irq: number, asserted: boolean): void {
    const exception = this.#exception(irq);
    this.asserted[exception] = asserted ? 1 : 0;
    if (asserted && !this.active[exception]) this.pend(exception);
  }

  enable(irq: number, enabled: boolean): void {
    this.enabled[this.#exception(irq)] = enabled ? 1 : 0;
    if (enabled) this.#onChange(false);
  }

  isEnabled(irq: number): boolean {
    return this.enabled[this.#exception(irq)] === 1;
  }

  setPriority(irq: number, priority: number): void {
    this.setPriorityOf(this.#exception(irq), priority << (8 - this.#bits));
  }

  priority(irq: number): number {
    return (this.priorities[this.#exception(irq)] as number) >>> (8 - this.#bits);
  }

  isActive(irq: number): boolean {
    return this.active[this.#exception(irq)] === 1;
  }

  #exception(irq: number): number {
    const exception = irq + Exception.first;
    if (!(irq >= 0 && exception < this.count)) throw new RangeError(`no interrupt ${irq}`);
    return exception;
  }

  /** -2 for NMI, -1 for HardFault, else the register. */
  priorityOf(exception: number): number {
    if (exception === Exception.nmi) return -2;
    if (exception === Exception.hardFault) return -1;
    return this.priorities[exception] as number;
  }

  /** The part of a priority that decides preemption. */
  grouped(priority: number): number {
    return priority < 0 ? priority : priority & ~((2 << this.group) - 1);
  }

  /** Of what executes now, masks counted (B1.5.4). */
  executionPriority(masks: Masks = this.masks): number {
    let highest = THREAD;
    for (let n = 2, left = this.#nesting; left > 0 && n < this.count; n++) {
      if (this.active[n]) left--;
      if (this.active[n]) highest = Math.min(highest, this.grouped(this.priorityOf(n)));
    }
    if (masks.basepri) highest = Math.min(highest, this.grouped(masks.basepri));
    if (masks.primask) highest = Math.min(highest, 0);
    if (masks.faultmask) highest = Math.min(highest, -1);
    return highest;
  }

  /** The pending exception of the highest priority, 0 without any. */
  best(): number {
    let found = 0;
    if (this.#waiting === 0) return 0;
    for (let n = 2; n < this.count; n++) {
      if (!this.pending[n] || !this.enabled[n]) continue;
      if (!found || this.priorityOf(n) < this.priorityOf(found)) found = n;
    }
    return found;
  }

  /** The exception to take now, 0 if none. */
  next(): number {
    const found = this.best();
    const urgent = found && this.grouped(this.priorityOf(found)) < this.executionPriority();
    return urgent ? found : 0;
  }

  /** True if WFI would wake: as next(), but PRIMASK does not hold it back. */
  wakes(): boolean {
    const found = this.best();
    if (!found) return false;
    const masks = { ...this.masks, primask: 0 };
    return this.grouped(this.priorityOf(found)) < this.executionPriority(masks);
  }

  activate(exception: number): void {
    if (!this.active[exception]) this.#nesting++;
    this.active[exception] = 1;
    this.#clear(exception);
  }

  /** Pending again if its line is still up. */
  deactivate(exception: number): void {
    if (this.active[exception]) this.#nesting--;
    this.active[exception] = 0;
    if (this.asserted[exception]) this.pend(exception);
  }

  /** How many are active. */
  get nesting(): number {
    return this.#nesting;
  }

  snapshot(): Record<string, number[] | number | Masks> {
    const { enabled, pending, active, asserted, priorities } = this;
    const lists = { enabled, pending, active, asserted, priorities };
    const copies = Object.entries(lists).map(([name, list]) => [name, [...list]]);
    return { ...Object.fromEntries(copies), group: this.group, masks: { ...this.masks } };
  }

  restore(state: ReturnType<Nvic["snapshot"]>): void {
    for (const name of ["enabled", "pending", "active", "asserted", "priorities"] as const) {
      this[name].set(state[name] as number[]);
    }
    this.group = state["group"] as number;
    Object.assign(this.masks, state["masks"]);
    this.#count();
  }
}
