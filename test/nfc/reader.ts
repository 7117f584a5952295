/** A simulated NFC reader (host/emulator/air/reader.ts) at the cost that the bench checked in. */
import { Reader as Timed, type FrameCosts, type Tapped } from "../../host/emulator/air/reader.js";
import { frameCosts } from "../../host/tools/bench/virtual/costs.js";

export { DELAY_MOST_MS, tagOn } from "../../host/emulator/air/reader.js";
export { FAMILIES, Silence, type Family } from "../../host/emulator/air/tag.js";

export const COSTS: FrameCosts = frameCosts();

export interface ReaderOptions {
  readonly slow?: number;
  readonly overheadMs?: number;
  readonly onFrame?: (count: number, frame: Uint8Array, reader: Timed) => void;
}

export class Reader extends Timed {
  constructor(board: Tapped, options: ReaderOptions = {}) {
    super(board, { costs: COSTS, ...options });
  }
}
