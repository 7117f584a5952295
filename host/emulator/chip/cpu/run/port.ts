/**
 * What generated code calls: memory beyond the quick way to RAM, faults, special registers. Every
 * function is told where it was called (address, plus ITSTATE x 2^32) and how many instructions of
 * its region ran before: a fault is then exact, and so is the time a peripheral sees.
 */

import type { Bus, Size } from "../../bus.js";
import { BusFault } from "../../bus.js";
import type { Dsp } from "../arithmetic/dsp.js";
import type { Exceptions, Scb } from "../exceptions/exceptions.js";
import { GuestFault, Status } from "../exceptions/faults.js";
import type { Float } from "../arithmetic/float.js";
import type { Special } from "../exceptions/special.js";
import { LEFT, MONITOR } from "../state.js";

const PRIVATE = 0xe0000000;
const DEVICES = 0x40000000;

/** Bit-band aliases: a word of the alias is a bit of the region (DDI 0403E, B3.1). */
function bitBand(at: number): { address: number; bit: number } | undefined {
  const region = at & 0xf0000000;
  if ((region !== 0x20000000 && region !== 0x40000000) || (at & 0x0e000000) !== 0x02000000) {
    return undefined;
  }
  return { address: (region >>> 0) + ((at & 0x1ffffff) >>> 5), bit: (at >>> 2) & 7 };
}

export interface PortParts {
  readonly R: Int32Array;
  readonly bus: Bus;
  readonly special: Special;
  readonly exceptions: Exceptions;
  readonly float: Float;
  readonly dsp: Dsp;
  readonly scb: Scb;
  /** Told where the slow way is taken: the time must be exact from here on. */
  readonly reach: (count: number) => void;
}

/** Where the last slow access was made: for errors that end the run. */
export interface Place {
  place: number;
  count: number;
}

export type Scope = ReturnType<typeof port>;

const pcOf = (place: number): number => place % 2 ** 32;
const itOf = (place: number): number => Math.floor(place / 2 ** 32);

export function port(parts: PortParts, last: Place) {
  const { R, bus, special, exceptions, float, dsp, scb, reach } = parts;
  const view = (b: Uint8Array): DataView => new DataView(b.buffer, b.byteOffset, b.length);
  const flash = view(bus.flash);
  const flashSize = bus.flash.length;
  const W = new Int32Array(16 * 2);

  function faulted(status: number, place: number, count: number, address = 0): never {
    last.place = place;
    last.count = count;
    throw new GuestFault(status, pcOf(place), itOf(place), address);
  }

  function failed(error: unknown, place: number, count: number, address: number): never {
    if (!(error instanceof BusFault)) throw error;
    faulted(Status.precise | Status.addressValid, place, count, address);
  }

  /** Peripherals, memory at its edges, and everything that isn't there. */
  function read(at: number, size: Size, place: number, count: number): number {
    last.place = place;
    last.count = count;
    reach(count);
    try {
      if (at >= PRIVATE && !special.privileged) throw new BusFault(at, "unprivileged read");
      const band = bitBand(at);
      if (band) return (bus.read(band.address, 1) >>> band.bit) & 1;
      if (misaligned(at, size)) return unaligned(place, count);
      return bus.read(at, size);
    } catch (error) {
      return failed(error, place, count, at);
    }
  }

  /** Memory may be reached at any address unless CCR.UNALIGN_TRP says no; nothing else may. */
  function misaligned(at: number, size: Size): boolean {
    return (at & (size - 1)) !== 0 && (at >= DEVICES || (scb.ccr & 8) !== 0);
  }

  function unaligned(place: number, count: number): never {
    return faulted(Status.unaligned, place, count);
  }

  /** True if the run loop is wanted. */
  function write(at: number, value: number, size: Size, place: number, count: number): boolean {
    last.place = place;
    last.count = count;
    reach(count);
    try {
      if (at >= PRIVATE && !special.privileged) throw new BusFault(at, "unprivileged write");
      const band = bitBand(at);
      if (band) {
        const old = bus.read(band.address, 1);
        bus.write(band.address, (old & ~(1 << band.bit)) | ((value & 1) << band.bit), 1);
      } else if (misaligned(at, size)) {
        unaligned(place, count);
      } else {
        bus.write(at, value, size);
      }
    } catch (error) {
      failed(error, place, count, at);
    }
    return (R[LEFT] as number) <= 0;
  }

  const strict = (address: number, place: number, count: number): boolean =>
    (address & 3) !== 0 && unaligned(place, count);

  return {
    R,
    W,
    V: view(bus.ram),
    M: bus.ram,
    F: float,
    S: float.bits,
    D: dsp.three,
    DL: dsp.long,
    SA: dsp.saturate,
    SH: dsp.saturate16,
    L1(address: number, place: number, count: number): number {
      const at = address >>> 0;
      return at < flashSize ? flash.getUint8(at) : read(at, 1, place, count);
    },
    L2(address: number, place: number, count: number): number {
      const at = address >>> 0;
      return at <= flashSize - 2 && !misaligned(at, 2)
        ? flash.getUint16(at, true)
        : read(at, 2, place, count);
    },
    L4(address: number, place: number, count: number): number {
      const at = address >>> 0;
      return at <= flashSize - 4 && !misaligned(at, 4)
        ? flash.getInt32(at, true)
        : read(at, 4, place, count) | 0;
    },
    S1: (address: number, value: number, place: number, count: number): boolean =>
      write(address >>> 0, value & 0xff, 1, place, count),
    S2: (address: number, value: number, place: number, count: number): boolean =>
      write(address >>> 0, value & 0xffff, 2, place, count),
    S4: (address: number, value: number, place: number, count: number): boolean =>
      write(address >>> 0, value, 4, place, count),
    /** Words from the bus into W, or out of it. */
    LM(address: number, words: number, place: number, count: number): void {
      strict(address, place, count);
      for (let i = 0; i < words; i++) W[i] = read((address + 4 * i) >>> 0, 4, place, count);
    },
    SM(address: number, words: number, place: number, count: number): void {
      strict(address, place, count);
      for (let i = 0; i < words; i++) {
        write((address + 4 * i) >>> 0, W[i] as number, 4, place, count);
      }
    },
    LX(address: number, size: Size, place: number, count: number): number {
      if (address & (size - 1)) unaligned(place, count);
      const value = read(address >>> 0, size, place, count) | 0;
      R[MONITOR] = 1;
      return value;
    },
    SX(address: number, value: number, size: Size, place: number, count: number): number {
      // which of the two is looked at first is left open by the manual; QEMU does it like this
      if (!R[MONITOR]) return 1;
      if (address & (size - 1)) unaligned(place, count);
      write(address >>> 0, value, size, place, count);
      R[MONITOR] = 0;
      return 0;
    },
    J: (target: number, count: number): never =>
      faulted(Status.invalidState, (target & ~1) >>> 0, count),
    UD: (place: number, count: number): never => faulted(Status.undefinedInstruction, place, count),
    NC: (place: number, count: number): never => faulted(Status.noCoprocessor, place, count),
    FF: (place: number, count: number): never => faulted(Status.fetch, place, count),
    DZ(place: number, count: number): void {
      if (scb.ccr & 16) faulted(Status.divideByZero, place, count);
    },
    G(place: number, count: number): void {
      last.place = place;
      last.count = count;
      exceptions.readyFloat(pcOf(place), itOf(place));
    },
    MS: (which: number, value: number): void => special.write(which, value),
    MG: (which: number): number => special.read(which),
    CP: (disable: boolean, primask: boolean, faultmask: boolean): void =>
      special.change(disable, primask, faultmask),
  };
}
