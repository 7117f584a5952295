/**
 * The special registers (DDI 0403E, B1.4): the mode, CONTROL and the two stack pointers, the masks
 * as MSR, MRS and CPS reach them. The stack pointer in use is r13; the other one rests here.
 */

import type { Nvic } from "./nvic.js";
import { FLOAT_READY, SP, apsr } from "../state.js";

export const N_PRIV = 1;
export const SP_SEL = 2;
export const FPCA = 4;

const MAIN = 8;
const PROCESS = 9;
const PRIMASK = 16;
const BASEPRI = 17;
const BASEPRI_MAX = 18;
const FAULTMASK = 19;
const CONTROL = 20;

export class Special {
  /** The exception that executes, 0 = thread mode. */
  ipsr = 0;
  control = 0;
  /** The stack pointer that is not in use. */
  other = 0;
  readonly #R: Int32Array;
  readonly #nvic: Nvic;

  constructor(R: Int32Array, nvic: Nvic) {
    this.#R = R;
    this.#nvic = nvic;
  }

  reset(): void {
    this.ipsr = this.control = this.other = 0;
  }

  get usesProcessStack(): boolean {
    return (this.control & SP_SEL) !== 0;
  }

  get privileged(): boolean {
    return this.ipsr !== 0 || !(this.control & N_PRIV);
  }

  /** Chooses the stack: CONTROL.SPSEL, always 0 in handler mode. */
  useProcessStack(process: boolean): void {
    if (process === this.usesProcessStack) return;
    const inUse = this.#R[SP] as number;
    this.#R[SP] = this.other;
    this.other = inUse;
    this.control ^= SP_SEL;
  }

  /** FPCA; the next floating-point instruction looks again. */
  setFloat(active: boolean): void {
    this.control = active ? this.control | FPCA : this.control & ~FPCA;
    this.#R[FLOAT_READY] = 0;
  }

  #stack(process: boolean): number {
    return process === this.usesProcessStack ? (this.#R[SP] as number) : this.other;
  }

  #setStack(process: boolean, value: number): void {
    if (process === this.usesProcessStack) this.#R[SP] = value & ~3;
    else this.other = value & ~3;
  }

  /** MRS; the flags are those of the state. */
  read(special: number): number {
    const { masks } = this.#nvic;
    if (special < 8) {
      return (special & 4 ? 0 : apsr(this.#R)) | (special & 1 ? this.ipsr : 0);
    }
    if (special !== CONTROL && !this.privileged) return 0;
    switch (special) {
      case MAIN:
      case PROCESS:
        return this.#stack(special === PROCESS);
      case PRIMASK:
        return masks.primask;
      case BASEPRI:
      case BASEPRI_MAX:
        return masks.basepri;
      case FAULTMASK:
        return masks.faultmask;
      case CONTROL:
        return this.control;
      default:
        return 0;
    }
  }

  /** MSR to anything but the flags. */
  write(special: number, value: number): void {
    if (!this.privileged) return;
    switch (special) {
      case MAIN:
      case PROCESS:
        this.#setStack(special === PROCESS, value);
        break;
      case PRIMASK:
        this.#nvic.setMasks({ primask: value & 1 });
        break;
      case BASEPRI:
        this.#nvic.setMasks({ basepri: value & this.#nvic.priorityMask });
        break;
      case BASEPRI_MAX:
        this.#raise(value & this.#nvic.priorityMask);
        break;
      case FAULTMASK:
        this.mask(false, (value & 1) !== 0);
        break;
      case CONTROL:
        this.#setControl(value);
        break;
    }
  }

  #raise(value: number): void {
    const { basepri } = this.#nvic.masks;
    if (value && (basepri === 0 || value < basepri)) this.#nvic.setMasks({ basepri: value });
  }

  #setControl(value: number): void {
    if (!this.ipsr) this.useProcessStack((value & SP_SEL) !== 0);
    this.setFloat((value & FPCA) !== 0);
    this.control = (this.control & ~N_PRIV) | (value & N_PRIV);
  }

  /** FAULTMASK can't be set where it would have no effect. */
  mask(primask: boolean, faultmask: boolean | undefined): void {
    if (primask) this.#nvic.setMasks({ primask: 1 });
    if (faultmask === undefined) return;
    const masked = this.#nvic.executionPriority() <= -1;
    if (!faultmask || !masked) this.#nvic.setMasks({ faultmask: faultmask ? 1 : 0 });
  }

  /** CPS. */
  change(disable: boolean, primask: boolean, faultmask: boolean): void {
    if (!this.privileged) return;
    if (primask) this.#nvic.setMasks({ primask: disable ? 1 : 0 });
    if (faultmask) this.mask(false, disable);
  }
}
