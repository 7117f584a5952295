/**
 * A scripted other side of a byte link: sees every line of the host and says what comes back.
 */

import {
  decodeFrame,
  encodeFrame,
  LineSplitter,
  type Frame,
} from "../../../host/sdk/links/line/line.js";
import type { Duplex } from "../../../host/sdk/links/link.js";
import { duplexPair } from "../../../host/sdk/links/line/pair.js";

/** `frame` is undefined for a line that is not a good frame. */
export type Script = (frame: Frame | undefined, count: number, far: Far) => void;

export class Far {
  readonly frames: (Frame | undefined)[] = [];
  readonly lines: string[] = [];
  constructor(private readonly duplex: Duplex) {}

  answer(seq: number, ...bytes: number[]): void {
    this.raw(encodeFrame({ seq, apdu: Uint8Array.from(bytes) }));
  }
  raw(bytes: Uint8Array | string): void {
    const data = typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes;
    void this.duplex.write(data);
  }
  close(): void {
    void this.duplex.close();
  }
}

/** Answers the sync by itself unless told otherwise; `script` gets every other line. */
export function scripted(script: Script, sync = true): { near: Duplex; far: Far } {
  const [near, ours] = duplexPair();
  const far = new Far(ours);
  const splitter = new LineSplitter();
  ours.onData((bytes) => {
    for (const line of splitter.push(bytes)) {
      if (line === "") continue;
      const frame = decodeFrame(line);
      if (sync && frame?.apdu.length === 0) {
        far.answer(frame.seq);
        continue;
      }
      far.frames.push(frame);
      far.lines.push(line);
      script(frame, far.frames.length, far);
    }
  });
  return { near, far };
}
