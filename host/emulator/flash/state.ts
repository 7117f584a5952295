/**
 * A flash's cells and what the chip remembers about them, as values. Browser-safe.
 */

export interface NorState {
  readonly cells: Uint8Array;
  /** Bit = 1: that cell's bit is weak. */
  readonly weak: Uint8Array;
  /** Word writes in each 512-byte block since its erase. */
  readonly blockWrites: Uint16Array;
  /** Writes of each word since its erase (kept for the chips that limit it). */
  readonly wordWrites: Uint8Array;
  readonly erases: Uint32Array;
}

export interface NorShape {
  readonly address: number;
  readonly size: number;
  readonly page: number;
  readonly chip: string;
}

export const PARTS = ["cells", "weak", "blockWrites", "wordWrites", "erases"] as const;

export function blank(shape: NorShape): NorState {
  return {
    cells: new Uint8Array(shape.size).fill(255),
    weak: new Uint8Array(shape.size),
    blockWrites: new Uint16Array(shape.size / 512),
    wordWrites: new Uint8Array(shape.size / 4),
    erases: new Uint32Array(shape.size / shape.page),
  };
}

export function copy(state: NorState): NorState {
  return {
    cells: state.cells.slice(),
    weak: state.weak.slice(),
    blockWrites: state.blockWrites.slice(),
    wordWrites: state.wordWrites.slice(),
    erases: state.erases.slice(),
  };
}

export function assign(to: NorState, from: NorState): void {
  for (const part of PARTS) {
    if (to[part].length !== from[part].length) throw new RangeError("flash: another shape");
    to[part].set(from[part] as never);
  }
}
