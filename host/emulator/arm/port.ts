/**
 * Memory as generated code reaches it: loads and stores of 1, 2 and 4 bytes that trap where a
 * Cortex-M4 with UNALIGN_TRP set would fault, and on writes to read-only regions.
 */

import type { Memory, Region } from "./memory.js";
import { ThumbTrap } from "./trap.js";

interface Bank {
  readonly start: number;
  readonly length: number;
  readonly writable: boolean;
  readonly view: DataView;
}

function bank(region: Region): Bank {
  const { bytes, address, writable } = region;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return { start: address, length: bytes.length, writable, view };
}

export interface Port {
  readonly L1: (address: number, pc: number) => number;
  readonly L2: (address: number, pc: number) => number;
  readonly L4: (address: number, pc: number) => number;
  readonly S1: (address: number, value: number, pc: number) => void;
  readonly S2: (address: number, value: number, pc: number) => void;
  readonly S4: (address: number, value: number, pc: number) => void;
}

/** Regions added to `memory` later are seen; a removed one may still be. */
export function memoryPort(memory: Memory): Port {
  const banks: Bank[] = [];
  const known = new Set<Region>();

  function refresh(): boolean {
    const fresh = memory.regions.filter((region) => !known.has(region));
    for (const region of fresh) {
      known.add(region);
      banks.push(bank(region));
    }
    return fresh.length > 0;
  }

  function find(address: number, size: number, pc: number): Bank {
    const at = address >>> 0;
    for (const b of banks) {
      if (at >= b.start && at - b.start <= b.length - size) return b;
    }
    if (refresh()) return find(address, size, pc);
    throw new ThumbTrap("out of range", pc, at);
  }

  function readable(address: number, size: number, pc: number): Bank {
    if (address & (size - 1)) throw new ThumbTrap("unaligned", pc, address >>> 0);
    return find(address, size, pc);
  }

  function writable(address: number, size: number, pc: number): Bank {
    const b = readable(address, size, pc);
    if (!b.writable) throw new ThumbTrap("read-only", pc, address >>> 0);
    return b;
  }

  return {
    L1(address, pc) {
      const b = readable(address, 1, pc);
      return b.view.getUint8((address >>> 0) - b.start);
    },
    L2(address, pc) {
      const b = readable(address, 2, pc);
      return b.view.getUint16((address >>> 0) - b.start, true);
    },
    L4(address, pc) {
      const b = readable(address, 4, pc);
      return b.view.getInt32((address >>> 0) - b.start, true);
    },
    S1(address, value, pc) {
      const b = writable(address, 1, pc);
      b.view.setUint8((address >>> 0) - b.start, value);
    },
    S2(address, value, pc) {
      const b = writable(address, 2, pc);
      b.view.setUint16((address >>> 0) - b.start, value, true);
    },
    S4(address, value, pc) {
      const b = writable(address, 4, pc);
      b.view.setInt32((address >>> 0) - b.start, value, true);
    },
  };
}
