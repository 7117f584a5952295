/** In place of flash/file.ts: a browser keeps no flash in files. */

import type { NorState } from "../flash/state.js";

export class NorFile {
  constructor(path: string) {
    throw new RangeError(`${path}: a browser keeps no flash in files`);
  }
  load(): NorState | undefined {
    return undefined;
  }
  save(): void {}
  close(): void {}
}
